"""An address of keys may hold a secret: the log says what happened, not where."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from router.auth.jwks import KeySet, KeysUnavailable, from_url


@asynccontextmanager
async def answering(status: str) -> AsyncIterator[str]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


@pytest.mark.parametrize(
    "status", ["302 Found\r\nlocation: /there?key=s3cr3t", "404 Not Found", "500 Broken"]
)
async def test_an_address_that_answers_an_error_is_logged_without_the_address(
    status: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with answering(status) as url:
        keys = KeySet(from_url(f"{url}?key=s3cr3t"))
        with caplog.at_level(logging.INFO, logger=KeySet.__module__), pytest.raises(KeysUnavailable):
            await keys.find("one")
    told = "".join(record.getMessage() for record in caplog.records if record.name == KeySet.__module__)
    assert f"it was answered with status {status[:3]}" in told
    assert "s3cr3t" not in told

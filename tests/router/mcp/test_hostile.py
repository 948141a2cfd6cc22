"""What is no request of the protocol is refused with a reason, and nothing of ours is told or lost."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import httpx2 as httpx
import pytest
from mcp.shared.exceptions import MCPError

from router.config import MCPConfig
from tests.support.tools import ACCEPT, LIST, call_of, client, config, served

JSON = {**ACCEPT, "content-type": "application/json"}
MODERN = {**JSON, "mcp-protocol-version": "2026-07-28"}
BODIES = {
    "nothing": b"",
    "no JSON": b"{",
    "no UTF-8": b'{"jsonrpc": "2.0", "id": 1, "method": "\xff"}',
    "deep": b'{"jsonrpc":"2.0","id":1,"method":"tools/list","params":' + b"[" * 100_000,
    "a long number": b'{"jsonrpc":"2.0","id":' + b"9" * 10_000 + b',"method":"tools/list"}',
    "a batch": json.dumps([LIST, LIST]).encode(),
    "an answer": b'{"jsonrpc":"2.0","id":1,"result":{}}',
    "an unknown method": b'{"jsonrpc":"2.0","id":1,"method":"tools/steal","params":{}}',
    "params of another type": b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":7}}',
    "a cursor of somebody else": b'{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"-1"}}',
}


@pytest.mark.parametrize("headers", [JSON, MODERN], ids=["older", "modern"])
async def test_what_is_no_request_is_refused_and_the_next_is_answered(
    tmp_path: Path, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    async with served(config(tmp_path)) as (url, _), httpx.AsyncClient(timeout=30) as http:
        for what, body in BODIES.items():
            answer = await http.post(url, content=body, headers=headers)
            refused = answer.status_code >= 400 or "error" in answer.json() if answer.content else True
            assert refused, f"{what}: {answer.status_code} {answer.text[:200]}"
            assert answer.status_code < 500 or "error" in answer.json(), what
            assert "Traceback" not in answer.text, what
        async with client(url) as tools:
            assert not (await tools.call_tool("Me", {})).is_error
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({**ACCEPT, "content-type": "text/plain"}, 400),
        ({"accept": "text/html", "content-type": "application/json"}, 406),
        ({**JSON, "mcp-protocol-version": "1999-01-01"}, 400),
        ({**JSON, "content-encoding": "rot13"}, 415),
    ],
)
async def test_headers_that_do_not_fit_are_refused(
    tmp_path: Path, headers: dict[str, str], status: int
) -> None:
    async with served(config(tmp_path)) as (url, _), httpx.AsyncClient() as http:
        answer = await http.post(url, content=json.dumps(LIST), headers=headers)
    assert answer.status_code == status


async def test_a_packed_body_is_unpacked_and_a_bomb_is_not(tmp_path: Path) -> None:
    packed = {**JSON, "content-encoding": "gzip"}
    async with served(config(tmp_path)) as (url, _), httpx.AsyncClient() as http:
        fine = await http.post(url, content=gzip.compress(json.dumps(call_of("Me")).encode()), headers=packed)
        bomb = await http.post(url, content=gzip.compress(b" " * 20_000_000), headers=packed)
    assert (fine.status_code, bomb.status_code) == (200, 413)


async def test_more_listeners_than_allowed_are_refused(tmp_path: Path) -> None:
    settings = config(tmp_path, MCPConfig(enabled=True, callers="anyone", max_listeners=1))
    async with (
        served(settings) as (url, _),
        client(url) as one,
        client(url) as other,
        one.listen(tools_list_changed=True),
    ):
        with pytest.raises(MCPError, match="limit"):
            await other.listen(tools_list_changed=True).__aenter__()

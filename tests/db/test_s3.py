"""The S3 factory against a real SeaweedFS."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import httpx2 as httpx
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from db import s3 as s3_factory
from db.config import S3Location
from db.embedded import start_seaweedfs
from db.errors import StoreFull, StoreUnavailable
from db.objects import find_object, put_object
from db.s3 import FULL, S3Store, open_s3
from tests.support.gate import Gate, gate_to
from tests.support.recorded_calls import recorded_calls

pytestmark = pytest.mark.xdist_group("seaweedfs")


@pytest.fixture(scope="module")
def location() -> Iterator[S3Location]:
    with TemporaryDirectory(prefix="plait-s3-") as home, start_seaweedfs(Path(home)) as server:
        yield server.location


@pytest.fixture
async def s3(location: S3Location) -> AsyncIterator[S3Store]:
    async with open_s3(location) as store:
        await store.ensure_bucket("bucket")
        yield store


async def test_making_a_bucket_twice_is_making_it_once(s3: S3Store) -> None:
    await s3.ensure_bucket("bucket")


async def test_each_request_is_told_of_with_how_it_ended(s3: S3Store, location: S3Location) -> None:
    with recorded_calls() as told:
        await put_object(s3, "bucket", "watched", b"bytes", "text/plain")
        assert await find_object(s3, "bucket", "nothing") is None
        await s3.signed("get_object", "bucket", "watched", seconds=60)
        async with open_s3(replace(location, endpoint="http://127.0.0.1:1")) as away:
            with pytest.raises(StoreUnavailable):
                await away.ping()
    assert told[0] == ("s3", "PutObject", None)
    assert told[1][0] == "s3"
    assert told[1][2] == "status 404"
    assert told[2] == ("s3", "ListBuckets", "EndpointConnectionError")
    assert len(told) == 3, "a link is made without a request"


async def test_a_signed_link_reads_and_writes_one_object_and_no_other(s3: S3Store) -> None:
    put = await s3.signed("put_object", "bucket", "a", seconds=60)
    get = await s3.signed("get_object", "bucket", "a", seconds=60)
    async with httpx.AsyncClient(timeout=10) as browser:
        assert (await browser.put(put, content=b"bytes")).status_code == 200
        assert (await browser.get(get)).content == b"bytes"
        for refused in (get.replace("/bucket/a", "/bucket/b"), get.partition("?")[0]):
            assert (await browser.get(refused)).status_code == 403


async def test_links_for_browsers_name_the_public_address(location: S3Location) -> None:
    async with open_s3(replace(location, public_endpoint="https://media.plait.example")) as s3:
        link = await s3.signed("get_object", "bucket", "a", seconds=60)
    assert link.startswith("https://media.plait.example/bucket/a?")


async def test_what_is_not_there_is_the_stores_answer_not_its_absence(s3: S3Store) -> None:
    with pytest.raises(ClientError, match="NoSuchKey"):
        async with s3.use() as client:
            await client.get_object(Bucket="bucket", Key="nothing")


async def test_wrong_keys_are_refused(location: S3Location) -> None:
    async with open_s3(replace(location, secret_key="wrong")) as s3:
        with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
            await s3.ping()


async def test_a_store_that_is_away_is_unavailable() -> None:
    async with open_s3(S3Location("http://127.0.0.1:1", "a", "b")) as s3:
        with pytest.raises(StoreUnavailable, match=r"cannot reach S3 at http://127\.0\.0\.1:1"):
            await s3.ping()


@pytest.mark.parametrize("fault", [Gate.shut, Gate.hang], ids=["killed", "hangs"])
async def test_a_store_that_goes_and_comes_back_has_what_it_confirmed_under_the_same_client(
    location: S3Location, fault: Callable[[Gate], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3_factory, "CONFIG", s3_factory.CONFIG.merge(Config(read_timeout=1)))
    port = urlsplit(location.endpoint).port
    assert port is not None
    async with (
        gate_to(("127.0.0.1", port)) as gate,
        open_s3(replace(location, endpoint=f"http://127.0.0.1:{gate.port}")) as s3,
    ):
        await s3.ensure_bucket("faults")
        await put_object(s3, "faults", "confirmed", b"42", "text/plain")
        fault(gate)
        async with asyncio.timeout(15):
            with pytest.raises(StoreUnavailable):
                await put_object(s3, "faults", "not-confirmed", b"43", "text/plain")
        await gate.open()
        found = await find_object(s3, "faults", "confirmed")
        assert found is not None
        assert found.data == b"42"
        await put_object(s3, "faults", "not-confirmed", b"44", "text/plain")


@pytest.mark.parametrize("said", sorted(FULL))
async def test_a_full_store_says_so(said: str) -> None:
    body = f"<Error><Code>{said}</Code></Error>"

    async def full(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 507 Full\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
        writer.write((head + body).encode())
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(full, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with open_s3(S3Location(f"http://127.0.0.1:{port}", "a", "b")) as s3:
            with pytest.raises(StoreFull):
                await put_object(s3, "faults", "a", b"1", "text/plain")

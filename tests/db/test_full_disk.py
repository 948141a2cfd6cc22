"""The disk under the embedded stores is really full: each says so, and nothing that was confirmed is lost."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import text

from db.clients import Stores, open_clients
from db.config import StoreSettings
from db.errors import StoreFull, StoreUnavailable
from db.migrate import upgrade
from db.objects import find_object, put_object
from db.stores import open_stores
from subgraphs.kit.mail import FileMailer, Mail
from subgraphs.kit.telegram_bot import FileBot, Said
from tests.support.small_disk import filled, small_disk

USES = {"postgres", "redis", "s3"}
ADD = text(
    "INSERT INTO jobs (queue, payload) VALUES ('disk', jsonb_build_object('text', CAST(:text AS text)))"
)
KEPT = text("SELECT count(*) FROM jobs WHERE queue = 'disk'")
BYTES = 200_000
MOST = 400
BACK_SECONDS = 60
BUCKETS = ("profile-images", "post-images", "thumbnails")


@dataclass
class Writer:
    """Writes the same amount again and again, and counts what was confirmed."""

    write: Callable[[int], Awaitable[None]]
    confirmed: list[int] = field(default_factory=list)

    async def until_it_is_refused(self) -> str:
        for number in range(MOST):
            try:
                await self.write(number)
            except StoreUnavailable as error:
                return str(error)
            self.confirmed.append(number)
            await asyncio.sleep(0.01)  # Valkey notices with the next write of its file
        raise AssertionError("it has taken all of it")

    async def until_it_is_taken(self) -> None:
        async with asyncio.timeout(BACK_SECONDS):
            while True:
                try:
                    await self.write(MOST)
                except StoreUnavailable:
                    await asyncio.sleep(0.2)
                else:
                    return self.confirmed.append(MOST)


def writers(stores: Stores) -> dict[str, Writer]:
    async def row(_: int) -> None:
        async with stores.postgres.write() as session:
            await session.execute(ADD, {"text": os.urandom(BYTES // 2).hex()})

    async def value(number: int) -> None:
        async with stores.redis.use() as client:
            await client.set(f"plait:disk:{number}", os.urandom(BYTES))

    async def picture(number: int) -> None:
        await put_object(stores.s3, BUCKETS[0], str(number), os.urandom(BYTES), "image/webp")

    return {"postgres": Writer(row), "redis": Writer(value), "s3": Writer(picture)}


async def kept(stores: Stores, written: dict[str, Writer]) -> dict[str, int]:
    async with stores.postgres.read() as session:
        rows = int((await session.execute(KEPT)).scalar_one())
    async with stores.redis.use() as client:
        values = await client.exists(*(f"plait:disk:{n}" for n in written["redis"].confirmed))
    found = [await find_object(stores.s3, BUCKETS[0], str(n)) for n in written["s3"].confirmed]
    pictures = sum(one is not None and len(one.data) == BYTES for one in found)
    return {"postgres": rows, "redis": values, "s3": pictures}


async def test_nothing_that_was_confirmed_is_lost_and_all_stores_go_on_when_there_is_room() -> None:
    with small_disk(320) as disk:
        async with (
            open_stores(StoreSettings(disk), ["posts"], uses={"posts": USES}) as opened,
            open_clients(opened["posts"], USES) as stores,
        ):
            await upgrade(opened["posts"])
            for bucket in BUCKETS:  # each has room, however small the disk
                await stores.s3.ensure_bucket(bucket)
                await put_object(stores.s3, bucket, "first", b"x", "image/webp")
            written = writers(stores)
            with filled(disk, but_for=6_000_000):
                refused = {name: await writer.until_it_is_refused() for name, writer in written.items()}
            for writer in written.values():
                await writer.until_it_is_taken()
            assert await kept(stores, written) == {
                name: len(writer.confirmed) for name, writer in written.items()
            }
    assert "No space left on device" in refused["postgres"]
    assert "No space left on device" in refused["redis"]
    assert "cannot reach S3" in refused["s3"]  # it says no more than that it cannot write


LONG = "text " * 20_000
MAIL = Mail("ann@plait.example", "Hello", LONG, "verify-1")


@pytest.mark.parametrize(
    "send",
    [
        lambda outbox: FileMailer(outbox, "Plait <no-reply@plait.example>").send(MAIL),
        lambda outbox: FileBot(outbox).say(Said(101, LONG, "lesson-1")),
    ],
    ids=["a mail", "what a bot says"],
)
async def test_what_is_sent_is_written_whole_or_tried_again_and_leaves_nothing_on_a_full_disk(
    send: Callable[[Path], Awaitable[None]],
) -> None:
    with small_disk(1) as disk:
        outbox = disk / "outbox"
        with filled(disk, but_for=20_000):
            with pytest.raises(StoreFull, match="No space left on device"):
                await send(outbox)
            assert files(outbox) == []
        await send(outbox)
        (one,) = files(outbox)
        assert one.stat().st_size > len(LONG)


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir())

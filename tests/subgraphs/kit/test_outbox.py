"""Messages: nothing confirmed is lost and nothing is seen twice, whatever dies in between."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import pytest
from sqlalchemy import text

from db.errors import StoreUnavailable
from db.postgres import WriteSession
from db.redis import connect
from subgraphs.kit.outbox import Consumer, Message, Relay, add, consumer
from tests.support.kit import World

TOPIC = "users.account"


class Killed(BaseException):
    """Not an Exception: nothing in between may handle it, as nothing handles SIGKILL."""


def message(number: int, key: str = "ann") -> Message:
    return Message(TOPIC, key, "UserRenamed", {"number": number})


async def effect(session: WriteSession, heard: Message) -> None:
    await session.execute(
        text("INSERT INTO effects (what) VALUES (:what)"), {"what": str(heard.payload["number"])}
    )


def relay(world: World) -> Relay:
    return Relay("users", world.database, world.redis)


def listener(world: World, handle: consumer.Handler = effect) -> Consumer:
    return Consumer("posts.names", [TOPIC], handle, world.database, world.redis)


async def write(world: World, *messages: Message) -> None:
    async with world.database.write() as session:
        await add(session, *messages)


async def settle(relays: Relay, consumes: Consumer) -> None:
    """Until there is nothing left to do."""
    while await relays.step():
        pass
    for _ in range(3):
        while await consumes.step():
            pass


async def test_what_a_transaction_writes_arrives_once_and_in_order(world: World) -> None:
    for number in range(5):
        await write(world, message(number))
    await settle(relay(world), listener(world))
    assert await world.effects() == ["0", "1", "2", "3", "4"]


async def test_what_is_rolled_back_is_never_sent(world: World) -> None:
    async def fail() -> None:
        async with world.database.write() as session:
            await add(session, message(1))
            raise Killed

    with pytest.raises(Killed):
        await fail()
    await settle(relay(world), listener(world))
    assert await world.effects() == []


async def test_a_relay_killed_after_sending_sends_again_and_it_is_seen_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write(world, message(1), message(2))
    killed = relay(world)
    send = killed._send_batch

    async def die_after_sending(session: WriteSession) -> list[int]:
        await send(session)
        raise Killed

    monkeypatch.setattr(killed, "_send_batch", die_after_sending)
    with pytest.raises(Killed):
        await killed.step()
    async with world.redis.use() as client:
        assert await client.xlen(f"plait:stream:{TOPIC}") == 2
    await settle(relay(world), listener(world))
    async with world.redis.use() as client:
        assert await client.xlen(f"plait:stream:{TOPIC}") == 4
    assert await world.effects() == ["1", "2"]


@pytest.mark.parametrize("moment", ["before its writes", "after its writes", "before it acknowledges"])
async def test_a_consumer_killed_at_any_step_loses_nothing_and_repeats_nothing(
    world: World, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write(world, message(1), message(2))
    await relay(world).step()

    async def dying(session: WriteSession, heard: Message) -> None:
        if moment == "before its writes":
            raise Killed
        await effect(session, heard)
        if moment == "after its writes":
            raise Killed

    killed = listener(world, dying)
    if moment == "before it acknowledges":
        handle = killed._handle_one

        async def die_after_commit(fields: dict[bytes, bytes]) -> None:
            await handle(fields)
            raise Killed

        monkeypatch.setattr(killed, "_handle_one", die_after_commit)
    with pytest.raises(Killed):
        await killed.step()
    await settle(relay(world), listener(world))
    assert await world.effects() == ["1", "2"]


async def test_streams_that_redis_lost_are_sent_again_and_seen_once(world: World) -> None:
    await write(world, message(1))
    await settle(relay(world), listener(world))
    await write(world, message(2))
    await relay(world).step()
    async with world.redis.use() as client:
        await client.flushall()
    await settle(relay(world), listener(world))
    assert await world.effects() == ["1", "2"]


async def test_a_relay_whose_clock_is_weeks_ahead_throws_nothing_away(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = time.time
    await write(world, message(1))
    await relay(world).step()
    monkeypatch.setattr(time, "time", lambda: real() + 30 * 86400)
    await write(world, message(2))
    await relay(world).step()
    await settle(relay(world), listener(world))
    assert await world.effects() == ["1", "2"]


async def test_a_store_whose_clock_went_back_keeps_the_order_and_sends_nothing_twice(world: World) -> None:
    """What was sent then is published in the future now; what is written now is sent after it."""
    await write(world, message(1))
    await settle(relay(world), listener(world))
    await world.query("UPDATE outbox SET published_at = published_at + interval '1 hour'")
    await world.query("UPDATE inbox SET handled_at = handled_at + interval '1 hour'")
    await write(world, message(2), message(3))
    await settle(relay(world), listener(world))
    assert await world.effects() == ["1", "2", "3"]
    async with world.redis.use() as client:
        assert await client.xlen(f"plait:stream:{TOPIC}") == 3


async def test_two_relays_at_once_keep_the_order(world: World) -> None:
    await write(world, *(message(number) for number in range(500)))
    first, second = relay(world), relay(world)

    async def drain(one: Relay) -> None:
        for _ in range(10):
            await one.step()

    await asyncio.gather(drain(first), drain(second))
    await settle(first, listener(world))
    assert await world.effects() == [str(number) for number in range(500)]


async def test_of_two_transactions_about_one_entity_the_first_committed_is_sent_first(world: World) -> None:
    entered, go = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        async with world.database.write() as session:
            await add(session, message(1))
            entered.set()
            await go.wait()

    first = asyncio.create_task(slow())
    await entered.wait()
    second = asyncio.create_task(write(world, message(2)))
    await relay(world).step()
    go.set()
    await asyncio.gather(first, second)
    await settle(relay(world), listener(world))
    assert await world.effects() == ["1", "2"]


async def test_a_handler_that_fails_is_tried_again_and_then_put_aside(world: World) -> None:
    await write(world, message(1), message(2))
    await relay(world).step()

    async def picky(session: WriteSession, heard: Message) -> None:
        await effect(session, heard)
        if heard.payload["number"] == 1:
            raise ValueError("never this one")

    trying = listener(world, picky)
    for _ in range(consumer.ATTEMPTS - 1):
        with pytest.raises(ValueError, match="never"):
            await trying.step()
    await settle(relay(world), trying)
    assert await world.effects() == ["2"]
    assert await trying.dead() == 1
    assert (await world.query("SELECT error, message->>'type' FROM dead_letters"))[0] == (
        "ValueError: never this one",
        "UserRenamed",
    )


async def test_a_store_that_is_away_is_not_the_messages_fault(world: World) -> None:
    await write(world, message(1))
    away = replace(world, redis=connect("redis://127.0.0.1:1"))
    with pytest.raises(StoreUnavailable, match=r"cannot reach Redis at 127\.0\.0\.1:1"):
        await relay(away).step()
    await settle(relay(world), listener(world))
    assert await world.effects() == ["1"]


async def test_an_entry_that_is_no_message_stops_nobody(world: World) -> None:
    async with world.redis.use() as client:
        await client.xadd(f"plait:stream:{TOPIC}", {"message": b"{"})
        await client.xadd(f"plait:stream:{TOPIC}", {"other": b"1"})
    await write(world, message(1))
    await settle(relay(world), listener(world))
    assert await world.effects() == ["1"]

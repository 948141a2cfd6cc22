"""Messages that are handled together: what holds of one by one holds of the batch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from db.postgres import WriteSession
from subgraphs.kit.outbox import BatchConsumer, Message, Relay, add
from subgraphs.kit.outbox.batches import BatchHandler
from subgraphs.kit.outbox.consumer import ATTEMPTS
from subgraphs.kit.outbox.message import WRITTEN_AT
from tests.subgraphs.kit.test_outbox import TOPIC, Killed, message
from tests.support.kit import World


class Counted:
    """Notes what it is given, and how often it is called. What is `poison` cannot be handled."""

    def __init__(self, poison: int | None = None) -> None:
        self.batches: list[int] = []
        self.poison = poison

    async def __call__(self, session: WriteSession, messages: Sequence[Message]) -> None:
        self.batches.append(len(messages))
        for each in messages:
            await session.execute(
                text("INSERT INTO effects (what) VALUES (:what)"), {"what": str(each.payload["number"])}
            )
            if each.payload["number"] == self.poison:
                raise ValueError("poison")


def listener(world: World, handle: BatchHandler) -> BatchConsumer:
    return BatchConsumer("posts.numbers", [TOPIC], handle, world.database, world.redis)


async def told(world: World, *messages: Message) -> None:
    async with world.database.write() as session:
        await add(session, *messages)
    while await Relay("users", world.database, world.redis).step():
        pass


async def settle(consumer: BatchConsumer) -> None:
    for _ in range(2):
        while await consumer.step():
            pass


async def test_what_is_there_is_handled_in_one_call_in_order_and_once(world: World) -> None:
    handle = Counted()
    messages = [message(number) for number in range(30)]
    await told(world, *messages)
    await settle(listener(world, handle))
    async with world.redis.use() as client:
        await client.xadd(f"plait:stream:{TOPIC}", {"message": messages[3].to_json()})
        await client.xadd(f"plait:stream:{TOPIC}", {"message": messages[3].to_json()})
    await settle(listener(world, handle))
    assert handle.batches == [30]
    assert await world.effects() == [str(number) for number in range(30)]


@pytest.mark.parametrize("moment", ["before its writes", "after its writes", "before it acknowledges"])
async def test_a_batch_killed_at_any_step_loses_nothing_and_repeats_nothing(
    world: World, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await told(world, message(1), message(2))
    writes = Counted()

    async def dying(session: WriteSession, messages: Sequence[Message]) -> None:
        if moment == "before its writes":
            raise Killed
        await writes(session, messages)
        if moment == "after its writes":
            raise Killed

    killed = listener(world, dying)
    if moment == "before it acknowledges":
        handle = killed._handle_together

        async def die_after_commit(entries: Sequence[dict[bytes, bytes]]) -> bool:
            await handle(entries)
            raise Killed

        monkeypatch.setattr(killed, "_handle_together", die_after_commit)
    with pytest.raises(Killed):
        await settle(killed)
    await settle(listener(world, Counted()))
    assert await world.effects() == ["1", "2"]


async def test_a_message_that_cannot_be_handled_dies_alone(world: World) -> None:
    await told(world, *(message(number) for number in range(5)))
    async with world.redis.use() as client:
        await client.xadd(f"plait:stream:{TOPIC}", {"message": b"{"})
    consumer, failures = listener(world, Counted(poison=2)), 0
    for _ in range(ATTEMPTS + 3):
        try:
            await settle(consumer)
        except ValueError:
            failures += 1
    assert failures == ATTEMPTS - 1
    assert await world.effects() == ["0", "1", "3", "4"]
    assert await consumer.dead() == 1


async def test_a_message_says_when_it_was_written(world: World) -> None:
    heard: list[Message] = []

    async def note(_session: WriteSession, messages: Sequence[Message]) -> None:
        heard.extend(messages)

    await told(world, message(1))
    await settle(listener(world, note))
    written = datetime.fromisoformat(heard[0].headers[WRITTEN_AT])
    assert abs(datetime.now(UTC) - written) < timedelta(minutes=1)

"""The audit: one record with each write, or neither."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from subgraphs.kit import audit
from subgraphs.kit.audit import Actor
from tests.support.kit import World

ANN = Actor("ann", "acme", "req-1")


async def test_a_record_says_who_what_when_for_whom_and_on_which_request(world: World) -> None:
    async with world.database.write() as session:
        await audit.record(session, ANN, "update", "event", 7, {"title": ["Old", "New"]})
    row = (await world.query("SELECT *, now() - at < interval '1 minute' AS just_now FROM audit"))[0]
    assert (row.actor, row.tenant, row.request_id) == ("ann", "acme", "req-1")
    assert (row.action, row.entity, row.entity_id, row.changes) == (
        "update",
        "event",
        "7",
        {"title": ["Old", "New"]},
    )
    assert row.just_now


async def test_a_write_that_is_rolled_back_leaves_no_record(world: World) -> None:
    async def fail() -> None:
        async with world.database.write() as session:
            await audit.record(session, ANN, "delete", "event", 7)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await world.query("SELECT FROM audit") == []


async def test_a_record_that_cannot_be_written_rolls_the_write_back(world: World) -> None:
    async def fail() -> None:
        async with world.database.write() as session:
            await session.execute(text("INSERT INTO effects (what) VALUES ('written')"))
            await audit.record(session, ANN, "update", "event", 7, {"what": object()})

    with pytest.raises(TypeError, match="what is a object"):
        await fail()
    assert await world.effects() == []


async def test_no_secret_is_recorded_however_deep_it_is(world: World) -> None:
    changes = {"passwordHash": ["a", "b"], "login": {"refresh_token": "c", "device": "phone"}}
    async with world.database.write() as session:
        await audit.record(session, ANN, "update", "user", 7, changes)
    row = (await world.query("SELECT changes FROM audit"))[0]
    assert row.changes == {
        "passwordHash": "(hidden)",
        "login": {"refresh_token": "(hidden)", "device": "phone"},
    }


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'bob'", "DELETE FROM audit"])
async def test_the_service_itself_cannot_change_a_record(world: World, statement: str) -> None:
    async with world.database.write() as session:
        await audit.record(session, ANN, "login", "user", 7)
    with pytest.raises(DBAPIError, match="audit records are only added"):
        await world.query(statement)

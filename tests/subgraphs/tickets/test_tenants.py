"""Row-level security of the tickets, tried as the service's own role with no condition in the statement."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from subgraphs.kit.acting import Acting, writing
from tests.subgraphs.tickets.conftest import Box

OURS, THEIRS = UUID(int=1), UUID(int=2)
ADA, EVE = UUID(int=11), UUID(int=12)


@pytest.fixture
async def filled(box: Box) -> Box:
    """An organization's public event and its draft, each with a type; Ada has a seat and is in."""
    manager, ada = box.person(tenant=OURS), box.person(id=ADA)
    for facts in ({}, {"status": "DRAFT", "is_public": False}):
        event = await box.hear_event(uuid4(), tenant=OURS, **facts)
        kind = await box.sell(manager, event, quantity=5)
        if not facts:
            made = await box.register(ada, kind)
            await box.run(
                """INSERT INTO check_ins (registration_id, ticket_id, event_id, scanned_at)
                    VALUES (CAST(:r AS uuid), CAST(:t AS uuid), :e, now())""",
                r=made["id"],
                t=made["ticket"]["id"],
                e=event,
            )
    return box


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        (Acting(), (1, 1, 0, 0, 0)),
        (Acting(EVE), (1, 1, 0, 0, 0)),
        (Acting(EVE, str(THEIRS)), (1, 1, 0, 0, 0)),
        (Acting(ADA), (1, 1, 1, 1, 1)),
        (Acting(EVE, str(OURS)), (2, 2, 1, 1, 1)),
    ],
)
async def test_a_role_that_forgets_every_condition_sees_its_own(
    who: Acting, seen: tuple[int, ...], filled: Box
) -> None:
    tables = ("events", "ticket_types", "registrations", "tickets", "check_ins")
    async with writing(filled.database, who) as session:
        found = [(await session.execute(text(f"SELECT count(*) FROM {table}"))).scalar() for table in tables]
    assert tuple(found) == seen


@pytest.mark.parametrize(
    ("who", "written"),
    [
        (Acting(EVE), (0, 0, 0, 0)),
        (Acting(EVE, str(THEIRS)), (0, 0, 0, 0)),
        (Acting(ADA), (0, 1, 0, 0)),
        (Acting(EVE, str(OURS)), (2, 1, 0, 1)),
    ],
)
async def test_a_role_that_forgets_every_condition_writes_its_own(
    who: Acting, written: tuple[int, ...], filled: Box
) -> None:
    statements = (
        "UPDATE ticket_types SET name = 'mine'",
        "UPDATE registrations SET reason = 'mine'",
        "UPDATE tickets SET holder_id = gen_random_uuid()",
        "DELETE FROM check_ins",
    )
    async with writing(filled.database, who) as session:
        assert tuple([(await session.execute(text(each))).rowcount for each in statements]) == written


async def test_nobody_registers_in_anothers_name(filled: Box) -> None:
    claim = """INSERT INTO registrations
            (event_id, ticket_type_id, user_id, status, confirmation_code, price_minor)
        SELECT event_id, id, :ada, 'CONFIRMED', 'x', 0 FROM ticket_types LIMIT 1"""
    with pytest.raises(DBAPIError, match="violates row-level security policy"):
        async with writing(filled.database, Acting(EVE)) as session:
            await session.execute(text(claim), {"ada": ADA})


async def test_a_row_cannot_claim_another_tenant_than_its_events(filled: Box) -> None:
    async with writing(filled.database, Acting(ADA)) as session:
        await session.execute(text("UPDATE registrations SET tenant_id = :theirs"), {"theirs": THEIRS})
    assert await filled.run("SELECT DISTINCT tenant_id FROM registrations") == [(OURS,)]

"""Row-level security of payments, tried as the service's own role with no condition in the statement."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from subgraphs.kit.acting import Acting, writing
from tests.subgraphs.payments.conftest import Till
from tests.subgraphs.support import Person

OURS, THEIRS = UUID(int=1), UUID(int=2)
ADA, HOST, EVE = UUID(int=11), UUID(int=12), UUID(int=13)


@pytest.fixture
async def filled(till: Till) -> Till:
    """Ada paid for an event of an organization and for one of its host's own; some of both went back."""
    ada, host = till.person(id=ADA), till.person(id=HOST)
    for tenant in (OURS, None):
        payment = await till.paid(ada, host, tenant=tenant)
        manager = Person(till.config, id=HOST, tenant=tenant)
        assert (await till.refund(manager, payment, amountMinor=5))["errors"] == []
    return till


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        (Acting(), 0),
        (Acting(EVE), 0),
        (Acting(EVE, str(THEIRS)), 0),
        (Acting(ADA), 2),
        (Acting(HOST), 1),
        (Acting(EVE, str(OURS)), 1),
        (Acting(HOST, str(OURS)), 2),
    ],
)
async def test_a_role_that_forgets_every_condition_sees_its_own_and_moves_nothing(
    who: Acting, seen: int, filled: Till
) -> None:
    async with writing(filled.database, who) as session:
        for table in ("payments", "refunds"):
            found = await session.execute(text(f"SELECT count(*) FROM {table}"))
            assert found.scalar() == seen, table
        for change in ("UPDATE payments SET amount_cents = 1", "UPDATE refunds SET status = 'FAILED'"):
            assert (await session.execute(text(change))).rowcount == 0


@pytest.mark.parametrize("who", [Acting(), Acting(ADA), Acting(EVE, str(THEIRS)), Acting(HOST)])
async def test_nobody_but_who_manages_the_event_asks_for_money_back(who: Acting, filled: Till) -> None:
    ask = """INSERT INTO refunds (payment_id, amount_cents, reason, idempotency_key)
        VALUES (:payment, 1, 'x', 'x')"""
    of_ours = "SELECT id FROM payments WHERE tenant_id IS NOT NULL"
    ((payment,),) = await filled.run(of_ours)
    with pytest.raises(DBAPIError, match="violates row-level security policy"):
        async with writing(filled.database, who) as session:
            await session.execute(text(ask), {"payment": payment})


async def test_a_payment_is_not_made_by_a_person(till: Till) -> None:
    made = """INSERT INTO payments
            (host_id, event_id, registration_id, user_id, amount_cents, currency, due_until)
        VALUES (:me, :me, :me, :me, 1, 'EUR', now())"""
    with pytest.raises(DBAPIError, match="violates row-level security policy"):
        async with writing(till.database, Acting(EVE)) as session:
            await session.execute(text(made), {"me": uuid4()})

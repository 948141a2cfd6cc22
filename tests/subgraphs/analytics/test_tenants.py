"""Row-level security of the numbers, tried as the service's own role with no condition in the statement."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from subgraphs.kit.acting import Acting, writing
from tests.subgraphs.analytics.conftest import Analysis, registered

OURS, THEIRS = UUID(int=1), UUID(int=2)
ADA, EVE = UUID(int=11), UUID(int=12)


@pytest.fixture
async def filled(analysis: Analysis) -> Analysis:
    """An event of our organization that Ada holds, one of hers alone, and one that nobody has told of."""
    events = [await analysis.event(ADA, OURS), await analysis.event(ADA), uuid4()]
    await analysis.hear(*(registered(event) for event in events))
    await analysis.roll_up()
    return analysis


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        (Acting(), 0),
        (Acting(EVE), 0),
        (Acting(EVE, str(THEIRS)), 0),
        (Acting(ADA), 1),
        (Acting(EVE, str(OURS)), 1),
        (Acting(ADA, str(OURS)), 2),
        (Acting(EVE, None, is_admin=True), 4),
    ],
)
async def test_a_role_that_forgets_every_condition_sees_its_own_numbers(
    who: Acting, seen: int, filled: Analysis
) -> None:
    async with writing(filled.database, who) as session:
        listed = text("SELECT count(*) FROM rollups WHERE kind = 'REGISTERED'")
        assert (await session.execute(listed)).scalar() == seen


async def test_nobody_but_the_jobs_writes_numbers(filled: Analysis) -> None:
    async with writing(filled.database, Acting(ADA, str(OURS))) as session:
        assert (await session.execute(text("UPDATE rollups SET number = 9"))).rowcount == 0
        assert (await session.execute(text("DELETE FROM rollups"))).rowcount == 0
        assert (await session.execute(text("UPDATE known_events SET tenant_id = NULL"))).rowcount == 0
        claim = text("INSERT INTO rollups VALUES (gen_random_uuid(), now(), 'VIEW', '', 1, 0)")
        with pytest.raises(DBAPIError, match="row-level security"):
            await session.execute(claim)

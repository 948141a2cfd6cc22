"""The routed answer equals the merged schema's answer, over random schemas, data and operations.

A bounded number here; a night runs thousands: `python -m tests.support.differential --cases N --seed S`.
"""

from __future__ import annotations

import pytest

from tests.support.differential.campaign import run_broken_campaign, run_campaign, run_stores_campaign

SHARDS = 4
CASES = 60
"""Operations for each shard."""


@pytest.mark.parametrize("shard", range(SHARDS))
async def test_routed_answers_equal_merged_answers(shard: int) -> None:
    report = await run_campaign(first_seed=shard * 10_000, cases=CASES, per_schema=6)
    assert report.cases == CASES
    assert not report.failures, "\n".join(map(str, report.failures))


@pytest.mark.parametrize("shard", range(SHARDS))
async def test_nothing_is_lost_without_an_error_when_subgraphs_break(shard: int) -> None:
    report = await run_broken_campaign(first_seed=shard * 10_000, cases=CASES, per_schema=12)
    assert report.cases == CASES
    assert not report.failures, "\n".join(map(str, report.failures))


@pytest.mark.parametrize("shard", range(SHARDS))
async def test_structures_and_dicts_give_the_same_outcome_whatever_subgraphs_answer(shard: int) -> None:
    report = await run_stores_campaign(first_seed=shard * 10_000, cases=CASES, per_schema=12)
    assert report.cases == CASES
    assert not report.failures, "\n".join(map(str, report.failures))

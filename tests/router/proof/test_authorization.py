"""What callers get of protected graphs equals an independent model's answer, and nothing else is asked.

A bounded number here; a night runs more: `python -m tests.support.authorization --cases 100000`.
"""

from __future__ import annotations

import pytest

from tests.support.authorization.campaign import run_campaign

SHARDS = 2
CASES = 60


@pytest.mark.parametrize("shard", range(SHARDS))
async def test_callers_get_what_the_model_says_and_subgraphs_are_asked_nothing_else(shard: int) -> None:
    report = await run_campaign(first_seed=shard * 10_000, cases=CASES, per_graph=12)
    assert report.cases == CASES
    assert report.denied > 5
    assert not report.failures, "\n".join(report.failures)

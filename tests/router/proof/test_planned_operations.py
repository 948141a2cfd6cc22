"""Every operation of the plans corpus, planned by our planner, is proven to yield what it asks."""

from __future__ import annotations

import pytest

from router.planner import QueryPlanner
from tests.support.plan_checker.corpus import PlanCase, load_cases

SHARDS = 12


@pytest.mark.parametrize("shard", range(SHARDS))
def test_planned_operations_are_proven(shard: int) -> None:
    cases = load_cases()[shard::SHARDS]
    if not cases:
        pytest.skip("the folder ../shared/conformance with plans.jsonl is missing")
    unproven = {case.id: findings for case in cases if (findings := _findings(case))}
    assert unproven == {}


def _findings(case: PlanCase) -> list[str]:
    plan = QueryPlanner(case.supergraph_sdl).plan(
        case.operation, operation_name=case.operation_name, override_labels=case.override_labels
    )
    return [str(finding) for finding in case.check(plan)]

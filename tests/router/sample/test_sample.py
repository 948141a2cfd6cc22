"""Operations of the sample have the plans they always had, proven, and answer as one schema would."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from router.plan import QueryPlan
from router.planner import QueryPlanner
from tests.router.sample.cases import FILES, Case, Graph, planned, read
from tests.support.differential.campaign import new_router
from tests.support.differential.case import Scenario, difference
from tests.support.differential.operations import Operation
from tests.support.plan_checker import check_plan

WORLDS = 3
FAULTY_WORLDS = 4
"""Data that the answers are compared over; of the faulty ones some fields fail to resolve."""


def _params(*, executed: bool) -> list[Any]:
    return [
        pytest.param(path, number, id=f"{path.stem}: {case.title}")
        for path in FILES
        for number, case in enumerate(read(path).cases)
        if not executed or case.reason is None
    ]


@cache
def graph_of(path: Path) -> Graph:
    return read(path)


@cache
def scenario_of(path: Path, seed: int, *, faulty: bool = False) -> Scenario:
    return graph_of(path).scenario(seed, faulty=faulty)


@cache
def planner_of(path: Path) -> QueryPlanner:
    return QueryPlanner(graph_of(path).supergraph())


@pytest.mark.parametrize(("path", "number"), _params(executed=False))
def test_an_operation_of_the_sample_has_its_plan(path: Path, number: int) -> None:
    case = graph_of(path).cases[number]
    plan = planned(planner_of(path), case)
    assert plan.to_text() == case.plan
    assert QueryPlan.from_json(plan.to_json()) == plan
    supergraph = graph_of(path).supergraph()
    findings = check_plan(
        supergraph, case.operation, plan, operation_name=case.name, override_labels=case.labels
    )
    assert list(map(str, findings)) == []


@pytest.mark.parametrize(("path", "number"), _params(executed=True))
async def test_an_operation_of_the_sample_answers_as_one_schema_would(path: Path, number: int) -> None:
    case = graph_of(path).cases[number]
    for seed in range(WORLDS):
        await _compare(scenario_of(path, seed), case)


@pytest.mark.parametrize(("path", "number"), _params(executed=True))
async def test_what_fails_to_resolve_is_null_and_told_as_one_schema_would(path: Path, number: int) -> None:
    case = graph_of(path).cases[number]
    for seed in range(FAULTY_WORLDS):
        await _compare(scenario_of(path, seed, faulty=True), case)


async def _compare(scenario: Scenario, case: Case) -> None:
    scenario.world.labels = case.labels
    async with new_router(scenario) as router:
        for variables in case.variables:
            found = await difference(router, scenario, Operation(case.operation, variables))
            assert found is None, str(found)


def test_the_sample_is_there() -> None:
    assert len(FILES) >= 13
    assert sum(len(read(path).cases) for path in FILES) >= 80

"""`python -m tests.support.quick_share`: how many operations of the plans corpus run in structures.

By where the cases come from: another gateway's planner tests, or the public audit. An operation counts when
it does for every set of values of its condition variables (16 at most are tried). Then why the others do not.
"""

from __future__ import annotations

import itertools
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

from graphql import FragmentDefinitionNode, get_operation_ast, parse

from router.executor.compile_plan import compile_plan
from router.executor.conditions import plan_conditions
from router.executor.possible_types import PossibleTypes, possible_types
from router.executor.projection import Projection
from router.executor.store.compile import compile_structures
from router.executor.store.positions import NoStructures
from router.operation.errors import OperationError
from router.plan import QueryPlan
from router.planner import QueryPlanner
from router.planner.errors import PlanningError
from schema import api_schema
from schema.api_schema import read_supergraph_schema
from tests.support.corpus import corpus

MAX_SETS = 16
QUICK = "in structures"


def outcome_of(case: dict[str, Any]) -> str | None:
    """`QUICK`, or why not; None when nothing runs."""
    sdl = case["supergraph_sdl"]
    document = parse(case["operation"])
    operation = get_operation_ast(document, case.get("operation_name") or None)
    if operation is None or operation.operation.value == "subscription":
        return None
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    try:
        plan = QueryPlanner(sdl).plan(document, operation.name.value if operation.name else None)
    except (OperationError, PlanningError):
        return None
    projection = Projection(api_schema(sdl), operation, fragments)
    possible = possible_types(read_supergraph_schema(sdl))
    return next(_refusals(plan, projection, possible), QUICK)


def _refusals(plan: QueryPlan, projection: Projection, possible: PossibleTypes) -> Iterator[str]:
    names = sorted(plan_conditions(plan.node).union(projection.condition_variables))
    sets = itertools.islice(itertools.product((True, False), repeat=len(names)), MAX_SETS)
    for values in sets:
        variables = dict(zip(names, values, strict=True))
        try:
            shape = projection.variant(variables).shape
            compile_structures(compile_plan(plan, possible, variables), shape, possible)
        except NoStructures as reason:
            yield str(reason)


def main() -> int:
    outcomes = [(case["id"].split("-plan-")[0], outcome_of(case)) for case in corpus("plans.jsonl")]
    ran = [(origin, outcome) for origin, outcome in outcomes if outcome is not None]
    for chosen in (None, *sorted({origin for origin, _ in ran})):
        own = [outcome for origin, outcome in ran if chosen in (None, origin)]
        share = 100 * own.count(QUICK) / max(len(own), 1)
        print(f"{chosen or 'all':10} {own.count(QUICK):4} of {len(own):4} {share:5.1f} %")
    for reason, count in Counter(outcome for _, outcome in ran if outcome != QUICK).most_common():
        print(f"{count:4} {reason}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

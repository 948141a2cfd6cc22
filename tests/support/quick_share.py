"""`python -m tests.support.quick_share`: how many operations of the plans corpus run in structures.

An operation counts when it does for every set of values of its condition variables (16 at most are tried).
"""

from __future__ import annotations

import itertools
import sys
from collections import Counter

from graphql import FragmentDefinitionNode, get_operation_ast, parse

from router.executor.operation import ExecutableOperation
from router.executor.possible_types import possible_types
from router.operation.errors import OperationError
from router.planner import QueryPlanner
from router.planner.errors import PlanningError
from schema import api_schema
from schema.api_schema import read_supergraph_schema
from tests.support.corpus import corpus

MAX_SETS = 16


def kind_of(case: dict[str, object]) -> str:
    """`quick`, `careful`, `some` (by its variables), or why the operation has no plan."""
    sdl, text = str(case["supergraph_sdl"]), str(case["operation"])
    document = parse(text)
    name = case.get("operation_name")
    operation = get_operation_ast(document, str(name) if name else None)
    if operation is None:
        return "no operation"
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    try:
        plan = QueryPlanner(sdl).plan(document, operation.name.value if operation.name else None)
    except (OperationError, PlanningError):
        return "no plan"
    if operation.operation.value == "subscription":
        return "subscription"
    possible = possible_types(read_supergraph_schema(sdl))
    executable = ExecutableOperation(api_schema(sdl), possible, plan, operation, fragments)
    names = executable.condition_variables
    sets = itertools.islice(itertools.product((True, False), repeat=len(names)), MAX_SETS)
    found = [
        executable.compile(dict(zip(names, values, strict=True))).structures is not None for values in sets
    ]
    return "quick" if all(found) else "some" if any(found) else "careful"


def main() -> int:
    counts = Counter(kind_of(case) for case in corpus("plans.jsonl"))
    run = counts["quick"] + counts["some"] + counts["careful"]
    print(f"{dict(counts)}: {100 * counts['quick'] / max(run, 1):.1f} % of {run} take the quick way")
    return 0


if __name__ == "__main__":
    sys.exit(main())

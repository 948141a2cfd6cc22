"""`python -m tests.support.plan_checker.damaged [--per-case N] [--show KIND]`: how many damages are noticed.

Every reference plan that is proven is damaged in every place (a seeded sample of N places per plan with
`--per-case`); prints per kind how many were noticed, and with `--show` those of a kind that were not.
"""

from __future__ import annotations

import collections
import random
import sys
from collections.abc import Iterable, Iterator

from tests.support.plan_checker.check import check_plan_on
from tests.support.plan_checker.client import read_operation
from tests.support.plan_checker.corpus import PlanCase, load_cases
from tests.support.plan_checker.damage import Damage, damages
from tests.support.plan_checker.supergraph import Supergraph


def tried(cases: Iterable[PlanCase], per_case: int | None) -> Iterator[tuple[PlanCase, Damage, bool]]:
    """(case, damage, noticed) over the proven reference plans."""
    for case in cases:
        supergraph = Supergraph(case.supergraph_sdl, case.override_labels)
        client = read_operation(case.operation, case.operation_name)
        plan = case.reference_plan()
        if check_plan_on(supergraph, client, plan):
            continue
        found = list(damages(plan, sorted(supergraph.graph_of)))
        if per_case is not None and len(found) > per_case:
            found = random.Random(case.id).sample(found, per_case)
        for damage in found:
            yield case, damage, bool(check_plan_on(supergraph, client, damage[1]))


def main(arguments: list[str]) -> None:
    per_case = int(arguments[arguments.index("--per-case") + 1]) if "--per-case" in arguments else None
    show = arguments[arguments.index("--show") + 1] if "--show" in arguments else None
    noticed: collections.Counter[str] = collections.Counter()
    missed: collections.Counter[str] = collections.Counter()
    for case, (kind, plan), seen in tried(load_cases(), per_case):
        (noticed if seen else missed)[kind] += 1
        if kind == show and not seen:
            print(f"--- {case.id}\n{case.operation}\n{case.reference_plan().to_text()}\n=> {plan.to_text()}")
    for kind in sorted(noticed | missed):
        print(f"{kind:34} {noticed[kind]:6} noticed {missed[kind]:6} not")
    print(f"noticed {noticed.total()} of {noticed.total() + missed.total()}")


if __name__ == "__main__":
    main(sys.argv[1:])

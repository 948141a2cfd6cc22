"""`python -m tests.support.plan_checker [--reference] [ID…]`: proves the corpus's plans, prints findings.

Without `--reference` each operation is planned by `router.planner`; with it the corpus's own plan is checked.
"""

from __future__ import annotations

import sys
import time
import traceback

from router.plan import QueryPlan
from router.planner import QueryPlanner
from tests.support.plan_checker.corpus import PlanCase, load_cases


def planned(case: PlanCase) -> QueryPlan:
    return QueryPlanner(case.supergraph_sdl).plan(
        case.operation, operation_name=case.operation_name, override_labels=case.override_labels
    )


def main(arguments: list[str]) -> int:
    reference = "--reference" in arguments
    ids = {a for a in arguments if not a.startswith("-")}
    cases = [c for c in load_cases() if not ids or c.id in ids]
    proven, started = 0, time.perf_counter()
    for case in cases:
        try:
            plan = case.reference_plan() if reference else planned(case)
            findings = [str(f) for f in case.check(plan)]
        except Exception:  # noqa: BLE001 - a report over many cases names the failing one and goes on
            findings = ["raised " + traceback.format_exc()[-1500:]]
        proven += not findings
        for finding in findings[:6]:
            print(f"{case.id}: {finding}")
    print(f"proven {proven} of {len(cases)} in {time.perf_counter() - started:.1f} s")
    return int(proven != len(cases))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

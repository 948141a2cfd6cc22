"""`python -m tests.support.plan_checker [--reference] [ID…]`: proves the corpus's plans, prints findings.

Without `--reference` each operation is planned by `router.planner`; with it the corpus's own plan is checked.
Ends with 0 when every plan is proven, 1 when one is not or there is none to prove.
"""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Iterable

import click

from router.plan import QueryPlan
from router.planner import QueryPlanner
from tests.support.plan_checker.corpus import PlanCase, chosen_cases


def planned(case: PlanCase) -> QueryPlan:
    return QueryPlanner(case.supergraph_sdl).plan(
        case.operation, operation_name=case.operation_name, override_labels=case.override_labels
    )


@click.command(name="python -m tests.support.plan_checker", help=__doc__)
@click.option("--reference", is_flag=True, help="Check the corpus's own plans.")
@click.argument("ids", nargs=-1, metavar="[ID]…")
def main(reference: bool, ids: tuple[str, ...]) -> None:
    cases, proven, started = chosen_cases(ids), 0, time.perf_counter()
    for case in cases:
        findings = list(found(case, reference=reference))
        proven += not findings
        for finding in findings[:6]:
            click.echo(f"{case.id}: {finding}")
    click.echo(f"proven {proven} of {len(cases)} in {time.perf_counter() - started:.1f} s")
    sys.exit(int(proven != len(cases)))


def found(case: PlanCase, *, reference: bool) -> Iterable[str]:
    """What is wrong with its plan; an exception is a finding too, so that a report goes on."""
    try:
        plan = case.reference_plan() if reference else planned(case)
        return [str(finding) for finding in case.check(plan)]
    except Exception:  # noqa: BLE001 - a report over many cases names the failing one and goes on
        return ["raised " + traceback.format_exc()[-1500:]]


if __name__ == "__main__":
    main()

"""`python -m tests.support.plan_checker.damaged [--per-case N] [--show KIND]`: how many damages are noticed.

Every reference plan that is proven is damaged in every place (a seeded sample of N places per plan with
`--per-case`); prints per kind how many were noticed, and with `--show` those of a kind that were not.
"""

from __future__ import annotations

import collections
import random
from collections.abc import Iterable, Iterator

import click

from tests.support.plan_checker.check import check_plan_on
from tests.support.plan_checker.client import read_operation
from tests.support.plan_checker.corpus import PlanCase, chosen_cases
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


@click.command(name="python -m tests.support.plan_checker.damaged", help=__doc__)
@click.option("--per-case", type=click.IntRange(1), help="Damages of one plan that are tried.")
@click.option("--show", metavar="KIND", help="Print the damages of a kind that were not noticed.")
def main(per_case: int | None, show: str | None) -> None:
    noticed: collections.Counter[str] = collections.Counter()
    missed: collections.Counter[str] = collections.Counter()
    for case, (kind, plan), seen in tried(chosen_cases(()), per_case):
        (noticed if seen else missed)[kind] += 1
        if kind == show and not seen:
            click.echo(f"--- {case.id}\n{case.operation}\n{case.reference_plan().to_text()}")
            click.echo(f"=> {plan.to_text()}")
    for kind in sorted(noticed | missed):
        click.echo(f"{kind:34} {noticed[kind]:6} noticed {missed[kind]:6} not")
    click.echo(f"noticed {noticed.total()} of {noticed.total() + missed.total()}")


if __name__ == "__main__":
    main()

"""Mutations: each root field once, in document order, never at once, and finished before the next begins."""

from __future__ import annotations

from tests.support.plan_checker.run import Run
from tests.support.plan_checker.selection import Collector


def check_mutation_order(run: Run, collector: Collector) -> None:
    asked = collector.collect(
        [run.client.operation.selection_set], lambda c: c is None or c == run.root.type_name
    )
    wanted = [key for key, nodes in asked.items() if nodes[0].name.value != "__typename"]
    executed = [key for step in run.mutations for key in step.keys]
    if executed != wanted:
        run.findings.add("order", "the mutation", f"executes {executed}, the document says {wanted}")
        return
    for earlier, later in zip(run.mutations, run.mutations[1:], strict=False):
        if not later.moment.sees(earlier.moment):
            run.findings.add("order", "the mutation", f"{later.keys} may run at once with {earlier.keys}")
    for step in filter(lambda s: s.keys, run.mutations):
        before = wanted[: wanted.index(step.keys[0])]
        for moment, key in run.touched:
            if moment.number > step.moment.number and key in before:
                run.findings.add("order", "the mutation", f"{key!r} is still being fetched after {step.keys}")

"""The plans corpus: where it is, its cases, and checking one of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from plait.cli.failures import CommandFailed, Failure, fail
from router.plan import QueryPlan
from tests.support.plan_checker.check import check_plan
from tests.support.plan_checker.finding import Finding

PLANS = Path(__file__).resolve().parents[3] / ".." / "shared" / "conformance" / "plans.jsonl"


@dataclass(frozen=True, slots=True)
class PlanCase:
    id: str
    supergraph_sdl: str
    operation: str
    operation_name: str | None
    override_labels: frozenset[str]
    reference: dict[str, Any]

    def reference_plan(self) -> QueryPlan:
        return QueryPlan.from_json(self.reference)

    def check(self, plan: QueryPlan) -> list[Finding]:
        return check_plan(
            self.supergraph_sdl, self.operation, plan, self.operation_name, self.override_labels
        )


Planned = Callable[[PlanCase], QueryPlan]


@cache
def load_cases(path: Path = PLANS) -> tuple[PlanCase, ...]:
    """No cases when the corpus is not there."""
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8") as lines:
        return tuple(_case(json.loads(line)) for line in lines)


def chosen_cases(ids: Collection[str], path: Path = PLANS) -> list[PlanCase]:
    """Those of these ids, all for none. Raises `CommandFailed` when there is nothing to prove."""
    cases = load_cases(path)
    if not cases:
        fail("CORPUS_MISSING", "there is no plans corpus, so nothing is proven", str(path.resolve()))
    unknown = sorted(set(ids) - {case.id for case in cases})
    if unknown:
        raise CommandFailed(Failure("UNKNOWN_CASE", f"the corpus has no case {id_}") for id_ in unknown)
    return [case for case in cases if not ids or case.id in ids]


def _case(line: dict[str, Any]) -> PlanCase:
    overrides = line.get("override_conditions") or {}
    return PlanCase(
        line["id"],
        line["supergraph_sdl"],
        line["operation"],
        line.get("operation_name"),
        frozenset(label for label, on in overrides.items() if on),
        line["apollo"]["plan_json"],
    )

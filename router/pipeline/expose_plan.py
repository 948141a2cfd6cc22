"""The plan beside the data, for those who may see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from router.pipeline.request import PlanMode
from router.plan import QueryPlan

HEADER = "apollo-expose-query-plan"


def plan_mode(headers: Mapping[str, str], *, allowed: bool) -> PlanMode:
    if not allowed:
        return PlanMode.HIDDEN
    match headers.get(HEADER, "").strip().lower():
        case "true":
            return PlanMode.EXPOSED
        case "dry-run":
            return PlanMode.DRY_RUN
        case _:
            return PlanMode.HIDDEN


def plan_extensions(plan: QueryPlan) -> dict[str, Any]:
    return {"apolloQueryPlan": {"object": plan.to_json(), "text": plan.to_text()}}

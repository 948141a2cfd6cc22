"""Conditions that hold for all a request asks leave its fields and gate the request as a whole.

Steps are looked at from the last stage to the first: what is only fetched as input of gated requests is
gated with them. An internal field counts as wanted under the conditions common to the requests that need it.
"""

from __future__ import annotations

from collections.abc import Iterable

from router.operation.model import NO_CONDITIONS, Conditions
from router.planner.fetch_graph.steps import FetchField, FetchGraph, FetchStep, Selection


def lift_conditions(graph: FetchGraph) -> None:
    """Sets `conditions` of every step. O(fields at the top of the steps)."""
    for step in sorted(graph.steps, key=lambda g: g.stage, reverse=True):
        common = _common(step)
        step.conditions = step.position_conditions | common
        if common:
            for selection in step.selections.values():
                for field in selection.all_fields():
                    field.conditions -= common


def _common(step: FetchStep) -> Conditions:
    if any(_asks_typename(selection) for selection in step.selections.values()):
        return NO_CONDITIONS
    fields = (field for selection in step.selections.values() for field in selection.all_fields())
    return _intersection(_wanted_under(field, step) for field in fields)


def _asks_typename(selection: Selection) -> bool:
    return selection.client_typename or any(map(_asks_typename, selection.fragments.values()))


def _wanted_under(field: FetchField, step: FetchStep) -> Conditions:
    if not field.internal:
        return field.conditions
    demands = _intersection(needing.conditions for needing in field.needed_by)
    return field.conditions | (demands - step.position_conditions)


def _intersection(sets: Iterable[Conditions]) -> Conditions:
    common: Conditions | None = None
    for conditions in sets:
        common = conditions if common is None else common & conditions
        if not common:
            return NO_CONDITIONS
    return common or NO_CONDITIONS

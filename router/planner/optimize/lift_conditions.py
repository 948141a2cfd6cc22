"""Conditions that hold for all a request asks leave its fields and gate the request as a whole.

Groups are looked at from the last stage to the first: what is only fetched as input of gated requests is
gated with them. An internal field counts as wanted under the conditions common to the requests that need it.
"""

from __future__ import annotations

from collections.abc import Iterable

from router.operation.model import NO_CONDITIONS, Conditions
from router.planner.fetch_graph import FetchGraph, Group, OutField, Selection


def lift_conditions(graph: FetchGraph) -> None:
    """Sets `conditions` of every group. O(fields at the top of the groups)."""
    for group in sorted(graph.groups, key=lambda g: g.stage, reverse=True):
        common = _common(group)
        group.conditions = group.position_conditions | common
        if common:
            for selection in group.selections.values():
                for out in selection.all_fields():
                    out.conditions -= common


def _common(group: Group) -> Conditions:
    if any(_asks_typename(selection) for selection in group.selections.values()):
        return NO_CONDITIONS
    fields = [out for selection in group.selections.values() for out in selection.all_fields()]
    return _intersection(_wanted_under(out, group) for out in fields)


def _asks_typename(selection: Selection) -> bool:
    return selection.client_typename or any(map(_asks_typename, selection.casts.values()))


def _wanted_under(out: OutField, group: Group) -> Conditions:
    if not out.internal:
        return out.conditions
    demands = _intersection(wanting.conditions for wanting in out.wanted_by)
    return out.conditions | (demands - group.position_conditions)


def _intersection(sets: Iterable[Conditions]) -> Conditions:
    common: Conditions | None = None
    for conditions in sets:
        common = conditions if common is None else common & conditions
        if not common:
            return NO_CONDITIONS
    return common or NO_CONDITIONS

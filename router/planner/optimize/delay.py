"""Requests that may wait move to a later stage in which their subgraph is asked anyway.

A group may move until the stage before its first child, and leaf groups until the last stage, so the number
of stages stays the same. Groups are moved only where that saves a request: all groups of a subgraph in a
stage must be able to go to the same later one. Later stages are looked at first, so that what hangs on a
moved group gains room. O(groups²) at worst, over a handful of groups.
"""

from __future__ import annotations

from collections.abc import Iterator

from router.operation import Defer
from router.planner.fetch_graph import FetchGraph, Group, OutField, RequiredTree, Selection


def delay(graph: FetchGraph) -> None:
    """Moves groups and merges those that meet at the same path."""
    if len(graph.groups) < 3:
        return
    children = _children(graph.groups)
    stages = sorted({group.stage for group in graph.groups}, reverse=True)
    last: dict[_Part, int] = {}
    for group in graph.groups:
        last[_part(group)] = max(group.stage, last.get(_part(group), 0))
    moved = False
    for stage in stages[1:]:
        for asked in dict.fromkeys((g.graph, _part(g)) for g in graph.groups if g.stage == stage):
            moved |= _move(graph.groups, children, stage, asked, last)
    if moved:
        _merge(graph)


_Part = tuple[int, Defer | None]
"""Requests are only moved within a step of a mutation, and within a deferred part."""


def _part(group: Group) -> _Part:
    return group.serial, group.block


def _children(groups: list[Group]) -> dict[Group, list[Group]]:
    children: dict[Group, list[Group]] = {group: [] for group in groups}
    for group in groups:
        for parent in group.parents:
            children[parent].append(group)
    return children


def _move(
    groups: list[Group],
    children: dict[Group, list[Group]],
    stage: int,
    asked: tuple[int, _Part],
    last: dict[_Part, int],
) -> bool:
    subgraph, part = asked
    mine = [g for g in groups if g.graph == subgraph and _part(g) == part]
    movers = [g for g in mine if g.stage == stage]
    if any(g.kind is not None or not g.is_batchable for g in movers):
        return False
    latest = min(min((c.stage for c in children[g]), default=last[part] + 1) - 1 for g in movers)
    targets = {g.stage for g in mine if stage < g.stage <= latest and g.kind is None and g.is_batchable}
    if not targets:
        return False
    for group in movers:
        group.stage = min(targets)
    return True


def _merge(graph: FetchGraph) -> None:
    kept: dict[tuple[object, ...], list[Group]] = {}
    replaced: dict[Group, Group] = {}
    for group in graph.groups:
        key: tuple[object, ...] = (
            group.graph,
            group.path,
            group.stage,
            group.position_conditions,
            group.block,
        )
        if group.kind is not None or not group.is_batchable:
            key = (group.number,)
        same = kept.setdefault(key, [])
        into = next((g for g in same if all(graph.fits(g, r) for r in group.requires.values())), None)
        if into is None:
            same.append(group)
        else:
            _absorb(into, group)
            replaced[group] = into
    graph.groups = [group for same in kept.values() for group in same]
    for part, groups in graph.answered.items():
        graph.answered[part] = {replaced.get(group, group) for group in groups}
    for group in graph.groups:
        group.parents = {replaced.get(parent, parent) for parent in group.parents}
        for out in _outputs(group):
            out.wanted_by = [replaced.get(wanting, wanting) for wanting in out.wanted_by]


def _absorb(into: Group, group: Group) -> None:
    into.parents |= group.parents
    for type_name, selection in group.selections.items():
        if type_name in into.selections:
            _absorb_selection(into.selections[type_name], selection)
        else:
            _adopt(into, selection)
            into.selections[type_name] = selection
    for key, requirement in group.requires.items():
        known = into.requires.setdefault(key, requirement)
        if known is not requirement:
            _absorb_required(known.fields, requirement.fields)


def _absorb_required(into: dict[str, RequiredTree], fields: dict[str, RequiredTree]) -> None:
    for key, tree in fields.items():
        known = into.setdefault(key, tree)
        if known is not tree:
            _absorb_required(known.below, tree.below)


def _absorb_selection(into: Selection, selection: Selection) -> None:
    into.typename |= selection.typename
    for key, out in selection.fields.items():
        known = into.fields.setdefault(key, out)
        if known is out:
            if out.below is not None:
                _adopt(into.group, out.below)
            continue
        known.internal &= out.internal
        known.wanted_by += out.wanted_by
        if known.below is not None and out.below is not None:
            _absorb_selection(known.below, out.below)
    for type_name, cast in selection.casts.items():
        if type_name in into.casts:
            _absorb_selection(into.casts[type_name], cast)
        else:
            _adopt(into.group, cast)
            into.casts[type_name] = cast


def _adopt(group: Group, selection: Selection) -> None:
    selection.group = group
    for out in selection.fields.values():
        if out.below is not None:
            _adopt(group, out.below)
    for cast in selection.casts.values():
        _adopt(group, cast)


def _outputs(group: Group) -> Iterator[OutField]:
    pending = list(group.selections.values())
    while pending:
        selection = pending.pop()
        pending += selection.casts.values()
        for out in selection.fields.values():
            yield out
            if out.below is not None:
                pending.append(out.below)

"""Steps that have come to be at one stage, path and subgraph become one. O(steps x fields)."""

from __future__ import annotations

from collections.abc import Iterator

from router.planner.fetch_graph.requirements import absorb_required
from router.planner.fetch_graph.steps import FetchField, FetchGraph, FetchStep, Selection


def merge_steps(graph: FetchGraph) -> None:
    """One of those that ask a subgraph at one stage about one path, if one representation can hold both."""
    kept: dict[tuple[object, ...], list[FetchStep]] = {}
    replaced: dict[FetchStep, FetchStep] = {}
    for step in graph.steps:
        key: tuple[object, ...] = (
            step.graph,
            step.path,
            step.stage,
            step.position_conditions,
            step.defer,
        )
        if step.kind is not None or not step.is_batchable:
            key = (step.number,)
        same = kept.setdefault(key, [])
        into = next((s for s in same if all(graph.fits(s, r) for r in step.requires.values())), None)
        if into is None:
            same.append(step)
        else:
            _absorb(into, step)
            replaced[step] = into
    graph.steps = [step for same in kept.values() for step in same]
    for part, steps in graph.answered.items():
        graph.answered[part] = {replaced.get(step, step) for step in steps}
    for step in graph.steps:
        step.parents = {replaced.get(parent, parent) for parent in step.parents}
        for field in _outputs(step):
            field.needed_by = [replaced.get(needing, needing) for needing in field.needed_by]


def _absorb(into: FetchStep, step: FetchStep) -> None:
    into.parents |= step.parents
    into.has_fragments |= step.has_fragments
    for type_name, selection in step.selections.items():
        if type_name in into.selections:
            _absorb_selection(into.selections[type_name], selection)
        else:
            _adopt(into, selection)
            into.selections[type_name] = selection
    for key, requirement in step.requires.items():
        known = into.requires.setdefault(key, requirement)
        if known is not requirement:
            absorb_required(known.fields, requirement.fields)


def _absorb_selection(into: Selection, selection: Selection) -> None:
    into.typename |= selection.typename
    into.is_identified |= selection.is_identified
    for key, field in selection.fields.items():
        known = into.fields.setdefault(key, field)
        if known is field:
            if field.below is not None:
                _adopt(into.step, field.below)
            continue
        known.internal &= field.internal
        known.needed_by += field.needed_by
        if known.below is not None and field.below is not None:
            _absorb_selection(known.below, field.below)
    for type_name, fragment in selection.fragments.items():
        if type_name in into.fragments:
            _absorb_selection(into.fragments[type_name], fragment)
        else:
            _adopt(into.step, fragment)
            into.fragments[type_name] = fragment


def _adopt(step: FetchStep, selection: Selection) -> None:
    selection.step = step
    for field in selection.fields.values():
        if field.below is not None:
            _adopt(step, field.below)
    for fragment in selection.fragments.values():
        _adopt(step, fragment)


def _outputs(step: FetchStep) -> Iterator[FetchField]:
    pending = list(step.selections.values())
    while pending:
        selection = pending.pop()
        pending += selection.fragments.values()
        for field in selection.fields.values():
            yield field
            if field.below is not None:
                pending.append(field.below)

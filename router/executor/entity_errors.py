"""The errors of an entity fetch at the client's objects: an index means all that share a representation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from router.errors import TransportError
from router.executor.entity_part import Gathered
from router.executor.errors import Gap, SubgraphError
from router.executor.paths import ResponsePath
from router.executor.placing import (
    Places,
    common_prefix,
    error_path,
    reported_error,
    taken_along,
    transport_error,
)
from router.executor.steps import RequestState


def fail(state: RequestState, service: str, gathered: list[Gathered], error: TransportError) -> None:
    """One error at the place that all objects asked for have in common, or one for each of their paths."""
    told = transport_error(service, error, None)
    state.errors.extend(replace(told, path=path) for path in _common(state, gathered))


def report(
    state: RequestState,
    service: str,
    gathered: list[Gathered],
    entities: list[list[Any]],
    errors: list[Any],
    *,
    others: bool,
) -> None:
    """`entities` are those of each part. `others`: also what is not about one of these parts."""
    for each, found in zip(gathered, entities, strict=True):
        own = [error for error in errors if error_path(error)[:1] == (each.part.alias,)]
        if own:
            _report_part(state, service, each, found, own)
    aliases = {each.part.alias for each in gathered}
    for error in errors:
        path = error_path(error)
        if others and (not path or path[0] not in aliases):
            places = _common(state, gathered)
            state.errors.extend(reported_error(service, error, place, ()) for place in places)


def _report_part(
    state: RequestState, service: str, gathered: Gathered, entities: list[Any], errors: Iterable[Any]
) -> None:
    part = gathered.part
    places = Places.of(state.data, part.targets)
    for error in errors:
        path = error_path(error)
        index = path[1] if len(path) > 1 else None
        if isinstance(index, int) and 0 <= index < len(entities):
            objects = places.of_objects(gathered.objects_of(index))
            told = [reported_error(service, error, (*at, *path[2:]), part.output_rewrites) for at in objects]
            for lost, below in taken_along(part.tree, entities[index], path[2:]) if told else ():
                state.gaps.extend(Gap((*at, *lost), told[0], below) for at in objects)
        else:
            told = [reported_error(service, error, at, ()) for at in _common(state, [gathered])]
        state.errors.extend(told)


def lose(state: RequestState, gathered: Gathered, cause: SubgraphError) -> None:
    """The whole part has no answer, and not every object has an error of its own."""
    places = Places.of(state.data, gathered.part.targets)
    keys = [(key, below) for key, below in gathered.part.tree.children.items() if key != "__typename"]
    for owners in gathered.owners:
        for at in places.of_objects(owners.objects):
            state.gaps.extend(Gap((*at, key), cause, below) for key, below in keys)


def _common(state: RequestState, gathered: list[Gathered]) -> list[ResponsePath]:
    """Where the objects asked for are: one place that leads to all of them, else one for each path."""
    found: list[ResponsePath] = []
    for each in gathered:
        places = Places.of(state.data, each.part.targets)
        for owners in each.owners:
            if owners.objects:
                found.append(common_prefix(places.of_objects(owners.objects)))
    if not found:
        return []
    whole = common_prefix(found)
    return [whole] if whole else list(dict.fromkeys(found))

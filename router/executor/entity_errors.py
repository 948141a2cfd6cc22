"""The errors of an entity fetch at the client's objects: an index means all that share a representation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from router.errors import TransportError
from router.executor.errors import Gap, SubgraphError
from router.executor.in_flight import Asked
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


def fail(
    state: RequestState, data: dict[str, Any], service: str, asked: list[Asked], error: TransportError
) -> None:
    """One error at the place that all objects asked for have in common, or one for each of their paths."""
    told = transport_error(service, error, None)
    state.errors.extend(replace(told, path=path) for path in _common(data, asked))


def report(
    state: RequestState,
    data: dict[str, Any],
    service: str,
    asked: list[Asked],
    entities: list[list[Any]],
    errors: list[Any],
    *,
    others: bool,
) -> None:
    """`entities` are those of each part. `others`: also what is not about one of these parts."""
    for each, found in zip(asked, entities, strict=True):
        own = [error for error in errors if error_path(error)[:1] == (each.part.alias,)]
        if own:
            _report_part(state, data, service, each, found, own)
    aliases = {each.part.alias for each in asked}
    for error in errors:
        path = error_path(error)
        if others and (not path or path[0] not in aliases):
            places = _common(data, asked)
            state.errors.extend(reported_error(service, error, place, ()) for place in places)


def _report_part(
    state: RequestState,
    data: dict[str, Any],
    service: str,
    asked: Asked,
    entities: list[Any],
    errors: Iterable[Any],
) -> None:
    part = asked.part
    places = Places.of(data, part.paths)
    for error in errors:
        path = error_path(error)
        index = path[1] if len(path) > 1 else None
        if isinstance(index, int) and 0 <= index < len(entities):
            objects = places.of_objects(asked.objects_of(index))
            told = [reported_error(service, error, (*at, *path[2:]), part.output_rewrites) for at in objects]
            for lost, below in taken_along(part.tree, entities[index], path[2:]) if told else ():
                state.gaps.extend(Gap((*at, *lost), told[0], below) for at in objects)
        else:
            told = [reported_error(service, error, at, ()) for at in _common(data, [asked])]
        state.errors.extend(told)


def lose(state: RequestState, data: dict[str, Any], asked: Asked, cause: SubgraphError) -> None:
    """The whole part has no answer, and not every object has an error of its own."""
    places = Places.of(data, asked.part.paths)
    keys = [(key, below) for key, below in asked.part.tree.children.items() if key != "__typename"]
    for at in places.of_objects(asked.objects()):
        state.gaps.extend(Gap((*at, key), cause, below) for key, below in keys)


def _common(data: dict[str, Any], asked: list[Asked]) -> list[ResponsePath]:
    """Where the objects asked for are: one place that leads to all of them, else one for each path."""
    found: list[ResponsePath] = []
    for each in asked:
        wanted = {id(obj) for obj in each.objects()}
        for path in each.part.paths if wanted else ():
            places = Places.of(data, (path,))
            own = [at for key, places_of in places.paths.items() if key in wanted for at in places_of]
            if own:
                found.append(places.roots[0] if places.is_cut else common_prefix(own))
    if not found:
        return []
    whole = common_prefix(found)
    return [whole] if whole else list(dict.fromkeys(found))

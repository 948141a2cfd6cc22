"""Data that is missing because of an error somewhere else: every null it leaves gets that error.

An error explains the nulls at its own path, above it and below it. Some nulls stand elsewhere: a field of a
fetch that another field of the same fetch took along, a field whose `@requires` failed, an object that cannot
be asked for because its key is null. These are the gaps; the fetches say where, or `entity_gaps` finds them,
and `untold` keeps those that the answer shows and no error explains. Without errors there is nothing to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Any

from router.executor.code.representation import required_names
from router.executor.entity_step import EntityStep
from router.executor.errors import RESPONSE_VALIDATION_FAILED, Gap, SubgraphError
from router.executor.in_flight import EntityPart
from router.executor.paths import LocatedObject, ResponsePath, located_objects
from router.executor.placing import MAX_PLACES
from router.executor.selection import KeyTree
from router.executor.steps import Step
from router.plan.paths import response_keys


@dataclass(slots=True)
class Blame:
    """Which error is at or below a path: the first one told. O(total path length) to make."""

    _below: dict[ResponsePath, SubgraphError]
    _at: set[ResponsePath]
    _taken: dict[ResponsePath, list[Gap]] = field(default_factory=dict)

    @classmethod
    def of(cls, errors: Iterable[SubgraphError]) -> Blame:
        blame = cls({}, set())
        for error in errors:
            if error.path is not None:
                blame.add(error.path, error)
        return blame

    def add(self, path: ResponsePath, error: SubgraphError) -> None:
        self._at.add(path)
        for length in range(len(path) + 1):
            self._below.setdefault(path[:length], error)

    def add_gap(self, gap: Gap) -> None:
        self.add(gap.path, gap.cause)
        if gap.below is not None and gap.below.children:
            self._taken.setdefault(gap.path, []).append(gap)

    def below(self, path: ResponsePath) -> SubgraphError | None:
        """Also what a gap above took along: it says what it would have had below."""
        return self._below.get(path) or self._taken_along(path)

    def _taken_along(self, path: ResponsePath) -> SubgraphError | None:
        for length in range(len(path) if self._taken else 0):
            for gap in self._taken.get(path[:length], ()):
                if gap.below is not None and _holds(gap.below, path[length:]):
                    return gap.cause
        return None

    def explains(self, path: ResponsePath) -> bool:
        return path in self._below or any(path[:length] in self._at for length in range(len(path)))


def _holds(tree: KeyTree, path: ResponsePath) -> bool:
    """Whether a fetch that answers the tree answers what is at the path, lists aside."""
    found: KeyTree | None = tree
    for part in path:
        if isinstance(part, str):
            found = found.children.get(part) if found is not None else None
    return found is not None


def entity_gaps(
    steps: Iterable[Step],
    data: dict[str, Any],
    errors: list[SubgraphError],
    known: Iterable[Gap],
) -> list[Gap]:
    """The fields that entities lack because what their fetch needs failed. O(objects x fields).

    In the order of the plan, so that what fails for want of a field that failed for want of another is found.
    """
    blame = Blame.of(errors)
    gaps: list[Gap] = []
    for gap in known:
        blame.add_gap(gap)
    for step in steps:
        if isinstance(step, EntityStep):
            for part in step.parts:
                for gap in _part_gaps(step, part, data, blame):
                    blame.add(gap.path, gap.cause)
                    gaps.append(gap)
    return gaps


def _part_gaps(step: EntityStep, part: EntityPart, data: dict[str, Any], blame: Blame) -> Iterator[Gap]:
    keys = tuple(key for key in part.tree.children if key != "__typename")
    for path, known_type, _ in part.represented():
        for located in islice(located_objects(data, path), MAX_PLACES):
            lacking = [key for key in keys if located.value.get(key) is None]
            cause = _cause(step, part, located, known_type, blame) if lacking else None
            if cause is None:
                # A context value that failed is sent as null: a null that is answered to it is an answer.
                lacking = [key for key in lacking if key not in located.value]
                cause = _context_cause(step, located, blame) if lacking else None
            if cause is not None:
                for key in lacking:
                    yield Gap((*located.path, key), cause)


def _cause(
    step: EntityStep, part: EntityPart, located: LocatedObject, known_type: str | None, blame: Blame
) -> SubgraphError | None:
    for name in required_names(part.requires):
        error = blame.below((*located.path, name))
        if error is not None:
            return error
    return _null_key(step, part, located, known_type or located.value.get("__typename"))


def _context_cause(step: EntityStep, located: LocatedObject, blame: Blame) -> SubgraphError | None:
    errors = map(blame.below, _context_paths(step, located))
    return next((error for error in errors if error is not None), None)


def _context_paths(step: EntityStep, located: LocatedObject) -> Iterator[ResponsePath]:
    """Where the values of context arguments come from: below the object that lies so far above."""
    for read in step.contexts:
        keys = response_keys(read.path)
        if keys:
            yield (*_climbed(located.path, read.climbs), keys[0])


def _climbed(path: ResponsePath, climbs: int) -> ResponsePath:
    """Above so many response keys, the indices of their lists included."""
    for _ in range(climbs):
        while path and isinstance(path[-1], int):
            path = path[:-1]
        path = path[:-1]
    return path


def _null_key(
    step: EntityStep, part: EntityPart, located: LocatedObject, typename: Any
) -> SubgraphError | None:
    if not isinstance(typename, str):
        return None
    for name in required_names(part.requires):
        non_null = step.possible.non_null.get(typename, frozenset())
        if name in non_null and name in located.value and located.value[name] is None:
            message = f"{typename}.{name} is null, so the object cannot be asked for."
            return SubgraphError(step.service, message, RESPONSE_VALIDATION_FAILED, located.path, False)
    return None


def places_of(steps: Iterable[Step], data: dict[str, Any], objects: Iterable[Any]) -> frozenset[ResponsePath]:
    """Where these objects are, of those that entities were asked for. O(data) when there are any."""
    wanted = {id(obj) for obj in objects}
    if not wanted:
        return frozenset()
    parts = chain.from_iterable(step.parts for step in steps if isinstance(step, EntityStep))
    found = (islice(located_objects(data, path), MAX_PLACES) for part in parts for path in part.paths)
    return frozenset(each.path for each in chain.from_iterable(found) if id(each.value) in wanted)


def untold(gaps: Iterable[Gap], data: Any, errors: list[SubgraphError]) -> list[SubgraphError]:
    """The causes, at the gaps that are null in the answer and not explained. O(total path length)."""
    blame = Blame.of(errors)
    told: list[SubgraphError] = []
    for gap in gaps:
        for place, path in islice(_nulls(data, gap), MAX_PLACES):
            if not blame.explains(place):
                error = replace(gap.cause, path=path)
                blame.add(path, error)
                told.append(error)
    return told


def _nulls(data: Any, gap: Gap) -> Iterator[tuple[ResponsePath, ResponsePath]]:
    """Where the answer is null because of the gap, and where the error belongs."""
    place = _null_at(data, gap.path)
    if place is not None:
        yield place, gap.path
    elif gap.below is not None and gap.below.children:
        for null in _nulls_below(_value_at(data, gap.path), gap.below, gap.path):
            yield null, null


def _nulls_below(value: Any, tree: KeyTree, path: ResponsePath) -> Iterator[ResponsePath]:
    if value is None:
        yield path
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from _nulls_below(element, tree, (*path, index))
    elif isinstance(value, dict):
        for key, below in tree.children.items():
            if key in value:
                yield from _nulls_below(value[key], below, (*path, key))


def _value_at(data: Any, path: ResponsePath) -> Any:
    """Nothing when the path leads nowhere."""
    for key in path:
        in_list = isinstance(data, list) and isinstance(key, int) and key < len(data)
        if not in_list and not (isinstance(data, dict) and key in data):
            return ()
        data = data[key]
    return data


def _null_at(data: Any, path: ResponsePath) -> ResponsePath | None:
    """Where on the way of the path the answer is null; None when it is not, or was not asked there."""
    for length, key in enumerate(path):
        if data is None:
            return path[:length]
        if isinstance(data, dict) and isinstance(key, str):
            if key not in data:
                return None
            data = data[key]
        elif isinstance(data, list) and isinstance(key, int) and key < len(data):
            data = data[key]
        else:
            return None
    return path if data is None else None

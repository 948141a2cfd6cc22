"""Which step must wait for which: by the keys one writes and the other reads.

A step reads the keys along its path (with `__typename` where a condition asks for it), the fields of its
representations and the values of its context arguments; it writes what its selection answers. A step
depends on every step before it in the plan that writes something it reads. The order of the plan
(`Footprint.before`) bounds the search: a later step is never a dependency.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias, assert_never

from router.executor.paths import PathStep
from router.executor.selection import Keys, KeyTree, Types, Write, both
from router.plan import Each, KeyRenamer, Parent, RequiredField, RequiredSelection, TypeCondition

ResponseSteps: TypeAlias = tuple[PathStep, ...]
_PathKeys: TypeAlias = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a step touches. `before` are the steps the plan puts ahead of it; `paths` where it merges.

    `parts` has an entry for each `_entities` field of a batch, else one: what it writes.

    `depends_on_place`: what it answers depends on where an object is, not only on its representation.
    """

    before: frozenset[int]
    reads: frozenset[Keys]
    parts: tuple[frozenset[Write], ...]
    paths: tuple[ResponseSteps, ...]
    depends_on_place: bool

    @property
    def writes(self) -> frozenset[Keys]:
        return frozenset(keys for part in self.parts for keys, _ in part)


def dependencies(footprints: list[Footprint], *, in_plan_order: bool) -> list[frozenset[int]]:
    """O(steps squared x keys). `in_plan_order` keeps every order of the plan: mutations are serial."""
    if in_plan_order:
        return [footprint.before for footprint in footprints]
    writes = [footprint.writes for footprint in footprints]
    return [
        frozenset(i for i in footprint.before if not footprint.reads.isdisjoint(writes[i]))
        for footprint in footprints
    ]


def held_at(steps: ResponseSteps) -> tuple[Keys, tuple[Types, ...], Types]:
    """The keys of a path, the types of the objects that hold them, and those of the objects at its end."""
    types: list[Types] = [None]
    for step in steps:
        if step.key is not None:
            types.append(step.types)
        else:
            types[-1] = both(types[-1], step.types)
    keys = tuple(step.key for step in steps if step.key is not None)
    return keys, tuple(types[:-1]), types[-1]


def path_reads(steps: ResponseSteps) -> set[Keys]:
    reads: set[Keys] = set()
    keys: Keys = ()
    for step in steps:
        if step.key is not None:
            keys = (*keys, step.key)
            reads.add(keys)
        if step.types is not None:
            reads.add((*keys, "__typename"))
    return reads


def required_reads(base: Keys, selections: tuple[RequiredSelection, ...]) -> set[Keys]:
    reads: set[Keys] = {(*base, "__typename")}
    for selection in selections:
        if isinstance(selection, RequiredField):
            path = (*base, selection.name)
            reads.add(path)
            if selection.selections:
                reads |= required_reads(path, selection.selections)
        else:
            reads |= required_reads(base, selection.selections)
    return reads


def context_reads(base: Keys, rewrite: KeyRenamer) -> set[Keys]:
    keys = base
    reads: set[Keys] = set()
    for step in rewrite.path:
        match step:
            case Parent():
                keys = keys[:-1]
            case TypeCondition():
                reads.add((*keys, "__typename"))
            case str():
                keys = (*keys, step)
                reads.add(keys)
            case Each():
                pass
            case _:
                assert_never(step)
    return reads


class Sharing(Enum):
    """Which objects with equal representations may have the entity's inner objects in common.

    Sharing is what makes an answer with much repetition cheap: what lies in shared objects is fetched for,
    merged and projected once. It is right where every place that shares is filled alike by later steps.
    """

    ALL = "all"
    OF_ONE_PATH = "of one path"
    NOBODY = "nobody"


class Conflicts:
    """Where the steps of a plan touch each other, found once for all parts. O(steps x keys x depth)."""

    def __init__(self, footprints: Iterable[Footprint]) -> None:
        self._writers: dict[Keys, dict[tuple[Types, ...], set[tuple[int, int]]]] = {}
        self._below: dict[_PathKeys, list[tuple[Footprint, ResponseSteps]]] = {}
        for number, footprint in enumerate(footprints):
            for part, writes in enumerate(footprint.parts):
                for written, types in writes:
                    self._writers.setdefault(written, {}).setdefault(types, set()).add((number, part))
            for path in dict.fromkeys(footprint.paths):
                keys = tuple(step.key for step in path)
                for length in range(len(path)):
                    self._below.setdefault(keys[:length], []).append((footprint, path))

    def contested(self, step: int, part: int, writes: frozenset[Write]) -> frozenset[Keys]:
        """The keys that something else writes too, in objects of the same type.

        `__typename` aside, which is the same from everyone.
        """
        own = {(step, part)}
        return frozenset(
            keys
            for keys, types in writes
            if keys[-1] != "__typename"
            and any(
                writers != own and _may_meet(types, other) for other, writers in self._writers[keys].items()
            )
        )

    def sharing(self, paths: Iterable[ResponseSteps], tree: KeyTree) -> Sharing:
        """How far the entities that are merged at `paths` may be shared.

        Fetches below one of the paths fill its objects only: another path needs its own. When they reach
        them under type conditions that this step does not have, or take arguments from above
        (`Footprint.depends_on_place`), even two objects of one path may differ inside.
        """
        if tree.is_flat:
            return Sharing.ALL
        own = frozenset(paths)
        places = {tuple(step.key for step in path) for path in own}
        below = [each for place in places for each in self._below.get(place, ())]
        lengths = {len(path) for path in own}
        for footprint, path in below:
            if footprint.depends_on_place or not any(path[:length] in own for length in lengths):
                return Sharing.NOBODY
        return Sharing.OF_ONE_PATH if below else Sharing.ALL


def _may_meet(first: tuple[Types, ...], second: tuple[Types, ...]) -> bool:
    """Whether there may be objects of the types of both, all the way."""
    return all(
        own is None or other is None or not own.isdisjoint(other)
        for own, other in zip(first, second, strict=True)
    )

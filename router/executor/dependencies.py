"""Which step must wait for which: by the keys one writes and the other reads.

A step reads the keys along its path (with `__typename` where a condition asks for it), the fields of its
representations and the values of its context arguments; it writes what its selection answers. A step
depends on every step before it in the plan that writes something it reads. The order of the plan
(`Footprint.before`) bounds the search: a later step is never a dependency.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias, assert_never

from router.executor.paths import PathStep
from router.executor.selection import Keys, KeyTree
from router.plan import Each, KeyRenamer, Parent, RequiredField, RequiredSelection, TypeCondition

ResponseSteps: TypeAlias = tuple[PathStep, ...]
_PathKeys: TypeAlias = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a step touches. `before` are the steps the plan puts ahead of it; `paths` where it merges.

    `part_writes` has an entry for each `_entities` field of a batch, else one.

    `depends_on_place`: what it answers depends on where an object is, not only on its representation.
    """

    before: frozenset[int]
    reads: frozenset[Keys]
    part_writes: tuple[frozenset[Keys], ...]
    paths: tuple[ResponseSteps, ...]
    depends_on_place: bool

    @property
    def writes(self) -> frozenset[Keys]:
        return frozenset().union(*self.part_writes)


def dependencies(footprints: list[Footprint], *, in_plan_order: bool) -> list[frozenset[int]]:
    """O(steps squared x keys). `in_plan_order` keeps every order of the plan: mutations are serial."""
    return [
        footprint.before
        if in_plan_order
        else frozenset(i for i in footprint.before if not footprint.reads.isdisjoint(footprints[i].writes))
        for footprint in footprints
    ]


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
        self._writers: Counter[Keys] = Counter()
        self._below: dict[_PathKeys, list[tuple[Footprint, ResponseSteps]]] = {}
        for footprint in footprints:
            for writes in footprint.part_writes:
                self._writers.update(writes)
            for path in dict.fromkeys(footprint.paths):
                keys = tuple(step.key for step in path)
                for length in range(len(path)):
                    self._below.setdefault(keys[:length], []).append((footprint, path))

    def merges_deeply(self, writes: frozenset[Keys]) -> bool:
        """Something else writes a key this part writes (`__typename` aside, the same from everyone)."""
        return any(self._writers[key] > 1 for key in writes if key[-1] != "__typename")

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

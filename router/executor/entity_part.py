"""One `_entities` field of a fetch: what it asks for, and for whom."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from router.executor.dependencies import Sharing
from router.executor.representations import Gather, Representation
from router.executor.selection import KeyTree
from router.executor.steps import Target
from router.plan import RequiredSelection, Rewrite


@dataclass(frozen=True, slots=True)
class EntityPart:
    """One `_entities` field of a request.

    `tree` is what it answers. `merges_deeply`: another step writes some of the same keys. `sharing` says
    which objects may share what an entity has inside, when they share its representation.
    """

    alias: str
    variable: str
    targets: tuple[Target, ...]
    tree: KeyTree
    requires: tuple[RequiredSelection, ...]
    input_rewrites: tuple[Rewrite, ...]
    gather: Gather
    output_rewrites: tuple[Rewrite, ...]
    merges_deeply: bool
    sharing: Sharing


@dataclass(slots=True)
class Owners:
    """The objects of one path that have a representation, and the index of each one's."""

    objects: list[dict[str, Any]] = field(default_factory=list)
    indices: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Gathered:
    """What one part asks for, and for whom: `owners` has an entry per path."""

    part: EntityPart
    representations: list[Representation] = field(default_factory=list)
    owners: list[Owners] = field(default_factory=list)

    def add(self, objects: list[dict[str, Any]], seen: dict[Any, int]) -> bool:
        """Whether some object lacks a key it needs."""
        owners = Owners()
        self.owners.append(owners)
        return self.part.gather(objects, seen, self.representations, owners.objects, owners.indices)

    def places(self) -> int:
        """How many objects share an answer at most. O(objects)."""
        if not self.representations:
            return 1
        counts = Counter(index for owners in self.owners for index in owners.indices)
        return max(counts.values(), default=1)

    def objects_of(self, index: int) -> list[dict[str, Any]]:
        return [
            obj
            for owners in self.owners
            for obj, own in zip(owners.objects, owners.indices, strict=True)
            if own == index
        ]

"""What one request to a subgraph asks for, and for whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from router.executor.code.gather import Owning
from router.executor.code.representation import Representation
from router.executor.dependencies import ResponseSteps, Sharing
from router.executor.selection import KeyTree
from router.plan import PartAlone, RequiredSelection, Rewrite


@dataclass(frozen=True, slots=True)
class EntityPart:
    """One `_entities` field of a request: what it asks for, and for the objects at which paths.

    `tree` is what it answers. `contested` are the keys in it that another step writes as well, or something
    below. `sharing` says which objects may share what an entity has inside, when they share a representation.
    `known_types` has the type of the objects at each path, None where their name has to be read.
    """

    alias: str
    variable: str
    paths: tuple[ResponseSteps, ...]
    tree: KeyTree
    requires: tuple[RequiredSelection, ...]
    input_rewrites: tuple[Rewrite, ...]
    output_rewrites: tuple[Rewrite, ...]
    contested: frozenset[str]
    sharing: Sharing
    alone: PartAlone | None = None
    known_types: tuple[str | None, ...] = ()

    def represented(self) -> Iterator[tuple[ResponseSteps, str | None, int]]:
        """Each path with the type of its objects, where the plan knows that, and its slot."""
        return zip(self.paths, self.known_types or (None,) * len(self.paths), self.slots, strict=True)

    @property
    def slots(self) -> tuple[int, ...]:
        """For each path where its objects are kept: those in one slot may share, as far as `sharing` says."""
        apart = self.sharing is Sharing.OF_ONE_PATH
        return tuple(number if apart else 0 for number in range(len(self.paths)))


@dataclass(slots=True, eq=False)
class Asked:
    """What one part asks for. `owners` are the objects of each slot and representation.

    `lacks_keys`: a null where the schema has none kept some object from being asked for.
    """

    part: EntityPart
    representations: list[Representation]
    owners: Owning
    lacks_keys: bool

    def places(self) -> int:
        """How many objects share an answer at most. O(representations)."""
        if len(self.owners) == 1:
            return max(map(len, self.owners[0]), default=1)
        return max((sum(map(len, objects)) for objects in zip(*self.owners, strict=True)), default=1)

    def objects(self) -> list[Any]:
        return [obj for slot in self.owners for objects in slot for obj in objects]

    def objects_of(self, index: int) -> list[Any]:
        return [obj for slot in self.owners for obj in slot[index]]


@dataclass(slots=True, eq=False)
class InFlight:
    """One request: its parts, and the values of its context arguments."""

    asked: list[Asked]
    context: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_needed(self) -> bool:
        """Whether there is anything to ask for."""
        return any(each.representations for each in self.asked)

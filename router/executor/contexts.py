"""Context arguments (`@fromContext`): variables of a request whose values lie above the objects it is for.

Objects are grouped by the values their arguments take, and each group is asked for by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from router.executor.possible_types import PossibleTypes
from router.executor.rewrites import value_at
from router.json import dumps
from router.plan import PARENT, KeyRenamer, Path


@dataclass(frozen=True, slots=True)
class ContextRead:
    """One argument: its variable, how many objects up its value lies, and the path from there."""

    variable: str
    climbs: int
    path: Path

    @classmethod
    def of(cls, rewrite: KeyRenamer) -> ContextRead:
        climbs = rewrite.path.count(PARENT)
        return cls(rewrite.rename_to, climbs, rewrite.path[climbs:])


Group = tuple[dict[str, Any], list[list[Any]]]
"""The values of the arguments, and the objects of each path that they are for."""


def group_by_context(
    rows: list[list[Any]], reads: tuple[ContextRead, ...], possible: PossibleTypes
) -> list[Group]:
    """Of each path's rows (where each argument's value is to be read, and the object). O(rows)."""
    groups: dict[bytes, Group] = {}
    for number, own in enumerate(rows):
        for *starts, obj in own:
            values = {
                read.variable: value_at(start, read.path, possible)
                for read, start in zip(reads, starts, strict=True)
            }
            group = groups.setdefault(dumps(values), (values, [[] for _ in rows]))
            group[1][number].append(obj)
    return list(groups.values())

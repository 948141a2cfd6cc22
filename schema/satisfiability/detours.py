"""Keys that only open their subgraph because that subgraph itself helps to find their fields.

    T @key(fields: "org { code }") in b;  a has T.org with the key of O;  b has O.code by that key

From T in a, `org { code }` is found by entering b at O, and then opens b at T. We plan that. Other composers
and routers fetch a key's fields from elsewhere only, so for them there is no way: users should know that
their graph needs this one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from schema.satisfiability.budget import Budget
from schema.satisfiability.conditions import Conditions
from schema.satisfiability.model import Key, SubgraphView
from schema.satisfiability.places import Place, Places
from schema.satisfiability.refine import Unfinished, walk_operations


class Detour(NamedTuple):
    """The key, and the place it opens."""

    key: Key
    target: Place


def find_detours(places: Places, conditions: Conditions, budget: Budget) -> list[Detour]:
    """The detours without which some operation could not be answered, once all can. Looks at nested keys
    only, and walks again only when one of them is a detour.
    """
    found = frozenset(_Detours(places, conditions).find())
    if not found:
        return []
    closed = Conditions(places, lambda key, target: (key, target) in found)
    try:
        needed = bool(walk_operations(places, closed, budget).failures)
    except Unfinished as unfinished:
        needed = bool(unfinished.findings.failures)
    return sorted(found, key=lambda detour: (detour.target.order, detour.key.text)) if needed else []


class _Detours:
    def __init__(self, places: Places, conditions: Conditions) -> None:
        self._places = places
        self._conditions = conditions
        self._alone: dict[SubgraphView, Conditions] = {}

    def find(self) -> Iterator[Detour]:
        for origin in self._conditions.origins():
            entries = self._places.entries(origin.view.name)
            nested = [(key, targets) for key, targets in entries if any(len(path) > 1 for path in key.paths)]
            reached = self._conditions.reach(origin) if nested else frozenset()
            for key, targets in nested:
                for target in targets:
                    if target in reached and not self._opens(key, origin, target):
                        yield Detour(key, target)

    def _opens(self, key: Key, origin: Place, target: Place) -> bool:
        """Are the key's fields found without entering the subgraph it opens? (When they are not found from
        here at all, another key did it.)"""
        if not self._conditions.all_hold(origin, key.paths):
            return True
        return self._without(target.subgraph).all_hold(origin, key.paths)

    def _without(self, subgraph: SubgraphView) -> Conditions:
        found = self._alone.get(subgraph)
        if found is None:
            found = Conditions(self._places, lambda _key, place: place.subgraph is subgraph)
            self._alone[subgraph] = found
        return found

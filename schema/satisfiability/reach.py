"""The places of one object that keys lead to from where one stands, found step by step.

Each new place is asked once for every field some key still waits for. A key whose last field is found opens
its targets, which are new places. What a place could not answer yet, because that depends on something
unknown, is kept and asked again when that becomes known. So a chain of keys through n subgraphs costs n
places times the keys that wait, not n times the whole chain.
"""

from __future__ import annotations

from collections.abc import Callable

from schema.satisfiability.model import Key
from schema.satisfiability.places import Place, Places
from schema.satisfiability.selections import Path

Ask = Callable[[Place, Path], tuple[bool, bool]]
"""Can this very place answer the path? And if not, may it later?"""

Closed = Callable[[Key | None, Place], bool]
"""May the key not open the place? None stands for going from a root type to the same one elsewhere."""


def nothing_closed(_key: Key | None, _place: Place) -> bool:
    """Every key opens what it says."""
    return False


class _Waiting:
    """A key with the paths still missing and the places it opens."""

    __slots__ = ("missing", "targets")

    def __init__(self, missing: set[Path], targets: list[Place]) -> None:
        self.missing = missing
        self.targets = targets


class Reach:
    """What is known so far of the places reached from `origin`."""

    __slots__ = ("_again", "_closed", "_names", "_new", "_origin", "_places", "_waiting", "found")

    def __init__(self, origin: Place, places: Places, closed: Closed) -> None:
        self._origin = origin
        self._closed = closed
        self._places = places
        self.found: dict[Place, None] = {}
        self._new = [origin]
        self._names: set[str] = set()
        self._waiting: dict[Path, list[_Waiting]] = {}
        self._again: list[tuple[Place, Path]] = []

    def advance(self, ask: Ask) -> bool:
        """Goes as far as is known; whether that was further than before."""
        before = len(self.found)
        again, self._again = self._again, []
        for place, path in again:
            if path in self._waiting:
                self._try(place, path, ask)
        while self._new:
            place = self._new.pop()
            self._expect_keys(place, ask)
            jumps = self._places.root_jumps(place)
            self._reach([target for target in jumps if not self._closed(None, target)])
            for path in list(self._waiting):
                if path in self._waiting:
                    self._try(place, path, ask)
        return len(self.found) > before

    def _expect_keys(self, place: Place, ask: Ask) -> None:
        """Waits for the keys of the place's type: an interface object brings those of its interface."""
        if place.view.name in self._names:
            return
        self._names.add(place.view.name)
        known = [self._origin, *self.found]
        for key, targets in self._places.entries(place.view.name):
            waiting = _Waiting(set(key.paths), [t for t in targets if not self._closed(key, t)])
            for path in key.paths:
                is_new = path not in self._waiting
                self._waiting.setdefault(path, []).append(waiting)
                for other in known if is_new else ():
                    if other is not place and path in self._waiting:
                        self._try(other, path, ask)

    def _try(self, place: Place, path: Path, ask: Ask) -> None:
        answered, later = ask(place, path)
        if answered:
            for waiting in self._waiting.pop(path):
                waiting.missing.discard(path)
                if not waiting.missing:
                    self._reach(waiting.targets)
        elif later:
            self._again.append((place, path))

    def _reach(self, targets: list[Place]) -> None:
        for target in targets:
            if target.subgraph is not self._origin.subgraph and target not in self.found:
                self.found[target] = None
                self._new.append(target)

"""Which subgraphs can be entered from a place, and which selections can be fetched from it.

    reach(place)        every place of the same object that keys lead to, through any number of subgraphs
    holds(place, path)  the value at the end of a path can be fetched, going to other subgraphs where needed

The two need each other: a key leads on when its fields can be fetched, and a field can be fetched where a key
leads. Both are the least solution of monotone rules (a key that needs itself leads nowhere), found by a
worklist: a goal starts as "no", is evaluated with what is known, and again when something it used has
changed.

A goal is made once, and only the places one arrives at and the conditions asked there are goals. Together
they cost O(places · (keys + condition paths) · subgraphs of the type), whatever the number of paths through
the graph.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from schema.satisfiability.model import FieldView, Kind
from schema.satisfiability.places import TYPENAME, Place, Places
from schema.satisfiability.reach import Closed, Reach, nothing_closed
from schema.satisfiability.selections import Cast, Path


class Holds(NamedTuple):
    """Can the path be fetched from the place? `inside` tells that the place was reached by a field or a cast:
    a field with @requires then needs a key to come back to after its inputs were fetched elsewhere."""

    place: Place
    path: Path
    inside: bool


Goal: TypeAlias = Holds | Place
"""A place stands for the question which other places keys, or a shared root type, lead to from it."""


class Conditions:
    """The solver; remembers every goal it ever solved. What is `closed` no key opens."""

    def __init__(self, places: Places, closed: Closed = nothing_closed) -> None:
        self._places = places
        self._closed = closed
        self._holds: dict[Holds, bool] = {}
        self._reaches: dict[Place, Reach] = {}
        self._users: dict[Goal, set[Goal]] = {}
        self._reach: dict[Place, frozenset[Place]] = {}
        self._asked_in_vain = False
        self._queue: deque[Goal] = deque()
        self._current: Goal | None = None
        self.evaluations = 0
        """How much work was done so far: goals evaluated, places asked for a path."""

    def reach(self, place: Place) -> frozenset[Place]:
        """The places keys lead to from this one, itself and its own subgraph left out."""
        known = self._reach.get(place)
        if known is None:
            found = self._reachable(place)
            self._solve()
            known = self._reach[place] = frozenset(found)
        return known

    def origins(self) -> list[Place]:
        """The places whose reach was asked for, in the order of asking."""
        return list(self._reach)

    def holds(self, place: Place, path: Path) -> bool:
        """Whether the path can be fetched from the place."""
        goal = Holds(place, path, inside=False)
        self._known(goal)
        self._solve()
        return self._holds[goal]

    def all_hold(self, place: Place, paths: Iterable[Path]) -> bool:
        return all(self.holds(place, path) for path in paths)

    def _solve(self) -> None:
        """Evaluates until nothing changes."""
        while self._queue:
            goal = self._queue.popleft()
            self._current = goal
            changed = self._evaluate(goal)
            self._current = None
            if changed:
                self._queue.extend(self._users.pop(goal, ()))

    def _evaluate(self, goal: Goal) -> bool:
        if isinstance(goal, Place):
            return self._reaches[goal].advance(self._ask)
        if self._holds[goal] or not self._fetchable(goal):
            return False
        self._holds[goal] = True
        return True

    def _known(self, goal: Holds) -> bool:
        """What is known of a goal so far; who asks is evaluated again when it changes."""
        value = self._holds.get(goal)
        if value is None:
            value = self._holds[goal] = _is_plain(goal)
            if not value:
                self._queue.append(goal)
        if not value:
            self._asked_in_vain = True
            if self._current is not None:
                self._users.setdefault(goal, set()).add(self._current)
        return value

    def _reachable(self, place: Place) -> dict[Place, None]:
        """The places known to be reached so far; who asks is evaluated again when there are more."""
        reach = self._reaches.get(place)
        if reach is None:
            asking, self._current = self._current, place
            reach = self._reaches[place] = Reach(place, self._places, self._closed)
            reach.advance(self._ask)
            self._current = asking
        if self._current is not None:
            self._users.setdefault(place, set()).add(self._current)
        return reach.found

    def _ask(self, place: Place, path: Path) -> tuple[bool, bool]:
        self._asked_in_vain = False
        answered = self._here(place, path, False)
        return answered, self._asked_in_vain

    def _fetchable(self, goal: Holds) -> bool:
        if not goal.path:
            return True
        if self._here(goal.place, goal.path, goal.inside):
            return True
        return any(self._here(other, goal.path, False) for other in self._reachable(goal.place))

    def _here(self, place: Place, path: Path, inside: bool) -> bool:
        """Can the first step be taken at this very place, and the rest from where it leads?"""
        self.evaluations += 1
        step, rest = path[0], path[1:]
        if isinstance(step, Cast):
            return self._cast(place, step, rest)
        if step == TYPENAME:
            return not place.view.interface_object
        match place.view.kind:
            case Kind.OBJECT:
                field = place.resolved.get(step)
                return field is not None and self._field(place, field, rest, inside)
            case Kind.INTERFACE:
                field = self._places.interface_field(place, step)
                if field is not None and self._field(place, field, rest, inside):
                    return True
                return self._explode(place, place.view.runtime_types, path)
            case Kind.UNION:
                return False

    def _field(self, place: Place, field: FieldView, rest: Path, inside: bool) -> bool:
        """A field on the move by a label, or with a context to find, is no ground to build a condition on."""
        if field.label or field.contexts:
            return False
        if field.requires and inside and not place.view.has_local_key:
            return False
        if not all(self._known(Holds(place, path, inside=False)) for path in field.requires):
            return False
        return self._continue(self._places.follow(place, field), rest)

    def _continue(self, place: Place | None, rest: Path) -> bool:
        if place is None or not rest:
            return not rest
        return self._known(Holds(place, rest, inside=True))

    def _cast(self, place: Place, step: Cast, rest: Path) -> bool:
        if step.type == place.view.name:
            return self._continue(place, rest)
        if place.view.kind is not Kind.OBJECT:
            return self._narrow(place, step, rest)
        above = self._places.views.supertypes
        if step.type in above.get(place.view.name, ()):
            return self._continue(place, rest)
        if place.view.interface_object and place.view.name in above.get(step.type, ()):
            return self._known(Holds(place, (TYPENAME,), inside=False)) and self._continue(place, rest)
        # An object that is of no such type has nothing to give: under `... on Node { ... on User { name } }`,
        # every implementation of Node but User.
        return not place.view.interface_object

    def _narrow(self, place: Place, step: Cast, rest: Path) -> bool:
        if step.type in place.view.runtime_types:
            return self._continue(self._places.cast(place, step.type), rest)
        above = self._places.views.supertypes
        common = [name for name in place.view.runtime_types if step.type in above.get(name, ())]
        return self._explode(place, common, rest)

    def _explode(self, place: Place, runtime_types: Iterable[str], path: Path) -> bool:
        """Ask each runtime type on its own: all must answer, and there must be one."""
        answers = [self._continue(self._places.cast(place, name), path) for name in sorted(runtime_types)]
        return bool(answers) and all(answers)


def _is_plain(goal: Holds) -> bool:
    """Is it one field that the place itself resolves, whatever else is known? Most keys are."""
    place, path, _ = goal
    if len(path) != 1 or place.view.kind is not Kind.OBJECT or isinstance(path[0], Cast):
        return False
    field = place.resolved.get(path[0])
    return field is not None and not field.conditional

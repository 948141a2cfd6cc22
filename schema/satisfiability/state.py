"""Where the walk is: an object type clients asked for, and every place a plan may be at by then.

    clients:    Query ──users──> User ──... on Admin──> Admin
    subgraphs:  {Query in a, Query in b} → {User in a, User in b} → {Admin in a, Admin in b}

`arrived` are the places the last step led to; `open` adds the places keys lead to from those. A state with
more open places can answer all a state with fewer can, so the one with more need not be looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

from schema.satisfiability.places import Place
from schema.satisfiability.selections import Cast


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the operation: a field with its sample arguments, or a type condition."""

    name: str | Cast
    arguments: tuple[str, ...] = ()


Labels = frozenset[tuple[str, bool]]
"""The override labels decided on the way; a label has one value within an operation."""

Contexts = frozenset[tuple[str, Place]]
"""For each context set on the way, the places that can be asked for its value."""


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """A position of the walk. `parent` and `step` tell how it was reached; roots have neither."""

    operation: str
    type: str
    arrived: frozenset[Place]
    reachable: frozenset[Place]
    labels: Labels = frozenset()
    contexts: Contexts = frozenset()
    parent: State | None = None
    step: Step | None = None

    @property
    def open(self) -> frozenset[Place]:
        return self.arrived | self.reachable

    @property
    def demanding(self) -> frozenset[Place]:
        """Places that answer less than they would had they been entered by key: a field with @requires there
        needs a key to come back to. Only what was never entered by key counts."""
        return frozenset(place for place in self.arrived - self.reachable if not place.view.has_local_key)

    def steps(self) -> list[Step]:
        """The steps from the root."""
        found: list[Step] = []
        state: State | None = self
        while state is not None and state.step is not None:
            found.append(state.step)
            state = state.parent
        return found[::-1]


@dataclass(frozen=True, slots=True)
class _Visit:
    open: frozenset[Place]
    demanding: frozenset[Place]
    labels: Labels
    contexts: Contexts

    def answers_less_than(self, other: _Visit) -> bool:
        """Does all that can be answered here follow for the other? Then the other need not be looked at."""
        return (
            self.open <= other.open
            and self.labels <= other.labels
            and self.contexts <= other.contexts
            and not (other.demanding & (self.open - self.demanding))
        )


class Visits:
    """The states already looked at, by type; keeps only those no other makes superfluous."""

    def __init__(self) -> None:
        self._by_type: dict[str, list[_Visit]] = {}

    def covers(self, state: State) -> bool:
        """Was a state looked at that can answer no more than this one? If not, this one is now."""
        visits = self._by_type.setdefault(state.type, [])
        visit = _Visit(state.open, state.demanding, state.labels, state.contexts)
        if any(earlier.answers_less_than(visit) for earlier in visits):
            return True
        visits[:] = [earlier for earlier in visits if not visit.answers_less_than(earlier)]
        visits.append(visit)
        return False

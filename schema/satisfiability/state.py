"""Where the walk is: an object type clients asked for, and every place a plan may be at by then.

    clients:    Query ──users──> User ──... on Admin──> Admin
    subgraphs:  {Query in a, Query in b} → {User in a, User in b} → {Admin in a, Admin in b}

`arrived` are the places the last step led to; `open` adds the places keys lead to from those. Which states
need not be looked at is for `visits` to say.
"""

from __future__ import annotations

from dataclasses import dataclass

from schema.satisfiability.places import Place
from schema.satisfiability.selections import Cast

Decision = tuple[str, bool]
"""An override label and the value it has in an operation."""

Labels = frozenset[Decision]
"""The override labels decided on the way that the walk remembers; each has one value within an operation."""

Contexts = frozenset[tuple[str, Place]]
"""For each context set on the way, the places that can be asked for its value."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the operation: a field with its sample arguments, or a type condition. `decision` is the
    value of the label on that field, if it has one."""

    name: str | Cast
    arguments: tuple[str, ...] = ()
    decision: Decision | None = None


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

    def decisions(self) -> Labels:
        """Every label decided on the way, remembered or not."""
        return frozenset(step.decision for step in self.steps() if step.decision)

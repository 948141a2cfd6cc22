"""In which order states are looked at.

First come, first looked at: so the first operation found for a failure is a shortest one. But a walk that
meets large sets of places first can go through all their subsets before it meets the small ones that cover
them (`visits`). So once some type has been looked at in more states than any graph with keys has, the
smallest set comes first, the one met last among equals: at most as many steps down as a set has places, and
what is left is covered.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from heapq import heapify, heappop, heappush

from schema.satisfiability.state import State

CROWD = 100
"""States of one type after which the smallest set comes first."""

_Entry = tuple[int, int, int, State]
Order = Callable[[State], int]


class Agenda:
    """The states still to look at. With `towards`, those it has the smallest number for come first, from the
    beginning on.
    """

    def __init__(self, towards: Order | None = None) -> None:
        self._coming: deque[State] = deque()
        self._towards = towards
        self._smallest: list[_Entry] | None = None if towards is None else []
        self._pushed = 0
        self.taken: Counter[str] = Counter()

    def __bool__(self) -> bool:
        return bool(self._coming if self._smallest is None else self._smallest)

    @property
    def crowded(self) -> bool:
        """Has some type been looked at in so many states that the smallest sets come first?"""
        return self._smallest is not None

    def push(self, state: State) -> None:
        """Adds a state."""
        if self._smallest is None:
            self._coming.append(state)
        else:
            heappush(self._smallest, self._entry(state))

    def pop(self) -> State:
        """Takes the state to look at next."""
        state = heappop(self._smallest)[3] if self._smallest is not None else self._coming.popleft()
        self.taken[state.type] += 1
        if self._smallest is None and self.taken[state.type] > CROWD:
            self._smallest = [self._entry(state) for state in self._coming]
            heapify(self._smallest)
        return state

    def _entry(self, state: State) -> _Entry:
        self._pushed += 1
        size = len(state.open) + len(state.labels) + len(state.contexts)
        return 0 if self._towards is None else self._towards(state), size, -self._pushed, state

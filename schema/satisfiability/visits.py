"""Which states need not be looked at: those that can answer all that one already looked at can.

More open places only answer more, and so does a place entered by key rather than by a field (a field with
@requires there has a way back). Fewer decided labels are asked more, and fewer contexts hold less. So a state
is a set of facts, a state with a subset of the facts covers it, and only the minimal sets of a type are kept:
an antichain, as in checking automata for universality. Sets are integers with a bit per fact, so comparing
two takes one operation per thirty facts or so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator

from schema.satisfiability.budget import Budget
from schema.satisfiability.state import State

_COMPARISONS = 8
"""How many comparisons cost about as much as looking at one place."""


class Visits:
    """The states already looked at, by type; keeps only those no other makes superfluous."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._minimal: dict[str, list[int]] = defaultdict(list)
        self._bits: dict[str, dict[Hashable, int]] = defaultdict(dict)

    def covers(self, state: State) -> bool:
        """Was a state looked at that can answer no more than this one? If not, this one is now."""
        visits = self._minimal[state.type]
        facts = self._facts(state)
        self._budget.spend(1 + len(visits) // _COMPARISONS)
        if any(earlier & facts == earlier for earlier in visits):
            return True
        visits[:] = [earlier for earlier in visits if facts & earlier != facts]
        visits.append(facts)
        return False

    def _facts(self, state: State) -> int:
        bits = self._bits[state.type]
        facts = 0
        for fact in _facts(state):
            facts |= bits.setdefault(fact, 1 << len(bits))
        return facts


def _facts(state: State) -> Iterator[Hashable]:
    """What the state has; labels, contexts and ways in are pairs, so none is taken for a place."""
    demanding = state.demanding
    for place in state.open:
        yield place
        if place not in demanding:
            yield "entered by key", place
    yield from state.labels
    yield from state.contexts

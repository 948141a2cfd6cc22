"""Walks with as few override labels remembered as the question needs.

A label has one value within an operation, but a state for every combination of the labels met on the way
would be 2ⁿ states. So the first walk remembers none: it tries both values wherever a label is met. What it
finds no fault with has none. When a failure it found decides a label both ways, no such operation exists, and
the next walk remembers that label; until nothing found contradicts itself. At most one round per label that
matters, none for the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from schema.satisfiability.budget import Budget, BudgetExceeded
from schema.satisfiability.conditions import Conditions
from schema.satisfiability.findings import AnyFailure, Failure, Findings, MutationFailure
from schema.satisfiability.naming import name_the_rest
from schema.satisfiability.places import Places
from schema.satisfiability.relevance import Relevance
from schema.satisfiability.state import Labels
from schema.satisfiability.walk import Walk


class Unfinished(Exception):
    """The budget is spent. `findings` is what was found and holds; `taken` counts the states of each type,
    `remembered` are the labels that had to be told apart."""

    def __init__(self, findings: Findings, taken: Counter[str], remembered: frozenset[str]) -> None:
        super().__init__()
        self.findings = findings
        self.taken = taken
        self.remembered = remembered


def walk_operations(places: Places, conditions: Conditions, budget: Budget) -> Findings:
    """What is wrong with the operations clients could write; raises Unfinished."""
    relevance = Relevance(places.views)
    remembered: frozenset[str] = frozenset()
    while True:
        walk = Walk(places, conditions, relevance, budget, remembered)
        try:
            walk.from_roots()
        except BudgetExceeded:
            raise Unfinished(_consistent(walk.findings), walk.agenda.taken, remembered) from None
        contradicted = _contradicted(walk.findings)
        if not contradicted:
            if walk.agenda.crowded and walk.findings.failures:
                name_the_rest(walk)
            return walk.findings
        remembered |= contradicted


def _contradicted(findings: Findings) -> frozenset[str]:
    decided = [labels for failure in findings.failures for labels in _decisions(failure)]
    decided += [found.state.decisions() | found.labels for found in findings.runtime_types]
    return frozenset(name for labels in decided for name, value in labels if (name, not value) in labels)


def _decisions(failure: AnyFailure) -> Iterator[Labels]:
    """The labels each operation decides that a failure rests on."""
    decided = failure.state.decisions()
    yield decided | failure.labels if isinstance(failure, Failure) else decided
    if isinstance(failure, MutationFailure):
        for failures in failure.by_subgraph.values():
            for inner in failures:
                yield from _decisions(inner)


def _consistent(findings: Findings) -> Findings:
    return Findings(
        [failure for failure in findings.failures if not _contradicted(Findings([failure]))],
        [found for found in findings.runtime_types if not _contradicted(Findings([], [found]))],
    )

"""After a walk that went smallest sets first and failed: which other fields fail?

Smallest sets first says soonest whether anything fails, but a set that covers others stands for them: below
a field that already fails there nothing is looked at, and what only the others reach is not named. So each
field that some subgraph of its type lacks, and that is not named yet, is sought once more on its own: the
walk goes first where the fewest places are left that resolve it. Where it was shared by all but one that
takes as many steps as there are subgraphs. What has not failed within its part of the work is not named; the
verdict does not depend on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from schema.satisfiability.agenda import Agenda
from schema.satisfiability.budget import Budget, BudgetExceeded
from schema.satisfiability.findings import AnyFailure, Failure
from schema.satisfiability.model import Views
from schema.satisfiability.state import State
from schema.satisfiability.walk import Walk

WORK = 1_000_000
"""For all fields together: half of what a check may do."""
WORK_PER_FIELD = 100_000

Coordinate = tuple[str, str]


def name_the_rest(walk: Walk) -> None:
    """Adds further failures to what a crowded walk found; charges its budget, as long as there is any."""
    allowed = min(WORK, walk.budget.left)
    left, known = allowed, {c for failure in walk.findings.failures if (c := _coordinate(failure))}
    for target in _may_fail(walk.places.views, walk.agenda.taken):
        if target in known or left <= 0:
            continue
        budget = Budget(min(WORK_PER_FIELD, left))
        given = budget.left
        for failure in _sought(walk, target, budget):
            if (coordinate := _coordinate(failure)) and coordinate not in known:
                known.add(coordinate)
                walk.findings.failures.append(failure)
        left -= given - max(0, budget.left)
    walk.budget.spend(allowed - max(0, left))


def _sought(walk: Walk, target: Coordinate, budget: Budget) -> Iterator[AnyFailure]:
    """What fails on the way to a state where the target does."""
    agenda = Agenda(towards=_Resolvers(walk.places.views, target))
    search = Walk(walk.places, walk.conditions, walk.relevance, budget, walk.remembered, agenda=agenda)
    with suppress(BudgetExceeded):
        search.from_roots(until=lambda: any(_coordinate(f) == target for f in search.findings.failures[-1:]))
    yield from filter(_is_an_operation, search.findings.failures)


class _Resolvers:
    """How many places of a state are in subgraphs that resolve the target's field."""

    def __init__(self, views: Views, target: Coordinate) -> None:
        type_name, field = target
        self._graphs = frozenset(
            subgraph.position
            for subgraph in views.subgraphs
            if type_name in subgraph.types and field in subgraph.types[type_name].fields
        )

    def __call__(self, state: State) -> int:
        return sum(place.subgraph.position in self._graphs for place in state.open)


def _may_fail(views: Views, types: Iterable[str]) -> Iterator[Coordinate]:
    """Fields that clients see and that a subgraph with their type does not have."""
    for type_name in types:
        here = [subgraph.types[type_name] for subgraph in views.subgraphs if type_name in subgraph.types]
        for field in views.api.objects[type_name]:
            if any(field not in view.fields for view in here):
                yield type_name, field


def _coordinate(failure: AnyFailure) -> Coordinate | None:
    return (failure.state.type, failure.field.name) if isinstance(failure, Failure) else None


def _is_an_operation(failure: AnyFailure) -> bool:
    """Does it decide no label both ways?"""
    if not isinstance(failure, Failure):
        return False
    decided = failure.state.decisions() | failure.labels
    return not any((name, not value) in decided for name, value in decided)

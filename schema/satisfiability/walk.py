"""The walk: every operation clients could write, beside every way the subgraphs could answer it.

From a state, each field clients see is taken at once from all open places that resolve it; a field none
resolves is a failure. An abstract result is followed into each of its runtime types. Breadth first, so the
first operation that reaches a failure is a shortest one.

A state is explored once per type and set of open places, and not at all when a smaller set was (`Visits`).
For an entity all places lead to the same set, so there are about as many states as types, and the walk costs
O(states · join fields of a type). Shared value types without keys can have more sets; a budget on places
looked at ends the walk with MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from schema.satisfiability.conditions import Conditions
from schema.satisfiability.findings import Failure, Findings, MutationFailure, NoRuntimeType, RuntimeTypes
from schema.satisfiability.model import ApiField, FieldView, Kind
from schema.satisfiability.places import TYPENAME, Place, Places
from schema.satisfiability.relevance import Relevance
from schema.satisfiability.selections import Cast, Path
from schema.satisfiability.state import Contexts, Labels, State, Step, Visits


class BudgetExceeded(Exception):
    """The walk looked at more places than it was allowed to."""


@dataclass(slots=True)
class Budget:
    """How many places may still be looked at."""

    left: int

    def spend(self, places: int) -> None:
        self.left -= places
        if self.left < 0:
            raise BudgetExceeded


@dataclass(frozen=True, slots=True)
class Taken:
    """A field taken from a state: where it was resolved, and where that led (nowhere for a leaf)."""

    sources: tuple[Place, ...]
    tails: frozenset[Place]


@dataclass(slots=True)
class Walk:
    """One traversal; `findings` grows as it goes."""

    places: Places
    conditions: Conditions
    relevance: Relevance
    budget: Budget
    findings: Findings = field(default_factory=Findings)
    _visits: Visits = field(default_factory=Visits)
    _queue: deque[State] = field(default_factory=deque)
    _pushed: set[tuple[str, frozenset[Place], Labels, Contexts]] = field(default_factory=set)

    def from_roots(self) -> None:
        """Walks every operation."""
        for operation, type_name in self.places.views.api.roots.items():
            starts = frozenset(self.places.roots(operation))
            self._queue.append(State(operation, type_name, starts, frozenset()))
        self._run()

    def _run(self) -> None:
        while self._queue:
            state = self._queue.popleft()
            if self.relevance.may_disagree(state.type) or not self._visits.covers(state):
                self._explore(state)

    def _explore(self, state: State) -> None:
        by_name = self._available(state)
        self.budget.spend(len(state.open))
        for api_field in self.places.views.api.objects[state.type].values():
            for labels in _label_choices(state.labels, api_field):
                self._take(state, api_field, labels, by_name.get(api_field.name, []))

    def _available(self, state: State) -> dict[str, list[tuple[Place, FieldView, bool]]]:
        """Per field, the places that have it; the flag tells that a place was entered by key."""
        found: dict[str, list[tuple[Place, FieldView, bool]]] = {}
        for entered, by_key in [(p, p in state.reachable) for p in state.open]:
            place, keyed = self._as_object(entered, state.type, by_key)
            if place is not None:
                for view in place.resolved.values():
                    found.setdefault(view.name, []).append((place, view, keyed))
        return found

    def _as_object(self, place: Place, type_name: str, by_key: bool) -> tuple[Place | None, bool]:
        """The place as an object of the type; a key may have led to its interface."""
        if place.view.kind is Kind.OBJECT:
            return place, by_key
        if type_name in place.view.runtime_types:
            return self.places.cast(place, type_name), False
        return None, False

    def _take(
        self,
        state: State,
        api_field: ApiField,
        labels: Labels,
        available: list[tuple[Place, FieldView, bool]],
    ) -> None:
        sources, tails = [], set()
        for place, view, by_key in available:
            if view.conditional and not self._allowed(state, labels, place, view, by_key):
                continue
            sources.append(place)
            tail = self.places.follow(place, view)
            if tail is not None:
                tails.add(tail)
        if not sources:
            self.findings.failures.append(Failure(state, api_field, labels))
        elif not self.places.views.api.is_leaf(api_field.type):
            taken = Taken(tuple(sources), frozenset(tails))
            if state.parent is None and state.operation == "mutation":
                self._take_mutation(state, api_field, labels, taken)
            else:
                self._follow(state, api_field, labels, taken)

    def _allowed(self, state: State, labels: Labels, place: Place, view: FieldView, by_key: bool) -> bool:
        """Are the field's label, its @requires and its contexts satisfied at the place?"""
        if view.label and (view.label.name, view.label.value) not in labels:
            return False
        if view.requires:
            if not by_key and not place.view.has_local_key:
                return False
            if not self.conditions.all_hold(place, view.requires):
                return False
        return all(
            self._context_holds(state, argument.context, argument.paths) for argument in view.contexts
        ) and not (view.contexts and not place.view.has_local_key)

    def _context_holds(self, state: State, context: str, paths: tuple[Path, ...]) -> bool:
        """Some place that set the context can be asked for the selection; casts to other types do not
        count.
        """
        heads = [place for name, place in state.contexts if name == context]
        return any(
            self.conditions.all_hold(head, (p for p in paths if self._applies(head, p))) for head in heads
        )

    def _applies(self, head: Place, path: Path) -> bool:
        cast = path[0]
        return not isinstance(cast, Cast) or cast.type in {
            head.view.name,
            *self.places.views.supertypes.get(head.view.name, ()),
        }

    def _follow(self, state: State, api_field: ApiField, labels: Labels, taken: Taken) -> None:
        """Continues below a composite field."""
        api = self.places.views.api
        step = Step(api_field.name, api_field.arguments)
        contexts = self._contexts(state, taken.sources)
        if api_field.type in api.objects:
            self._push(state, step, api_field.type, taken.tails, labels, contexts)
            return
        agreement = self._runtime_types(state, api_field, taken.tails)
        if agreement is not None:
            self.findings.runtime_types.append(agreement)
            if not agreement.common:
                return
        between = State(
            state.operation,
            api_field.type,
            taken.tails,
            self._reach(taken.tails),
            labels,
            contexts,
            state,
            step,
        )
        for name in api.runtime_types[api_field.type]:
            self._narrow(between, name)

    def _narrow(self, state: State, type_name: str) -> None:
        """Follows an abstract result into one runtime type."""
        from_interface = state.type in self.places.views.api.interfaces
        for place in state.arrived:
            decided = from_interface and place.view.kind is Kind.OBJECT
            if not decided and type_name not in place.view.runtime_types:
                return  # this subgraph never returns the type here, so a shared field may not either
        casts = {self._cast(place, type_name) for place in state.open} - {None}
        if not casts:
            self.findings.failures.append(NoRuntimeType(state, type_name))
            return
        tails = frozenset(place for place in casts if place is not None)
        self._push(state, Step(Cast(type_name)), type_name, tails, state.labels, state.contexts)

    def _cast(self, place: Place, type_name: str) -> Place | None:
        view = place.view
        if view.name == type_name:
            return place
        if view.kind is not Kind.OBJECT:
            return self.places.cast(place, type_name) if type_name in view.runtime_types else None
        if view.interface_object and view.name in self.places.views.supertypes.get(type_name, ()):
            return place if self.conditions.holds(place, (TYPENAME,)) else None
        return None

    def _push(
        self,
        parent: State,
        step: Step,
        type_name: str,
        arrived: frozenset[Place],
        labels: Labels,
        contexts: Contexts,
    ) -> None:
        labels = self.relevance.labels(type_name, labels)
        contexts = self.relevance.contexts(type_name, contexts)
        position = (type_name, arrived, labels, contexts)
        if position in self._pushed:
            return
        self._pushed.add(position)
        self._queue.append(
            State(
                operation=parent.operation,
                type=type_name,
                arrived=arrived,
                reachable=self._reach(arrived),
                labels=labels,
                contexts=contexts,
                parent=parent,
                step=step,
            )
        )

    def _reach(self, places: frozenset[Place]) -> frozenset[Place]:
        if len(places) == 1:
            return self.conditions.reach(*places)
        return frozenset().union(*(self.conditions.reach(place) for place in places))

    def _contexts(self, state: State, sources: Iterable[Place]) -> Contexts:
        """The contexts below a field of this state: the nearest type that sets one counts."""
        names = self.places.views.contexts.get(state.type, frozenset())
        if not names:
            return state.contexts
        kept = {(name, place) for name, place in state.contexts if name not in names}
        return frozenset(kept | {(name, place) for name in names for place in sources})

    def _runtime_types(
        self, state: State, api_field: ApiField, tails: frozenset[Place]
    ) -> RuntimeTypes | None:
        """Do the subgraphs that share a field agree on the types it returns? None when they do."""
        if not api_field.shareable or sum(t.view.kind is not Kind.OBJECT for t in tails) < 2:
            return None
        possible = frozenset(self.places.views.api.runtime_types[api_field.type])
        by_subgraph = {
            tail.subgraph.name: tail.view.runtime_types
            for tail in sorted(tails, key=lambda tail: tail.order)
            if len(tail.view.runtime_types) != 1 or tail.view.runtime_types <= possible
        }
        sets = set(by_subgraph.values())
        if len(sets) < 2:
            return None
        common = possible.intersection(*sets)
        return RuntimeTypes(state, api_field, by_subgraph, common)

    def _take_mutation(self, state: State, api_field: ApiField, labels: Labels, taken: Taken) -> None:
        """A mutation runs once, in one subgraph: some subgraph must be able to answer all that follows it."""
        sources = sorted(taken.sources, key=lambda place: place.order)
        subgraphs = {place.subgraph.name: place.subgraph for place in sources}
        if len(subgraphs) < 2:
            self._follow(state, api_field, labels, taken)
            return
        failures: dict[str, list[Failure | NoRuntimeType | MutationFailure]] = {}
        for name, subgraph in subgraphs.items():
            walk = Walk(self.places, self.conditions, self.relevance, self.budget)
            part = Taken(
                tuple(place for place in taken.sources if place.subgraph is subgraph),
                frozenset(place for place in taken.tails if place.subgraph is subgraph),
            )
            walk._follow(state, api_field, labels, part)
            walk._run()
            self.findings.runtime_types.extend(walk.findings.runtime_types)
            failures[name] = walk.findings.failures
        agreement = self._runtime_types(state, api_field, taken.tails)
        if agreement is not None:
            self.findings.runtime_types.append(agreement)
            if not agreement.common:
                return
        if all(failures.values()):
            self.findings.failures.append(MutationFailure(state, api_field, failures))


def _label_choices(labels: Labels, api_field: ApiField) -> Iterator[Labels]:
    """Both values of a label on the field, but a label decided on the way keeps its value."""
    if api_field.label is None:
        yield labels
        return
    for value in (True, False):
        if (api_field.label, not value) not in labels:
            yield labels | {(api_field.label, value)}

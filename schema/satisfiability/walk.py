"""The walk: every operation clients could write, beside every way the subgraphs could answer it.

From a state, each field clients see is taken at once from all open places that resolve it; a field none
resolves is a failure. An abstract result is followed into each of its runtime types. Breadth first, so the
first operation that reaches a failure is a shortest one.

A state is explored once per type and set of open places, and not at all when a smaller set was (`visits`).
For an entity all places lead to the same set, so there are about as many states as types, and the walk costs
O(states · join fields of a type). Shared value types without keys can have more sets; those are looked at
smallest first (`agenda`), and a budget on all work ends the walk with MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED.

Which labels a state remembers is for the caller to say (`refine`). Of a label it forgets, both values are
tried wherever it is met, so the walk may find operations that contradict themselves, but misses none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from schema.satisfiability.agenda import Agenda
from schema.satisfiability.budget import Budget
from schema.satisfiability.conditions import Conditions
from schema.satisfiability.findings import Failure, Findings, MutationFailure, NoRuntimeType, RuntimeTypes
from schema.satisfiability.model import ApiField, FieldView, Kind
from schema.satisfiability.places import TYPENAME, Place, Places
from schema.satisfiability.relevance import Relevance
from schema.satisfiability.selections import Cast, Path
from schema.satisfiability.state import Contexts, Decision, Labels, State, Step
from schema.satisfiability.visits import Visits


@dataclass(frozen=True, slots=True)
class Taken:
    """A field taken from a state: the value its label has and all labels known below, where it was resolved,
    and where that led (nowhere for a leaf)."""

    decision: Decision | None
    labels: Labels
    sources: tuple[Place, ...]
    tails: frozenset[Place]


@dataclass(slots=True)
class Walk:
    """One traversal; `findings` grows as it goes."""

    places: Places
    conditions: Conditions
    relevance: Relevance
    budget: Budget
    remembered: frozenset[str] = frozenset()
    findings: Findings = field(default_factory=Findings)
    agenda: Agenda = field(default_factory=Agenda)
    _visits: Visits = field(init=False)
    _positions: set[tuple[str, frozenset[Place], Labels, Contexts]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._visits = Visits(self.budget)

    def from_roots(self, until: Callable[[], bool] = lambda: False) -> None:
        """Walks every operation, or `until` says that it is enough."""
        for operation, type_name in self.places.views.api.roots.items():
            starts = frozenset(self.places.roots(operation))
            self.agenda.push(State(operation, type_name, starts, frozenset()))
        self._run(until)

    def _run(self, until: Callable[[], bool] = lambda: False) -> None:
        while self.agenda and not until():
            state = self.agenda.pop()
            covered = self._visits.covers(state)
            if not covered or (self.relevance.may_disagree(state.type) and not self.agenda.crowded):
                self._explore(state)

    def _explore(self, state: State) -> None:
        by_name = self._available(state)
        fields = self.places.views.api.objects[state.type]
        self.budget.spend(len(fields))
        for api_field in fields.values():
            for decision in _decisions(state.labels, api_field):
                available = by_name.get(api_field.name, [])
                self.budget.spend(len(available))
                self._take(state, api_field, decision, available)

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
        decision: Decision | None,
        available: list[tuple[Place, FieldView, bool]],
    ) -> None:
        labels = state.labels | {decision} if decision else state.labels
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
            taken = Taken(decision, labels, tuple(sources), frozenset(tails))
            if state.parent is None and state.operation == "mutation":
                self._take_mutation(state, api_field, taken)
            else:
                self._follow(state, api_field, taken)

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

    def _follow(self, state: State, api_field: ApiField, taken: Taken) -> None:
        """Continues below a composite field."""
        api = self.places.views.api
        step = Step(api_field.name, api_field.arguments, taken.decision)
        contexts = self._contexts(state, taken.sources)
        if api_field.type in api.objects:
            self._push(state, step, api_field.type, taken.tails, taken.labels, contexts)
            return
        agreement = self._runtime_types(state, api_field, taken)
        if agreement is not None:
            self.findings.runtime_types.append(agreement)
            if not agreement.common:
                return
        between = self._enter(state, step, api_field.type, taken.tails, taken.labels, contexts)
        if between is not None:
            for name in api.runtime_types[api_field.type]:
                self._narrow(between, name)

    def _narrow(self, state: State, type_name: str) -> None:
        """Follows an abstract result into one runtime type."""
        self.budget.spend(len(state.arrived))
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
        state = self._enter(parent, step, type_name, arrived, labels, contexts)
        if state is not None:
            self.agenda.push(state)

    def _enter(
        self,
        parent: State,
        step: Step,
        type_name: str,
        arrived: frozenset[Place],
        labels: Labels,
        contexts: Contexts,
    ) -> State | None:
        """The state after a step; None when the walk has been at this very position."""
        labels = frozenset(label for label in labels if label[0] in self.remembered)
        labels = self.relevance.labels(type_name, labels)
        contexts = self.relevance.contexts(type_name, contexts)
        position = (type_name, arrived, labels, contexts)
        if position in self._positions:
            return None
        self._positions.add(position)
        reachable = self._reach(arrived)
        return State(parent.operation, type_name, arrived, reachable, labels, contexts, parent, step)

    def _reach(self, places: frozenset[Place]) -> frozenset[Place]:
        self.budget.spend(len(places))
        before = self.conditions.evaluations
        reached = [self.conditions.reach(place) for place in places]
        self.budget.spend(self.conditions.evaluations - before)
        return reached[0] if len(reached) == 1 else frozenset().union(*reached)

    def _contexts(self, state: State, sources: Iterable[Place]) -> Contexts:
        """The contexts below a field of this state: the nearest type that sets one counts."""
        names = self.places.views.contexts.get(state.type, frozenset())
        if not names:
            return state.contexts
        kept = {(name, place) for name, place in state.contexts if name not in names}
        return frozenset(kept | {(name, place) for name in names for place in sources})

    def _runtime_types(self, state: State, api_field: ApiField, taken: Taken) -> RuntimeTypes | None:
        """Do the subgraphs that share a field agree on the types it returns? None when they do."""
        tails = taken.tails
        if not api_field.shareable or sum(t.view.kind is not Kind.OBJECT for t in tails) < 2:
            return None
        possible = self.places.views.api.possible[api_field.type]
        by_subgraph = {
            tail.subgraph.name: tail.view.runtime_types
            for tail in sorted(tails, key=lambda tail: tail.order)
            if len(tail.view.runtime_types) != 1 or tail.view.runtime_types <= possible
        }
        sets = set(by_subgraph.values())
        if len(sets) < 2:
            return None
        common = possible.intersection(*sets)
        return RuntimeTypes(state, api_field, by_subgraph, common, taken.labels)

    def _take_mutation(self, state: State, api_field: ApiField, taken: Taken) -> None:
        """A mutation runs once, in one subgraph: some subgraph must be able to answer all that follows it."""
        sources = sorted(taken.sources, key=lambda place: place.order)
        subgraphs = {place.subgraph.name: place.subgraph for place in sources}
        if len(subgraphs) < 2:
            self._follow(state, api_field, taken)
            return
        failures: dict[str, list[Failure | NoRuntimeType | MutationFailure]] = {}
        for name, subgraph in subgraphs.items():
            walk = Walk(self.places, self.conditions, self.relevance, self.budget, self.remembered)
            part = Taken(
                taken.decision,
                taken.labels,
                tuple(place for place in taken.sources if place.subgraph is subgraph),
                frozenset(place for place in taken.tails if place.subgraph is subgraph),
            )
            walk._follow(state, api_field, part)
            walk._run()
            self.findings.runtime_types.extend(walk.findings.runtime_types)
            failures[name] = walk.findings.failures
        agreement = self._runtime_types(state, api_field, taken)
        if agreement is not None:
            self.findings.runtime_types.append(agreement)
            if not agreement.common:
                return
        if all(failures.values()):
            self.findings.failures.append(MutationFailure(state, api_field, failures))


def _decisions(labels: Labels, api_field: ApiField) -> Iterator[Decision | None]:
    """Both values of a label on the field, but a label remembered from the way keeps its value."""
    if api_field.label is None:
        yield None
        return
    for value in (True, False):
        if (api_field.label, not value) not in labels:
            yield api_field.label, value

"""What each subgraph's part of an operation costs: what it is asked for, where the plan asks it.

    operation ── what each place costs by itself, and how many there are ──┐
    plan ────── which subgraph is asked for which places ──────────────────┴──> an estimate per subgraph

A place is a path of response keys. An entity that is asked for costs what its object does; keys that only
travel between subgraphs cost nothing. Fields of several types at one place count together: an upper bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from router.demand.amount import Amount, largest, only_if, product, total
from router.demand.costs import Costs
from router.demand.estimate import Estimate, Sized, Writer
from router.operation import Field, Operation
from router.plan import (
    BatchFetch,
    Condition,
    Defer,
    Fetch,
    Flatten,
    Parallel,
    PlanNode,
    QueryPlan,
    Subscription,
)
from router.plan import Sequence as SequenceNode
from router.plan.asked import AskedField, AskedSelection
from router.plan.nodes import asked_of
from router.plan.paths import response_keys

Place = tuple[str, ...]
ENTITIES = "_entities"


def subgraph_estimates(operation: Operation, plan: QueryPlan, costs: Costs) -> Mapping[str, Estimate]:
    """O(operation x types of its places + plan)."""
    places: dict[Place, Amount] = {}
    _Places(costs, places).add(operation.root_type, operation.fields, (), 1.0, ())
    asked: dict[str, dict[Place, None]] = {}
    for subgraph, place in _asked(plan.node):
        asked.setdefault(subgraph, {})[place] = None
    return {
        subgraph: Estimate(total([places[place] for place in own if place in places]))
        for subgraph, own in asked.items()
    }


class _Places:
    def __init__(self, costs: Costs, found: dict[Place, Amount]) -> None:
        self._writer = Writer(costs, strict=False)
        self._possible = costs.supergraph.possible_types
        self._found = found

    def add(
        self, type_name: str, fields: Sequence[Field], around: Place, times: Amount, sized: Sized
    ) -> None:
        """`times`: how many objects there are at the place around."""
        for node in fields:
            if node.definition is None:
                continue
            types = self._possible.get(type_name, frozenset())
            if node.on is not None:
                types &= self._possible.get(node.on, frozenset())
            parts = [self._writer.parts(one, node, node.definition, sized) for one in sorted(types)]
            conditions = tuple(node.conditions)
            count = only_if(conditions, product(times, largest([one.items for one in parts])))
            own = [total([product(one.items, one.weight), one.given]) for one in parts]
            place = (*around, node.key)
            amount = only_if(conditions, product(times, largest(own)))
            self._found[place] = total([self._found.get(place, 0.0), amount])
            below = tuple({pair for one in parts for pair in one.sized})
            self.add(node.definition.named_type, node.children, place, count, below)


def _asked(node: PlanNode | None, at: Place = ()) -> Iterator[tuple[str, Place]]:
    """Subgraph and place, for everything that requests of the plan ask for."""
    match node:
        case Fetch():
            for place in _places(_of_entities(asked_of(node).selections, ENTITIES), at):
                yield node.service_name, place
            if at:
                yield node.service_name, at
        case BatchFetch():
            for part in node.entities:
                below = _of_entities(asked_of(node).selections, part.alias)
                for path in part.paths:
                    yield node.service_name, response_keys(path)
                    for place in _places(below, response_keys(path)):
                        yield node.service_name, place
        case Flatten():
            yield from _asked(node.node, response_keys(node.path))
        case SequenceNode() | Parallel():
            for inner in node.nodes:
                yield from _asked(inner, at)
        case Condition():
            yield from _asked(node.if_clause, at)
            yield from _asked(node.else_clause, at)
        case Defer():
            yield from _asked(node.primary.node, at)
            for deferred in node.deferred:
                yield from _asked(deferred.node, at)
        case Subscription():
            yield from _asked(node.primary, at)
            yield from _asked(node.rest, at)
        case None:
            pass


def _of_entities(selections: Iterable[AskedSelection], key: str) -> tuple[AskedSelection, ...]:
    """What is asked of entities; of a root request all that it asks."""
    found = tuple(selections)
    for one in found:
        if isinstance(one, AskedField) and one.name == ENTITIES and one.key == key:
            return one.selections
    return found


def _places(selections: Iterable[AskedSelection], at: Place) -> Iterator[Place]:
    for one in selections:
        if isinstance(one, AskedField):
            yield (*at, one.key)
            yield from _places(one.selections, (*at, one.key))
        else:
            yield from _places(one.selections, at)

"""QueryPlanner: the stages of planning, in order.

parse      text → document                                            graphql-core
normalize  document → Operation                                       router.operation
decide     which @defer are taken, for which values of variables      defer_variants
search     Operation → the option with the best footprint             search/
build      options → fetch graph                                      fetch_graph/
optimize   fetch graph → fetch graph                                  fetch_graph/passes/
assemble   fetch graph → plan nodes                                   assemble/
"""

from __future__ import annotations

from collections.abc import Mapping

from graphql import DocumentNode, GraphQLSyntaxError, parse

from router.operation import Operation, OperationTooDeepError, normalize_operation
from router.operation.errors import OperationError
from router.plan import Condition, Fetch, PlanNode, QueryPlan, Sequence, Subscription
from router.planner.assemble import assemble, sequence
from router.planner.defer_variants import MAX_VARIABLES, decide, defer_variables
from router.planner.errors import PlanningError
from router.planner.facts import SupergraphFacts
from router.planner.fetch_graph import FetchGraph, build, optimize
from router.planner.response_keys import ResponseKeys
from router.planner.search import MakeSearch, Search, best_options
from schema.graph import QueryGraph
from schema.supergraph import Supergraph

BUDGET = 20_000
"""Combinations of options looked at before planning keeps only the best of each."""

MAX_LABEL_SETS = 32
"""Sets of override labels whose query graphs are kept: n labels make 2^n sets."""


class ParsingError(OperationError):
    """The document is not GraphQL."""

    code = "PARSING_ERROR"


class QueryPlanner:
    """Plans operations over one supergraph; keeps what it learns of it. Not for use by several threads.

    With `defer` off, @defer is ignored, as the specification allows.
    """

    def __init__(self, supergraph: Supergraph | str, *, budget: int = BUDGET, defer: bool = True) -> None:
        self.supergraph = supergraph if isinstance(supergraph, Supergraph) else Supergraph.parse(supergraph)
        self.override_labels = self.supergraph.override_labels
        self.budget = budget
        self.defer = defer
        self.search: MakeSearch = Search
        self._facts: dict[frozenset[str], SupergraphFacts] = {}

    def plan(
        self,
        document: str | DocumentNode,
        operation_name: str | None = None,
        override_labels: frozenset[str] = frozenset(),
    ) -> QueryPlan:
        """The query plan of an operation, with these override labels on.

        Raises OperationError for what the client sent, PlanningError when it has no plan.
        """
        return self.plan_operation(self.normalize(document, operation_name), override_labels)

    def normalize(
        self,
        document: str | DocumentNode,
        operation_name: str | None = None,
        values: Mapping[str, object] | None = None,
    ) -> Operation:
        """The operation as it is planned; `values` of variables decide their conditions beforehand."""
        document = _parse(document)
        try:
            return normalize_operation(
                self.supergraph, document, operation_name, defer=self.defer, values=values
            )
        except RecursionError as error:
            raise OperationTooDeepError from error

    def plan_operation(
        self, operation: Operation, override_labels: frozenset[str] = frozenset()
    ) -> QueryPlan:
        """As `plan`, for an operation that is normalized already."""
        facts = self.facts(override_labels)
        try:
            if operation.kind == "subscription":
                return QueryPlan(self._subscription(operation, facts))
            variables = defer_variables(operation) if operation.defers else ()
            return QueryPlan(self._variants(operation, facts, variables[:MAX_VARIABLES], {}))
        except RecursionError as error:
            raise OperationTooDeepError from error

    def _variants(
        self,
        operation: Operation,
        facts: SupergraphFacts,
        variables: tuple[str, ...],
        values: dict[str, bool],
    ) -> PlanNode | None:
        """A plan for each value of the variables that decide whether something is deferred."""
        if variables:
            name, rest = variables[0], variables[1:]
            yes = self._variants(operation, facts, rest, {**values, name: True})
            no = self._variants(operation, facts, rest, {**values, name: False})
            return None if yes is None and no is None else Condition(name, yes, no)
        decided = decide(operation, values) if operation.defers else operation
        _, node = self._stages(decided, facts)
        return node

    def _stages(self, operation: Operation, facts: SupergraphFacts) -> tuple[FetchGraph, PlanNode | None]:
        """Every stage after the defers are decided. Raises UnplannableFieldError."""
        keys = ResponseKeys(operation.root_type, [operation.fields])
        options = best_options(operation, facts, keys, self.budget, self.search)
        graph = build(options, facts, operation.kind, keys)
        optimize(graph, facts.supergraph.types)
        return graph, assemble(graph, operation, self.supergraph)

    def fetch_graph(self, operation: Operation, facts: SupergraphFacts) -> FetchGraph:
        """The optimized fetch graph, for looking at."""
        graph, _ = self._stages(operation, facts)
        return graph

    def _subscription(self, operation: Operation, facts: SupergraphFacts) -> Subscription | None:
        """A subscription's events cannot be deferred in parts: @defer is ignored."""
        _, node = self._stages(decide(operation, {}, nothing=True), facts)
        if node is None:
            return None
        first, rest = (node.nodes[0], node.nodes[1:]) if isinstance(node, Sequence) else (node, ())
        if not isinstance(first, Fetch):
            raise PlanningError("A subscription must begin with one request to one subgraph")
        return Subscription(first, sequence(rest))

    def facts(self, override_labels: frozenset[str]) -> SupergraphFacts:
        """What is known under these labels; of the last MAX_LABEL_SETS sets."""
        labels = override_labels & self.override_labels
        found = self._facts.pop(labels, None) or SupergraphFacts(QueryGraph(self.supergraph, labels))
        self._facts[labels] = found  # the last one used stands last
        if len(self._facts) > MAX_LABEL_SETS:
            del self._facts[next(iter(self._facts))]
        return found


def _parse(document: str | DocumentNode) -> DocumentNode:
    if not isinstance(document, str):
        return document
    try:
        return parse(document, no_location=True)
    except GraphQLSyntaxError as error:
        raise ParsingError(error.message) from error

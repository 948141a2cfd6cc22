"""@fromContext in the fetch graph: the variables of requests that carry the values."""

from __future__ import annotations

from router.operation.minify import joined
from router.planner.fetch_graph.steps import FetchStep
from router.planner.search.contexts import request_of
from router.planner.search.moves import ContextInput, EntityMove, Move
from schema.graph import FieldEdge


class ContextVariables:
    """Names the variables of one plan: `contextualArgument_<subgraph>_<number>`, one for each value."""

    def __init__(self) -> None:
        self._names: dict[tuple[int, ContextInput], str] = {}

    def add(self, step: FetchStep, move: EntityMove) -> None:
        """Notes on the step what the move takes along. Such a step is a request of its own."""
        for context in move.contexts:
            name = self._name(step.graph, context)
            step.is_batchable = False
            if all(known != name for known, _, _ in step.contexts):
                step.contexts.append((name, context, step.path))

    def arguments(self, given: str, edge: FieldEdge, move: Move) -> str:
        """The client's arguments of a field as text, with those that contexts fill."""
        entered = request_of(move)
        assert entered is not None
        texts = [given[1:-1]] if given else []
        for context in entered.contexts:
            if context.argument in edge.context_arguments:
                texts.append(f"{context.argument.name}:${self._name(entered.node.graph, context)}")
        return f"({joined(texts)})"

    def _name(self, graph: int, context: ContextInput) -> str:
        found = self._names.get((graph, context))
        if found is None:
            number = sum(1 for other, _ in self._names if other == graph)
            found = self._names[graph, context] = f"contextualArgument_{graph + 1}_{number}"
        return found

"""Passes over the fetch graph, in this order:

    delay               requests that may wait move to a later stage where their subgraph is asked anyway
    lift_conditions     conditions that hold for a whole request leave its fields and gate the request
    know_types          where the operation tells the type of objects, their names are not asked
    rename_conflicts    fields that a subgraph's types do not let stand side by side get aliases

`delay` first, because it decides which steps there are. `lift_conditions` before `rename_conflicts`, because
dropping a field that is also selected unconditionally leaves less to rename. `know_types` before it too: it
goes by the keys of the answer.
"""

from collections.abc import Mapping

from router.planner.fetch_graph.passes.delay import delay
from router.planner.fetch_graph.passes.know_types import know_types
from router.planner.fetch_graph.passes.lift_conditions import lift_conditions
from router.planner.fetch_graph.passes.rename_conflicts import rename_conflicts
from router.planner.fetch_graph.steps import FetchGraph
from schema.supergraph import SupergraphType

__all__ = ["optimize"]


def optimize(graph: FetchGraph, types: Mapping[str, SupergraphType]) -> None:
    delay(graph)
    lift_conditions(graph)
    know_types(graph, types)
    rename_conflicts(graph)

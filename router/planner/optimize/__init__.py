"""Passes over the fetch graph, in this order:

    delay         requests that may wait move to a later stage where their subgraph is asked anyway
    conditions    conditions that hold for a whole request leave its fields and gate the request
    rename        fields that a subgraph's types do not let stand side by side get aliases

`delay` first, because it decides which groups there are. `conditions` before `rename`, because dropping a
field that is also selected unconditionally leaves less to rename.
"""

from router.planner.fetch_graph import FetchGraph
from router.planner.optimize.delay import delay
from router.planner.optimize.lift_conditions import lift_conditions
from router.planner.optimize.rename import rename_conflicts

__all__ = ["optimize"]


def optimize(graph: FetchGraph) -> None:
    delay(graph)
    lift_conditions(graph)
    rename_conflicts(graph)

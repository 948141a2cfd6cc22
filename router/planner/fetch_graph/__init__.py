"""The fetch graph: what the plan asks of which subgraph, and what must answer before.

    steps.py               FetchGraph, FetchStep, Selection
    build.py               the winning options → a fetch graph
    requirements.py        what representations copy
    context_variables.py   how the values of contexts travel
    passes/                fetch graph → fetch graph, one idea each
    merge_steps.py         what a pass has moved to one place
    print_step.py          a step's selection as text
    print.py               the graph as text

in: the options the search has found     out: a fetch graph, the passes done
"""

from router.planner.fetch_graph.build import build
from router.planner.fetch_graph.passes import optimize
from router.planner.fetch_graph.steps import FetchGraph

__all__ = ["FetchGraph", "build", "optimize"]

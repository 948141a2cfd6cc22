"""The planner: which requests to which subgraphs answer an operation. `docs/planning.md` explains it.

from router.planner import QueryPlanner
plan = QueryPlanner(supergraph_sdl).plan("{ me { name } }")
"""

from router.planner.errors import PlanningError, UnplannableFieldError
from router.planner.planner import BUDGET, ParsingError, QueryPlanner

__all__ = ["BUDGET", "ParsingError", "PlanningError", "QueryPlanner", "UnplannableFieldError"]

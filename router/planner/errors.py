"""Why an operation that fits the schema still has no plan.

PlanningError              .code, .message
  UnplannableFieldError    PLANNING_FAILED: no chain of subgraphs leads to a field. The supergraph is not
                           satisfiable there (composition would have refused it), or it needs what this
                           planner does not do; answering without the field would be wrong
"""

from __future__ import annotations

from router.plan import Path
from router.plan.paths import shown_path


class PlanningError(Exception):
    """The operation cannot be planned over this supergraph."""

    code = "PLANNING_FAILED"

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class UnplannableFieldError(PlanningError):
    """`path` is where the field stands in the response."""

    def __init__(self, type_name: str, field: str, path: Path) -> None:
        self.type_name, self.field, self.path = type_name, field, path
        place = shown_path((*path, field))
        super().__init__(f'No subgraph can be asked for "{type_name}.{field}" at "{place}"')

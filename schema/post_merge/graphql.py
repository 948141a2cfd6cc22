"""The merged schema is valid GraphQL. What is wrong here has no one place: each subgraph was right by
itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from schema.errors import ErrorCode
from schema.merge.state import Merge
from schema.validate.inputs import check_inputs
from schema.validate.interfaces import check_interfaces
from schema.validate.references import check_references
from schema.validate.shapes import check_shapes


@dataclass(frozen=True, slots=True)
class _Report:
    merge: Merge

    def invalid(self, message: str, *tokens: int, remedy: str | None = None) -> None:
        """Notes a failure of the supergraph; tokens of merged elements mean nothing."""
        self.merge.fail(ErrorCode.INVALID_GRAPHQL, f"The supergraph is not valid: {message}", (), remedy)


def check_merged_graphql(merge: Merge) -> None:
    """GraphQL's rules, except those about applied directives, which merging itself wrote."""
    report = _Report(merge)
    check_references(merge.merged, report)
    if not merge.failures:
        check_shapes(merge.merged, report)
        check_interfaces(merge.merged, report)
        check_inputs(merge.merged, report)

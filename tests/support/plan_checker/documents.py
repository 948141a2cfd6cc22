"""Subgraph operations, parsed and validated against the subgraph's own schema, once for each text."""

from __future__ import annotations

from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    parse,
    validate,
)

from tests.support.plan_checker.finding import Findings
from tests.support.plan_checker.subgraph import SubgraphView


@dataclass(frozen=True, slots=True)
class SubgraphDocument:
    document: DocumentNode
    operation: OperationDefinitionNode


@dataclass(slots=True)
class Documents:
    findings: Findings
    tolerated: frozenset[str] = frozenset()
    """Messages the client's own operation gets too: its misplaced directives are passed on as they are."""
    read: dict[tuple[str, str], SubgraphDocument | None] = field(default_factory=dict)

    def get(self, view: SubgraphView, text: str, kind: str, step: str) -> SubgraphDocument | None:
        """None, with a finding, for a text the subgraph would refuse."""
        key = (view.name, text)
        if key not in self.read:
            self.read[key] = self._read(view, text, kind, step)
        return self.read[key]

    def _read(self, view: SubgraphView, text: str, kind: str, step: str) -> SubgraphDocument | None:
        try:
            document = parse(text, no_location=True)
        except GraphQLError as error:
            self.findings.add("invalid-operation", step, error.message)
            return None
        errors = [e for e in validate(view.schema, document) if e.message not in self.tolerated]
        for refused in errors:
            self.findings.add("invalid-operation", step, refused.message)
        operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
        if errors or len(operations) != 1:
            return None
        if operations[0].operation is not OperationType(kind):
            self.findings.add("invalid-operation", step, f"is not a {kind} as the fetch says")
        return SubgraphDocument(document, operations[0])


def root_selection(document: SubgraphDocument) -> SelectionSetNode:
    return document.operation.selection_set

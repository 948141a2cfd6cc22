"""Documents of operations, parsed and validated once and remembered.

Doing this before execution also tells the stages apart: an error found here is the document's, one that
execution reports without a path is the variables'.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    parse,
    specified_rules,
)
from strawberry.schema.schema import validate_document

REMEMBERED = 1000
MAXIMUM_TOKENS = 15_000


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    document: DocumentNode | None
    errors: Sequence[GraphQLError]
    operations: tuple[str | None, ...]
    """Names of its operations; None for the anonymous one."""


class Documents:
    """The recently used documents of one schema."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._recent: OrderedDict[str, PreparedDocument] = OrderedDict()

    def get(self, query: str) -> PreparedDocument:
        known = self._recent.get(query)
        if known is not None:
            self._recent.move_to_end(query)
            return known
        prepared = self._recent[query] = self._prepare(query)
        if len(self._recent) > REMEMBERED:
            self._recent.popitem(last=False)
        return prepared

    def _prepare(self, query: str) -> PreparedDocument:
        try:
            document = parse(query, max_tokens=MAXIMUM_TOKENS)
        except GraphQLSyntaxError as error:
            return PreparedDocument(None, (error,), ())
        except RecursionError:
            return PreparedDocument(None, (GraphQLError("The document is nested too deeply."),), ())
        return PreparedDocument(document, tuple(self._validate(document)), _operations(document))

    def _validate(self, document: DocumentNode) -> list[GraphQLError]:
        try:
            return validate_document(self._schema, document, tuple(specified_rules))
        except RecursionError:
            return [GraphQLError("The document is nested too deeply.")]


def _operations(document: DocumentNode) -> tuple[str | None, ...]:
    nodes = (node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    return tuple(node.name.value if node.name else None for node in nodes)

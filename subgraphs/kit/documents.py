"""Documents of operations, parsed and validated once and remembered.

Doing this before execution also tells the stages apart: an error found here is the document's, one that
execution reports without a path is the variables'.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    parse,
    specified_rules,
)
from strawberry.schema.schema import validate_document

from subgraphs.kit.execution.programs import Operation, Programs

REMEMBERED = 1000
MAXIMUM_TOKENS = 15_000


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    errors: Sequence[GraphQLError] = ()
    operations: Mapping[str | None, Operation] = field(default_factory=dict)
    """By name, None for the anonymous one; empty when there are errors."""

    def operation(self, name: str | None) -> Operation:
        """What `name` (None: the only one) stands for."""
        return self.operations[next(iter(self.operations)) if name is None else name]


class Documents:
    """The recently used documents of one schema."""

    def __init__(self, schema: GraphQLSchema, programs: Programs) -> None:
        self._schema = schema
        self._programs = programs
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
            return PreparedDocument((error,))
        except RecursionError:
            return PreparedDocument((GraphQLError("The document is nested too deeply."),))
        errors = tuple(self._validate(document))
        return (
            PreparedDocument(errors) if errors else PreparedDocument((), self._programs.operations(document))
        )

    def _validate(self, document: DocumentNode) -> list[GraphQLError]:
        try:
            return validate_document(self._schema, document, tuple(specified_rules))
        except RecursionError:
            return [GraphQLError("The document is nested too deeply.")]

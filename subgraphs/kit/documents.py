"""Documents of operations, parsed and validated once and remembered.

Doing this before execution also tells the stages apart: an error found here is the document's, one that
execution reports without a path is the variables'.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    parse,
    specified_rules,
)
from strawberry.schema.schema import validate_document

from subgraphs.kit.execution.programs import Operation, Programs

REMEMBERED = 1000
MAXIMUM_TOKENS = 15_000


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    document: DocumentNode | None
    errors: Sequence[GraphQLError]
    operations: tuple[str | None, ...]
    """Names of its operations; None for the anonymous one."""
    mutations: frozenset[str | None] = frozenset()
    """Those of them that are mutations."""
    programs: Mapping[str | None, Operation] = field(default_factory=dict)
    """What executes them, by name."""

    def program(self, name: str | None) -> Operation:
        """Of the operation that `name` (None: the only one) stands for."""
        return self.programs[self.operations[0] if name is None else name]

    def writes(self, name: str | None) -> bool:
        """Whether the operation that `name` (None: the only one) stands for is a mutation."""
        return (self.operations[0] if name is None else name) in self.mutations


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
            return PreparedDocument(None, (error,), ())
        except RecursionError:
            return PreparedDocument(None, (GraphQLError("The document is nested too deeply."),), ())
        errors = tuple(self._validate(document))
        operations = {} if errors else self._programs.operations(document)
        return PreparedDocument(document, errors, _operations(document), _mutations(document), operations)

    def _validate(self, document: DocumentNode) -> list[GraphQLError]:
        try:
            return validate_document(self._schema, document, tuple(specified_rules))
        except RecursionError:
            return [GraphQLError("The document is nested too deeply.")]


def _operations(document: DocumentNode) -> tuple[str | None, ...]:
    return tuple(_name(node) for node in _nodes(document))


def _mutations(document: DocumentNode) -> frozenset[str | None]:
    return frozenset(_name(node) for node in _nodes(document) if node.operation is OperationType.MUTATION)


def _nodes(document: DocumentNode) -> Iterator[OperationDefinitionNode]:
    return (node for node in document.definitions if isinstance(node, OperationDefinitionNode))


def _name(node: OperationDefinitionNode) -> str | None:
    return node.name.value if node.name else None

"""Published operations with all that a caller wants to know, for one schema."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from graphql import DocumentNode, GraphQLSchema, OperationDefinitionNode
from graphql.utilities import separate_operations

from router.described.answer import answer_schema
from router.described.values import JSONSchema
from router.described.variables import Variables
from router.described.words import variable_words, words_of
from router.errors import RequestError
from router.persisted.manifest import PersistedOperation
from router.pipeline.parse import parse_document
from router.pipeline.validate import validate_document
from router.plan import OperationKind

NAME_CHARACTERS = 64
"""The most that every assistant takes for the name of a tool."""
NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True, eq=False)
class DescribedOperation:
    """`name` is the only one of its list; `operation_name` is what the document calls it, if anything.

    `variables` and `answer` are JSON schemas. `takes_files`: it can be sent as a multipart request only.
    """

    name: str
    id: str
    operation_name: str | None
    kind: OperationKind
    description: str
    body: str
    variables: JSONSchema
    answer: JSONSchema
    takes_files: bool = False


def described(
    operations: Iterable[PersistedOperation], schema: GraphQLSchema
) -> tuple[DescribedOperation, ...]:
    """Those that fit the schema, in their order; subscriptions are left out, since none is served yet.

    Where several have a name the one that was published last has it, and those before it the name with the
    start of their id's hash. O(validation).
    """
    found = [one for operation in operations for one in _of(operation, schema)]
    taken: set[str] = set()
    named = [replace(one, name=_unique(one, taken)) for one in reversed(found)]
    return tuple(reversed(named))


def _of(published: PersistedOperation, schema: GraphQLSchema) -> Iterator[DescribedOperation]:
    try:
        document = parse_document(published.body)
        validate_document(schema, document, introspection=True)
    except (RequestError, RecursionError):
        return  # What does not fit is in the log since it was prepared.
    for name, own in separate_operations(document).items():
        if not published.name or published.name == name:
            operation = next(d for d in own.definitions if isinstance(d, OperationDefinitionNode))
            if operation.operation.value != "subscription":
                yield _described(published, schema, own, operation)


def _described(
    published: PersistedOperation,
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
) -> DescribedOperation:
    variables = Variables(schema, operation, variable_words(schema, document))
    name = operation.name.value if operation.name is not None else None
    return DescribedOperation(
        name or published.id,
        published.id,
        name,
        operation.operation.value,
        published.description or words_of(schema, document, operation),
        published.body,
        variables.schema,
        answer_schema(schema, document, operation),
        variables.takes_files,
    )


def _unique(operation: DescribedOperation, taken: set[str]) -> str:
    base = NOT_IN_NAMES.sub("_", operation.name)[:NAME_CHARACTERS]
    digest = hashlib.sha256(f"{operation.id} {operation.operation_name}".encode()).hexdigest()
    name, length = base, 8
    while name in taken:
        name, length = f"{base[: NAME_CHARACTERS - length - 1]}_{digest[:length]}", length + 8
    taken.add(name)
    return name

"""What the API schema answers about itself, kept by what was asked, whatever operation asked it.

An answer may take `MAX_SHARE` times what a tool's question for the whole schema takes, so that a small
document cannot make a large one: a question beyond that is given up while it is being answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    execute_sync,
)

from router.cache.lru import LRU
from router.errors import RequestError
from router.json import dumps

MAX_SHARE = 80
"""Values per type, field, argument and enum value; GraphiQL asks for about twenty."""
MAX_ANSWERS = 64


class IntrospectionTooLarge(RequestError):
    code = "INTROSPECTION_LIMIT_EXCEEDED"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"The operation asks for more than {limit} values of the schema. Ask in several operations."
        )


@dataclass(frozen=True, slots=True)
class Question:
    """One introspection field. `document` answers it under `name`; `text` is that document's."""

    name: str
    text: str
    document: DocumentNode
    variables: Mapping[str, Any]

    @property
    def key(self) -> bytes:
        return dumps([self.text, self.variables])


@dataclass(frozen=True, slots=True)
class Answer:
    """`size` counts the fields that were resolved."""

    value: Any
    size: int


class IntrospectionAnswers:
    """The answers of one API schema. `limit` is what one operation may take together."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._kept: LRU[bytes, Answer] = LRU(MAX_ANSWERS)
        self.limit = MAX_SHARE * sum(map(_elements, schema.type_map.values()))

    def find(self, question: Question) -> Answer | None:
        return self._kept.find(question.key)

    def answer(self, question: Question, limit: int) -> Answer:
        """Raises `IntrospectionTooLarge` beyond `limit`. O(size of the answer)."""
        found = self.find(question)
        if found is None:
            found = self._answer(question, limit)
            self._kept.put(question.key, found)
        if found.size > limit:
            raise IntrospectionTooLarge(self.limit)
        return found

    def _answer(self, question: Question, limit: int) -> Answer:
        count = 0

        def counted(resolve: Any, *args: Any, **kwargs: Any) -> Any:
            nonlocal count
            count += 1
            if count > limit:
                raise _GivenUp
            return resolve(*args, **kwargs)

        try:
            result = execute_sync(
                self._schema,
                question.document,
                variable_values=dict(question.variables),
                middleware=(counted,),
            )
        except _GivenUp:
            raise IntrospectionTooLarge(self.limit) from None
        if result.errors:
            raise RequestError(result.errors[0].message, code="GRAPHQL_VALIDATION_FAILED")
        return Answer((result.data or {}).get(question.name), count)


class _GivenUp(BaseException):
    """Not an `Exception`: those become errors of single fields, and the rest is resolved all the same."""


def _elements(type_: GraphQLNamedType) -> int:
    match type_:
        case GraphQLObjectType() | GraphQLInterfaceType():
            return 1 + sum(1 + len(field.args) for field in type_.fields.values())
        case GraphQLInputObjectType():
            return 1 + len(type_.fields)
        case GraphQLEnumType():
            return 1 + len(type_.values)
        case _:
            return 1

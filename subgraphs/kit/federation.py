"""A Strawberry federation schema whose `_entities` is robust and batched.

Strawberry looks a type's `resolve_reference` up and calls it with the representation as arguments: an unknown
`__typename` fails the whole list, and a field that is no parameter is a TypeError. Here a domain registers
one function per entity, which is given the whole representation; whatever is wrong with one representation is
an error at its own place in the list, with null there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Protocol, runtime_checkable

from graphql import (
    ExecutionResult,
    GraphQLArgument,
    GraphQLError,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
)
from strawberry import federation
from strawberry.federation.schema import FederationAny
from strawberry.types import Info

from subgraphs.kit.demand import state_demand
from subgraphs.kit.documents import Documents, PreparedDocument
from subgraphs.kit.execution import Programs, execute
from subgraphs.kit.partner import Shown, show_partners
from subgraphs.kit.scalars import strawberry_config
from subgraphs.kit.user_errors import SHARED

Representation = Mapping[str, Any]
FEDERATION_VERSION: Final = "2.11"
INPUT = "What is to be done, and to what."
NOTHING: Final[Shown] = {}


class ReferenceResolver(Protocol):
    """A representation (and the request's context) → the entity, or None when there is none with that key;
    or an awaitable of it.
    """

    def __call__(self, representation: Representation, context: Any, /) -> object | None: ...


@runtime_checkable
class TogetherResolver(Protocol):
    """A reference resolver that may be asked for all at once (kit/references.py)."""

    def __call__(self, representation: Representation, context: Any, /) -> object | None: ...

    def together(self, representations: Sequence[Representation], context: Any, /) -> list[Any] | None:
        """None when they have to be resolved one by one."""


class FederatedSchema(federation.Schema):
    """`references` maps the name of every entity this subgraph resolves to its function; `partner` says which
    fields partners may be shown.
    """

    def __init__(
        self,
        query: type,
        mutation: type | None = None,
        *,
        references: Mapping[str, ReferenceResolver],
        types: Iterable[type] = (),
        partner: Shown = NOTHING,
    ) -> None:
        self._references = references
        self._together = {
            name: each for name, each in references.items() if isinstance(each, TogetherResolver)
        }
        state_demand((query, mutation, *types))
        super().__init__(
            query=query,
            mutation=mutation,
            types=(*SHARED, *types),
            config=strawberry_config(),
            federation_version=FEDERATION_VERSION,
        )
        _tidy(self._schema)
        show_partners(self._schema, partner)
        programs = Programs(self._schema, self.config, self.schema_converter.scalar_registry)
        self.documents = Documents(self._schema, programs)

    async def run(
        self,
        prepared: PreparedDocument,
        variables: Mapping[str, Any],
        operation_name: str | None,
        context: object,
    ) -> ExecutionResult:
        """Execute a document that has no errors. Never raises: what went wrong is in the result."""
        return await execute(prepared.operation(operation_name), variables, context)

    async def execute(  # type: ignore[override]  # graphql-core's result, whose fields are the same
        self,
        query: str | None,
        variable_values: Mapping[str, Any] | None = None,
        context_value: object = None,
        root_value: object = None,
        operation_name: str | None = None,
    ) -> ExecutionResult:
        """The same, and as bounded, for whoever knows this as a Strawberry schema."""
        prepared = self.documents.get(query or "")
        if prepared.errors:
            return ExecutionResult(None, list(prepared.errors))
        return await self.run(prepared, variable_values or {}, operation_name, context_value)

    def process_errors(self, errors: list[GraphQLError], execution_context: object = None) -> None:
        """Logging is `Subgraph`'s, which knows which errors are ours."""

    def entities_resolver(self, info: Info, representations: list[FederationAny]) -> list[FederationAny]:
        context = info.context
        found = self._resolve_together(representations, context) if len(representations) > 1 else None
        return [self._resolve(each, context) for each in representations] if found is None else found

    def _resolve_together(self, representations: list[Any], context: object) -> list[Any] | None:
        """Those of one entity, as the router asks for them; None for any others."""
        if set(map(type, representations)) != {dict}:
            return None
        names = [each.get("__typename") for each in representations]
        resolver = self._together.get(names[0]) if isinstance(names[0], str) else None
        if resolver is None or names.count(names[0]) < len(names):
            return None
        return resolver.together(representations, context)

    def _resolve(self, representation: object, context: object) -> Any:
        """An awaitable, or an error that the executor places at this index."""
        if type(representation) is not dict and not isinstance(representation, Mapping):
            return _bad("A representation is an object.")
        name = representation.get("__typename")
        resolver = self._references.get(name) if isinstance(name, str) else None
        if resolver is None:
            return _bad(
                f"This subgraph has no entity {name!r}." if name else "A representation needs __typename."
            )
        try:
            return resolver(representation, context)
        except Exception as error:  # noqa: BLE001 -- it is this representation's, and no other's
            return error


def _tidy(schema: GraphQLSchema) -> None:
    """An optional input is absent, not null: no `= null` behind each. And the one argument that every
    mutation has is described once.
    """
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLInputObjectType):
            _forget_null(kind.fields.values())
        elif isinstance(kind, GraphQLObjectType):
            for field in kind.fields.values():
                _forget_null(field.args.values())
    if schema.mutation_type is not None:
        for field in schema.mutation_type.fields.values():
            for argument in field.args.values():
                argument.description = argument.description or INPUT


def _forget_null(inputs: Iterable[GraphQLArgument | GraphQLInputField]) -> None:
    for each in inputs:
        if each.default_value is None:
            each.default_value = Undefined


def key_text(representation: Representation, field: str) -> str | None:
    """A key field, which comes from another service and may hold anything: text, or None when it is
    absent.
    """
    value = representation.get(field)
    if value is None or type(value) is str:
        return value
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value)
    raise _bad(f"The key {field} of {representation['__typename']} must be a string.")


def _bad(message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": "BAD_USER_INPUT"})

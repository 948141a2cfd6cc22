"""Root types get their usual names: a supergraph's roots are Query, Mutation and Subscription.

Subgraphs may call theirs anything, so before anything is compared across subgraphs each root type is
renamed. The usual name must then be free.
"""

from __future__ import annotations

from schema.model.definitions import (
    DEFAULT_ROOTS,
    Field,
    InterfaceType,
    ObjectType,
    Schema,
    TypeDefinition,
    UnionType,
)
from schema.model.type_references import base_name
from schema.report.collect import SubgraphReport
from schema.report.errors import ErrorCode
from schema.specs.federation import FEDERATION_OPERATION_FIELDS

_CODES = {
    "query": ErrorCode.ROOT_QUERY_USED,
    "mutation": ErrorCode.ROOT_MUTATION_USED,
    "subscription": ErrorCode.ROOT_SUBSCRIPTION_USED,
}


def rename_root_types(schema: Schema, report: SubgraphReport) -> None:
    """Gives every root type its usual name, in its definition and wherever it is referred to."""
    renames: dict[str, str] = {}
    for operation, name in schema.definition.roots.items():
        usual = DEFAULT_ROOTS[operation]
        if name == usual:
            continue
        existing = schema.types.get(usual)
        if existing is not None:
            report.add(
                _CODES[operation],
                f'the {operation} root type is "{name}", but there is another type named "{usual}".',
                schema.types[name].at,
                existing.at,
            )
        renames[name] = usual
    if renames and not report.failures:
        _rename(schema, renames)


def _rename(schema: Schema, renames: dict[str, str]) -> None:
    schema.types = {renames.get(name, name): type_ for name, type_ in schema.types.items()}
    schema.definition.roots = {
        operation: renames.get(name, name) for operation, name in schema.definition.roots.items()
    }
    for name, type_ in schema.types.items():
        type_.name = name
        _rename_references(type_, renames)
    schema.forget_implementations()


def _rename_references(type_: TypeDefinition, renames: dict[str, str]) -> None:
    match type_:
        case ObjectType() | InterfaceType():
            for field in type_.fields.values():
                _rename_type(field, renames)
        case UnionType():
            type_.members = {renames.get(name, name): at for name, at in type_.members.items()}
        case _:
            pass


def _rename_type(field: Field, renames: dict[str, str]) -> None:
    base = base_name(field.type)
    if base in renames:
        field.type = field.type.replace(base, renames[base])


def add_query_root(schema: Schema) -> None:
    """Gives a schema without queries an empty query root: every subgraph answers `_service` and `_entities`
    on it.
    """
    if "query" not in schema.definition.roots and "Query" not in schema.types:
        schema.types["Query"] = ObjectType("Query")
        schema.definition.roots["query"] = "Query"


def drop_federation_fields(schema: Schema) -> None:
    """Removes `_entities` and `_service` from a federation 1 schema, where servers used to print them."""
    query = schema.types.get(schema.definition.roots.get("query", ""))
    if isinstance(query, ObjectType):
        for name in FEDERATION_OPERATION_FIELDS & query.fields.keys():
            del query.fields[name]

"""The API clients walk: object types with their visible fields, abstract types with their visible runtime
types.
"""

from __future__ import annotations

from collections.abc import Iterator

from schema.model.definitions import EnumType, InputType, Schema
from schema.model.type_references import is_list, is_non_null
from schema.satisfiability.model import ApiField, ApiView
from schema.supergraph import Supergraph, SupergraphField, SupergraphType, TypeKind

_SAMPLES = {"Int": "0", "Float": "3.14", "Boolean": "true", "String": '"text"', "ID": '"id"'}


def read_api(supergraph: Supergraph) -> ApiView:
    """What clients see of a supergraph. Linear in it."""
    visible = {
        name: type_
        for name, type_ in supergraph.types.items()
        if not _is_hidden(type_, supergraph.inaccessible)
    }
    objects = {
        name: dict(_api_fields(type_, supergraph))
        for name, type_ in visible.items()
        if type_.kind is TypeKind.OBJECT
    }
    abstract = [type_ for type_ in visible.values() if type_.is_abstract]
    return ApiView(
        roots={kind: name for kind, name in supergraph.roots.items() if name in objects},
        objects=objects,
        runtime_types={
            type_.name: tuple(n for n in supergraph.schema.possible_types(type_.name) if n in objects)
            for type_ in abstract
        },
        interfaces=frozenset(type_.name for type_ in abstract if type_.kind is TypeKind.INTERFACE),
    )


def _is_hidden(element: SupergraphType | SupergraphField, directive: str | None) -> bool:
    return directive is not None and any(applied.name == directive for applied in element.directives)


def _api_fields(type_: SupergraphType, supergraph: Supergraph) -> Iterator[tuple[str, ApiField]]:
    shared = len({join.graph for join in type_.joins}) > 1
    for field in type_.fields.values():
        if not _is_hidden(field, supergraph.inaccessible):
            yield field.name, _api_field(shared, field, supergraph.schema)


def _api_field(shared: bool, field: SupergraphField, schema: Schema) -> ApiField:
    arguments = tuple(_sample_arguments(field, schema)) if field.arguments else ()
    label = None
    if field.joins:
        shared = sum(not join.external and not join.used_overridden for join in field.joins) > 1
        label = next((join.override_label for join in field.joins if join.override_label), None)
    return ApiField(field.name, field.named_type, field.type, arguments, shared, label)


def _sample_arguments(field: SupergraphField, supergraph: Schema) -> Iterator[str]:
    for argument in field.arguments.values():
        if argument.required:
            yield f"{argument.name}: {_sample(argument.type, supergraph)}"


def _sample(type_: str, supergraph: Schema, depth: int = 0) -> str:
    """A value a reader of the error can put in the argument's place."""
    if is_non_null(type_):
        return _sample(type_[:-1], supergraph, depth)
    if is_list(type_):
        return "[]"
    definition = supergraph.types.get(type_)
    if isinstance(definition, EnumType):
        return next(iter(definition.values), "null")
    if isinstance(definition, InputType) and depth < 5:
        required = (f for f in definition.fields.values() if f.required)
        return f"{{{', '.join(f'{f.name}: {_sample(f.type, supergraph, depth + 1)}' for f in required)}}}"
    return _SAMPLES.get(type_, '"value"')

"""The API clients walk: object types with their visible fields, abstract types with their visible runtime
types.
"""

from __future__ import annotations

from collections.abc import Iterator

from schema.definitions import (
    EnumType,
    Field,
    InputType,
    InterfaceType,
    ObjectType,
    Schema,
    UnionType,
    applied,
    has_applied,
)
from schema.satisfiability.model import ApiField, ApiView
from schema.type_references import base_name, is_list, is_non_null

_SAMPLES = {"Int": "0", "Float": "3.14", "Boolean": "true", "String": '"text"', "ID": '"id"'}


def read_api(supergraph: Schema, hiding_directive: str | None) -> ApiView:
    """What clients see of a supergraph. Linear in it."""
    types = supergraph.types
    hidden = (
        {name for name, type_ in types.items() if has_applied(type_, hiding_directive)}
        if hiding_directive
        else set()
    )
    objects = {
        type_.name: {
            field.name: _api_field(subgraphs, field, supergraph)
            for subgraphs in (_count_subgraphs(type_),)
            for field in type_.fields.values()
            if not (hiding_directive and has_applied(field, hiding_directive))
        }
        for type_ in supergraph.object_types()
        if type_.name not in hidden
    }
    abstract = [
        type_
        for name, type_ in types.items()
        if isinstance(type_, InterfaceType | UnionType) and name not in hidden
    ]
    return ApiView(
        roots={kind: name for kind, name in supergraph.definition.roots.items() if name in objects},
        objects=objects,
        runtime_types={
            type_.name: tuple(n for n in supergraph.possible_types(type_.name) if n in objects)
            for type_ in abstract
        },
        interfaces=frozenset(type_.name for type_ in abstract if isinstance(type_, InterfaceType)),
    )


def _count_subgraphs(type_: ObjectType) -> int:
    return len({directive.arguments.get("graph") for directive in applied(type_, "join__type")})


def _api_field(subgraphs: int, field: Field, supergraph: Schema) -> ApiField:
    arguments = tuple(_sample_arguments(field, supergraph)) if field.arguments else ()
    joins = [directive.arguments for directive in field.directives if directive.name == "join__field"]
    if not joins:
        return ApiField(field.name, base_name(field.type), field.type, arguments, subgraphs > 1, None)
    resolved = [j for j in joins if j.get("external") is not True and j.get("usedOverridden") is not True]
    labels = (label for j in joins if isinstance(label := j.get("overrideLabel"), str))
    return ApiField(
        field.name, base_name(field.type), field.type, arguments, len(resolved) > 1, next(labels, None)
    )


def _sample_arguments(field: Field, supergraph: Schema) -> Iterator[str]:
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

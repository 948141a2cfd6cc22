"""Every type a schema names exists, and is of a kind that fits the place (GraphQL 3.6 to 3.10)."""

from __future__ import annotations

from schema.model.definitions import (
    BUILT_IN_SCALARS,
    INPUT_TYPES,
    KIND_NAMES,
    InputType,
    InputValue,
    InterfaceType,
    ObjectType,
    Schema,
    UnionType,
)
from schema.model.type_references import base_name
from schema.report.collect import GraphQLReport
from schema.report.suggestions import did_you_mean


def check_directive_definitions(schema: Schema, report: GraphQLReport) -> None:
    """What directive definitions refer to. Checked before links add types: who defines a directive of a
    specification must define the types it takes too.
    """
    for definition in schema.directives.values():
        for argument in definition.arguments.values():
            _check_input(schema, argument, f"@{definition.name}({argument.name}:)", report)


def check_references(schema: Schema, report: GraphQLReport) -> None:
    """One walk over all other references of the schema."""
    for type_ in schema.types.values():
        match type_:
            case ObjectType() | InterfaceType():
                _check_interfaces(schema, type_, report)
                _check_fields(schema, type_, report)
            case InputType():
                for field in type_.fields.values():
                    _check_input(schema, field, f"{type_.name}.{field.name}", report)
            case UnionType():
                _check_members(schema, type_, report)
            case _:
                pass


def _check_fields(schema: Schema, type_: ObjectType | InterfaceType, report: GraphQLReport) -> None:
    types = schema.types
    for field in type_.fields.values():
        base = base_name(field.type)
        found = types.get(base)
        if found is None:
            if base not in BUILT_IN_SCALARS:
                _unknown(schema, base, f"{type_.name}.{field.name}", field.at, report)
        elif isinstance(found, InputType):
            report.invalid(
                f'"{type_.name}.{field.name}" cannot be of the input type "{base}".', field.at, found.at
            )
        for argument in field.arguments.values():
            _check_input(schema, argument, f"{type_.name}.{field.name}({argument.name}:)", report)


def _check_input(schema: Schema, value: InputValue, coordinate: str, report: GraphQLReport) -> None:
    base = base_name(value.type)
    found = schema.types.get(base)
    if found is None:
        if base not in BUILT_IN_SCALARS:
            _unknown(schema, base, coordinate, value.at, report)
    elif not isinstance(found, INPUT_TYPES):
        report.invalid(
            f'"{coordinate}" takes a value, so it cannot be of the {KIND_NAMES[type(found)]} "{base}".',
            value.at,
            found.at,
        )


def _unknown(schema: Schema, name: str, coordinate: str, at: int, report: GraphQLReport) -> None:
    known = [*schema.types, *BUILT_IN_SCALARS]
    report.invalid(
        f'"{coordinate}" is of type "{name}", which is not defined.{did_you_mean(name, known)}',
        at,
        remedy=f'Define "{name}" in this subgraph: a subgraph cannot use types that only others define.',
    )


def _check_interfaces(schema: Schema, type_: ObjectType | InterfaceType, report: GraphQLReport) -> None:
    for name, at in type_.interfaces.items():
        interface = schema.types.get(name)
        if interface is None:
            report.invalid(f'"{type_.name}" implements "{name}", which is not defined.', at)
        elif not isinstance(interface, InterfaceType):
            report.invalid(
                f'"{type_.name}" implements "{name}", which is not an interface.', at, interface.at
            )


def _check_members(schema: Schema, union: UnionType, report: GraphQLReport) -> None:
    for name, at in union.members.items():
        member = schema.types.get(name)
        if member is None:
            report.invalid(f'the union "{union.name}" lists "{name}", which is not defined.', at)
        elif not isinstance(member, ObjectType):
            report.invalid(
                f'the union "{union.name}" lists "{name}", which is not an object type.', at, member.at
            )

"""Types that implement an interface have its fields, with types and arguments that fit (GraphQL 3.6.1,
3.7.1).
"""

from __future__ import annotations

from collections.abc import Callable

from schema.model.definitions import Field, InterfaceType, ObjectType, Schema, UnionType
from schema.model.type_references import is_subtype
from schema.report.collect import GraphQLReport


def membership(schema: Schema) -> Callable[[str, str], bool]:
    """`is_member(abstract, name)`: does a type belong to a union or interface of the schema?"""
    types = schema.types

    def is_member(abstract: str, name: str) -> bool:
        match types.get(abstract), types.get(name):
            case UnionType(members=members), ObjectType():
                return name in members
            case InterfaceType(), (ObjectType() | InterfaceType()) as type_:
                return abstract in type_.interfaces
        return False

    return is_member


def check_interfaces(schema: Schema, report: GraphQLReport) -> None:
    """Every type against every interface it lists."""
    is_member = membership(schema)
    for type_ in schema.fields_types():
        for name in type_.interfaces:
            interface = schema.types[name]
            if isinstance(interface, InterfaceType):
                _check_implementation(type_, interface, is_member, report)


def _check_implementation(
    type_: ObjectType | InterfaceType,
    interface: InterfaceType,
    is_member: Callable[[str, str], bool],
    report: GraphQLReport,
) -> None:
    at = type_.interfaces[interface.name]
    if interface is type_:
        report.invalid(f'"{type_.name}" cannot implement itself.', at)
        return
    for wanted in interface.fields.values():
        field = type_.fields.get(wanted.name)
        if field is None:
            report.invalid(
                f'"{type_.name}" implements "{interface.name}" but has no field "{wanted.name}".',
                type_.at,
                wanted.at,
            )
            continue
        if not is_subtype(wanted.type, field.type, is_member):
            report.invalid(
                f'"{type_.name}.{field.name}" is of type {field.type}, which is not a subtype of '
                f'{wanted.type}, the type of "{interface.name}.{wanted.name}".',
                field.at,
                wanted.at,
            )
        _check_arguments(type_, field, interface, wanted, report)
    for parent in interface.interfaces:
        if parent != type_.name and parent not in type_.interfaces:
            report.invalid(
                f'"{type_.name}" must implement "{parent}" too, because "{interface.name}" does.', at
            )
        elif parent == type_.name:
            report.invalid(f'"{type_.name}" and "{interface.name}" implement each other.', at)


def _check_arguments(
    type_: ObjectType | InterfaceType,
    field: Field,
    interface: InterfaceType,
    wanted: Field,
    report: GraphQLReport,
) -> None:
    name = f"{type_.name}.{field.name}"
    for expected in wanted.arguments.values():
        argument = field.arguments.get(expected.name)
        if argument is None:
            report.invalid(
                f'"{name}" lacks the argument "{expected.name}" of "{interface.name}.{wanted.name}".',
                field.at,
                expected.at,
            )
        elif argument.type != expected.type:
            report.invalid(
                f'"{name}({argument.name}:)" is of type {argument.type} but {expected.type} in '
                f'"{interface.name}".',
                argument.at,
                expected.at,
            )
    for argument in field.arguments.values():
        if argument.required and argument.name not in wanted.arguments:
            report.invalid(
                f'"{name}({argument.name}:)" is required, but "{interface.name}.{wanted.name}" '
                "has no such argument.",
                argument.at,
                wanted.at,
            )

"""Types have members, and no name starts with the "__" that introspection keeps for itself (GraphQL 2.1.9,
3.6).
"""

from __future__ import annotations

from schema.model.definitions import (
    EnumType,
    InputType,
    InterfaceType,
    ObjectType,
    ScalarType,
    Schema,
    UnionType,
)
from schema.report.collect import GraphQLReport


def check_shapes(schema: Schema, report: GraphQLReport) -> None:
    """One walk over all names."""
    for definition in schema.directives.values():
        _check_name(definition.name, f"@{definition.name}", definition.at, report)
        for argument in definition.arguments.values():
            _check_name(argument.name, f"@{definition.name}({argument.name}:)", argument.at, report)
    for type_ in schema.types.values():
        _check_name(type_.name, type_.name, type_.at, report)
        match type_:
            case ObjectType() | InterfaceType():
                # Every subgraph answers `_service`, so its query root is never really empty.
                filled = bool(type_.fields) or type_.name == schema.definition.roots.get("query")
                _check_filled(filled, type_.name, "field", type_.at, report)
                _check_fields(type_, report)
            case InputType():
                _check_filled(bool(type_.fields), type_.name, "field", type_.at, report)
                for field in type_.fields.values():
                    _check_name(field.name, f"{type_.name}.{field.name}", field.at, report)
            case UnionType():
                _check_filled(bool(type_.members), type_.name, "member", type_.at, report)
            case EnumType():
                _check_filled(bool(type_.values), type_.name, "value", type_.at, report)
                for value in type_.values.values():
                    _check_name(value.name, f"{type_.name}.{value.name}", value.at, report)
            case ScalarType():
                pass


def _check_fields(type_: ObjectType | InterfaceType, report: GraphQLReport) -> None:
    for field in type_.fields.values():
        coordinate = f"{type_.name}.{field.name}"
        _check_name(field.name, coordinate, field.at, report)
        for argument in field.arguments.values():
            _check_name(argument.name, f"{coordinate}({argument.name}:)", argument.at, report)


def _check_name(name: str, coordinate: str, at: int, report: GraphQLReport) -> None:
    if name[:2] == "__":
        report.invalid(f'"{coordinate}": names that start with "__" are kept for introspection.', at)


def _check_filled(filled: bool, name: str, what: str, at: int, report: GraphQLReport) -> None:
    if not filled:
        report.invalid(f'"{name}" has no {what}s: it needs at least one.', at)

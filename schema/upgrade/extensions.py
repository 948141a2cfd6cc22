"""`extend type` said "another subgraph owns this type". In federation 2 nobody owns types."""

from __future__ import annotations

from dataclasses import replace

from schema.model.definitions import InterfaceType, ObjectType, TypeDefinition, has_applied
from schema.report.errors import ErrorCode
from schema.subgraph.facts import is_extension
from schema.upgrade.state import Upgrade


def is_root_extension(upgrade: Upgrade, type_: TypeDefinition) -> bool:
    """Does the type extend a root? Every subgraph has its own, so that means nothing."""
    schema, names = upgrade.subgraph.schema, upgrade.subgraph.names
    return (
        isinstance(type_, ObjectType)
        and type_.name in schema.definition.roots.values()
        and (has_applied(type_, names.extends) or (bool(type_.extensions) and not type_.defined))
    )


def extends_another(upgrade: Upgrade, type_: TypeDefinition) -> bool:
    """Does the type extend one of another subgraph, or a root?"""
    return is_extension(type_, upgrade.subgraph.names) or is_root_extension(upgrade, type_)


def check_extensions_have_base(upgrade: Upgrade) -> None:
    """An extended type must be defined by someone."""
    for type_ in upgrade.subgraph.schema.types.values():
        if is_root_extension(upgrade, type_) or not is_extension(type_, upgrade.subgraph.names):
            continue
        if not any(other.defined for _, other in upgrade.elsewhere(type_.name)):
            upgrade.report.add(
                ErrorCode.EXTENSION_WITH_NO_BASE,
                f'"{type_.name}" is extended, but no subgraph defines it.',
                type_.extensions[0] if type_.extensions else type_.at,
            )


def turn_extensions_into_definitions(upgrade: Upgrade) -> None:
    """Everything an extension holds becomes part of a definition."""
    for type_ in upgrade.subgraph.schema.types.values():
        if not extends_another(upgrade, type_):
            continue
        keeps_keys = is_root_extension(upgrade, type_)  # a @key of a root stays one of an extension
        type_.defined, type_.extensions = True, []
        if not keeps_keys:
            # The original schema, which upgrades of other subgraphs look at, shares these applications.
            type_.directives = [replace(directive, extension=0) for directive in type_.directives]
        if isinstance(type_, ObjectType | InterfaceType):
            for field in type_.fields.values():
                field.extension = 0
    upgrade.changed()

"""Federation 1 subgraphs, read as federation 2.

Federation 1 had no @shareable, let @external and @provides be written where they meant nothing, and took
`extend type` as "this type is another subgraph's". Each step below rewrites one such habit; together they
give a federation 2 schema that means what the old one meant among these subgraphs. Steps see the *original*
other subgraphs, so the order in which subgraphs are upgraded does not matter.
"""

from __future__ import annotations

from schema.model.definitions import InterfaceType, ObjectType
from schema.report.collect import SubgraphReport, failure
from schema.report.errors import CompositionFailure, ErrorCode, Location
from schema.report.wording import listed
from schema.subgraph.states import Subgraph, ValidSubgraph
from schema.upgrade.extensions import check_extensions_have_base, turn_extensions_into_definitions
from schema.upgrade.externals import (
    remove_external_on_extensions,
    remove_meaningless_external,
    remove_unused_externals,
)
from schema.upgrade.field_sets import keep_active_selections, write_field_sets_as_strings
from schema.upgrade.interfaces import remove_on_interfaces, remove_provides_on_leaves
from schema.upgrade.sharing import add_shareable
from schema.upgrade.state import start_upgrade
from schema.upgrade.tags import remove_tags_on_external
from schema.validate import validate_federation

_STEPS = (
    check_extensions_have_base,
    write_field_sets_as_strings,
    remove_meaningless_external,
    remove_external_on_extensions,
    keep_active_selections,
    turn_extensions_into_definitions,
    remove_on_interfaces,
    remove_provides_on_leaves,
    remove_unused_externals,
    add_shareable,
    remove_tags_on_external,
)


def upgrade_all(subgraphs: list[Subgraph]) -> tuple[list[ValidSubgraph], list[CompositionFailure]]:
    """The subgraphs with those of federation 1 upgraded and checked again, and why some could not be."""
    if all(subgraph.version is not None for subgraph in subgraphs):
        return list(map(ValidSubgraph, subgraphs)), []
    index = _index(subgraphs)
    upgraded: list[ValidSubgraph] = []
    failures: list[CompositionFailure] = []
    for subgraph in subgraphs:
        if subgraph.version is not None:
            upgraded.append(ValidSubgraph(subgraph))
            continue
        upgrade = start_upgrade(subgraph, index, SubgraphReport(subgraph.source))
        for step in _STEPS:
            step(upgrade)
        if not upgrade.report.failures:
            validate_federation(upgrade.subgraph, upgrade.report)
        failures += upgrade.report.failures
        upgraded.append(ValidSubgraph(upgrade.subgraph))
    return upgraded, failures + _interface_objects_without_key(subgraphs)


def _index(subgraphs: list[Subgraph]) -> dict[str, list[tuple[Subgraph, ObjectType | InterfaceType]]]:
    """Object and interface types by name, with the subgraph each belongs to."""
    index: dict[str, list[tuple[Subgraph, ObjectType | InterfaceType]]] = {}
    for subgraph in subgraphs:
        for type_ in subgraph.schema.fields_types():
            index.setdefault(type_.name, []).append((subgraph, type_))
    return index


def _interface_objects_without_key(subgraphs: list[Subgraph]) -> list[CompositionFailure]:
    """A @key on an interface meant nothing in federation 1, so no @interfaceObject can rely on it."""
    failures = []
    for name, places in _interface_objects(subgraphs).items():
        for subgraph in subgraphs:
            interface = subgraph.schema.types.get(name)
            if subgraph.version is not None or not isinstance(interface, InterfaceType):
                continue
            if any(directive.name == subgraph.names.key for directive in interface.directives):
                failures.append(_without_key(name, places, subgraph, interface))
    return failures


def _without_key(
    name: str, places: list[tuple[Subgraph, Location]], subgraph: Subgraph, interface: InterfaceType
) -> CompositionFailure:
    users = listed([f'"{user.name}"' for user, _ in places])
    return failure(
        ErrorCode.INTERFACE_OBJECT_USAGE_ERROR,
        f'"{name}" is an @interfaceObject in {users}, but the @key of the interface in "{subgraph.name}" '
        "does not count: that is a federation 1 schema.",
        (*(place for _, place in places), subgraph.source.location(interface.at)),
        remedy=f'Make "{subgraph.name}" a federation 2 schema, or remove the @key of its interface "{name}".',
    )


def _interface_objects(subgraphs: list[Subgraph]) -> dict[str, list[tuple[Subgraph, Location]]]:
    found: dict[str, list[tuple[Subgraph, Location]]] = {}
    for subgraph in subgraphs:
        for application in subgraph.applied(subgraph.names.interface_object):
            place = subgraph.source.location(application.directive.at)
            found.setdefault(application.coordinate, []).append((subgraph, place))
    return found

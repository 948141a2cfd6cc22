"""Directives on interfaces, and on fields without fields of their own, which federation 1 ignored."""

from __future__ import annotations

from schema.model.definitions import InterfaceType
from schema.model.type_references import base_name
from schema.subgraph.facts import is_composite
from schema.upgrade.state import Upgrade, remove_applied


def remove_on_interfaces(upgrade: Upgrade) -> None:
    """@key on interfaces, @requires and @provides on their fields."""
    names = upgrade.subgraph.names
    for interface in upgrade.subgraph.schema.interface_types():
        remove_applied(interface, names.key)
        for field in interface.fields.values():
            remove_applied(field, names.provides)
            remove_applied(field, names.requires)
    upgrade.changed()


def remove_provides_on_leaves(upgrade: Upgrade) -> None:
    """@provides on a field whose type has no fields."""
    schema, names = upgrade.subgraph.schema, upgrade.subgraph.names
    for type_ in schema.fields_types():
        if isinstance(type_, InterfaceType):
            continue
        for field in type_.fields.values():
            if not is_composite(schema.types.get(base_name(field.type))):
                remove_applied(field, names.provides)
    upgrade.changed()

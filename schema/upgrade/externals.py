"""@external where federation 1 allowed it without meaning."""

from __future__ import annotations

from schema.model.definitions import Field, InterfaceType, ObjectType, applied
from schema.model.field_set import selected_fields
from schema.model.type_references import base_name
from schema.report.errors import ErrorCode
from schema.subgraph.facts import fields_argument
from schema.subgraph.states import Subgraph
from schema.upgrade.extensions import extends_another
from schema.upgrade.state import Upgrade, remove_applied


def remove_meaningless_external(upgrade: Upgrade) -> None:
    """On fields of interfaces and on whole types it did nothing."""
    external = upgrade.subgraph.names.external
    for type_ in upgrade.subgraph.schema.fields_types():
        if isinstance(type_, InterfaceType):
            for field in type_.fields.values():
                remove_applied(field, external)
        else:
            remove_applied(type_, external)


def remove_external_on_extensions(upgrade: Upgrade) -> None:
    """The key fields of an extended type had to be marked external; they are not."""
    subgraph = upgrade.subgraph
    for type_ in subgraph.schema.fields_types():
        if not extends_another(upgrade, type_):
            continue
        keys = applied(type_, subgraph.names.key)
        if keys:
            own = set(type_.fields.values())
            for key in keys:
                for field in selected_fields(subgraph.schema, type_.name, fields_argument(key)):
                    if field in own:
                        remove_applied(field, subgraph.names.external)
            continue
        for other, other_type in upgrade.elsewhere(type_.name):
            for name in _first_key_fields(other, other_type):
                if name in type_.fields:
                    remove_applied(type_.fields[name], subgraph.names.external)
    upgrade.changed()


def _first_key_fields(subgraph: Subgraph, type_: ObjectType | InterfaceType) -> list[str]:
    """The type's own fields in its first key."""
    keys = applied(type_, subgraph.names.key)
    if not keys:
        return []
    own = set(type_.fields.values())
    fields = selected_fields(subgraph.schema, type_.name, fields_argument(keys[0]))
    return [field.name for field in fields if field in own]


def remove_unused_externals(upgrade: Upgrade) -> None:
    """External fields nothing needs go; so do types that had nothing else, unless something refers to
    them.
    """
    upgrade.changed()
    schema, facts = upgrade.subgraph.schema, upgrade.subgraph.facts
    for type_ in list(schema.fields_types()):
        type_.fields = {
            name: field
            for name, field in type_.fields.items()
            if field not in facts.external or field in facts.used
        }
    for type_ in list(schema.fields_types()):
        if type_.fields or type_.name == schema.definition.roots.get("query"):
            continue
        if _is_referenced(upgrade, type_):
            upgrade.report.add(
                ErrorCode.TYPE_WITH_ONLY_UNUSED_EXTERNAL,
                f'"{type_.name}" has only external fields, and no @key, @provides or @requires needs them.',
                type_.at,
            )
        else:
            del schema.types[type_.name]
    upgrade.changed()


def _is_referenced(upgrade: Upgrade, type_: ObjectType | InterfaceType) -> bool:
    schema = upgrade.subgraph.schema
    if type_.name in schema.definition.roots.values() or applied(type_, upgrade.subgraph.names.key):
        return True
    for other in schema.types.values():
        members = getattr(other, "members", {}) or getattr(other, "interfaces", {})
        fields = getattr(other, "fields", {}).values()
        if type_.name in members or any(base_name(field.type) == type_.name for field in fields):
            return True
    return False


def has_external(field: Field, subgraph: Subgraph) -> bool:
    """Is @external written on the field itself?"""
    return bool(applied(field, subgraph.names.external))

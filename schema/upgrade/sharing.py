"""Federation 1 let subgraphs resolve the same field without saying so; federation 2 wants @shareable."""

from __future__ import annotations

from schema.model.definitions import Directive, Field, ObjectType, has_applied
from schema.upgrade.state import Upgrade


def add_shareable(upgrade: Upgrade) -> None:
    """Marks what another subgraph resolves too: single fields of entities and roots, other types as a
    whole.
    """
    schema, names = upgrade.subgraph.schema, upgrade.subgraph.names
    roots = set(schema.definition.roots.values())
    for type_ in schema.object_types():
        if type_.name == schema.definition.roots.get("subscription"):
            continue
        if has_applied(type_, names.key) or type_.name in roots:
            for field in type_.fields.values():
                _share_field(upgrade, type_, field)
        elif any(upgrade.elsewhere(type_.name)) and not has_applied(type_, names.shareable):
            type_.directives.append(Directive(names.shareable, {}))
    upgrade.changed()


def _share_field(upgrade: Upgrade, type_: ObjectType, field: Field) -> None:
    original_type = upgrade.original.schema.types.get(type_.name)
    original = original_type.fields.get(field.name) if isinstance(original_type, ObjectType) else None
    if original is not None and original in upgrade.original.facts.shareable:
        return
    name = upgrade.subgraph.names.shareable
    if _resolved_elsewhere(upgrade, type_, field) and not has_applied(field, name):
        field.directives.append(Directive(name, {}))


def _resolved_elsewhere(upgrade: Upgrade, type_: ObjectType, field: Field) -> bool:
    for other, other_type in upgrade.elsewhere(type_.name):
        other_field = other_type.fields.get(field.name)
        if other_field is not None and not other.facts.fully_external(other_field):
            return True
    return False

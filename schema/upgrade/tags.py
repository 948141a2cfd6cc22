"""@tag on an external field was ignored; it may stay off where the field's resolver carries the same tag."""

from __future__ import annotations

from schema.model.applications import OnField
from schema.model.definitions import Directive, applied, has_applied
from schema.model.values import values_equal
from schema.upgrade.state import Upgrade, replace_applied


def remove_tags_on_external(upgrade: Upgrade) -> None:
    """Every tagged field that is external."""
    names = upgrade.subgraph.names
    for application in upgrade.subgraph.applied(names.tag):
        if not isinstance(application, OnField) or not has_applied(application.element, names.external):
            continue
        if _tagged_elsewhere(upgrade, application, application.directive):
            replace_applied(application.element, application.directive, None)
    upgrade.changed()


def _tagged_elsewhere(upgrade: Upgrade, application: OnField, tag: Directive) -> bool:
    for other, type_ in upgrade.elsewhere(application.parent.name):
        field = type_.fields.get(application.element.name)
        if field is None or has_applied(field, other.names.external):
            continue
        tags = applied(field, other.names.tag)
        if any(values_equal(given.arguments, tag.arguments) for given in tags):
            return True
    return False

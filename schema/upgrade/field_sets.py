"""Field sets of federation 1: written as lists or bare names, and selecting fields that are not external."""

from __future__ import annotations

from dataclasses import replace

from schema.language.nodes import SelectionNode
from schema.language.values import EnumLiteral, Value
from schema.model.applications import OnField, OnType
from schema.model.definitions import Field, InterfaceType
from schema.model.field_set import (
    FieldSetProblem,
    Resolved,
    ResolvedField,
    print_selections,
    resolve,
)
from schema.model.type_references import base_name
from schema.subgraph.facts import fields_argument
from schema.upgrade.externals import has_external
from schema.upgrade.state import Upgrade, replace_applied


def write_field_sets_as_strings(upgrade: Upgrade) -> None:
    """`fields: ["a", "b"]` and `fields: a` become `fields: "a b"` and `fields: "a"`."""
    names = upgrade.subgraph.names
    for directive_name in (names.key, names.requires, names.provides):
        for application in upgrade.subgraph.applied(directive_name):
            old = application.directive
            text = _as_text(old.arguments.get("fields"))
            if text is not None and isinstance(application, OnType | OnField):
                new = replace(old, arguments={**old.arguments, "fields": text})
                replace_applied(application.element, old, new)
    upgrade.changed()


def _as_text(fields: Value) -> str | None:
    """The text to write instead; None when there is nothing to change."""
    if isinstance(fields, list) and fields and all(isinstance(field, str) for field in fields):
        return " ".join(map(str, fields))
    return str(fields) if isinstance(fields, EnumLiteral) else None


def keep_active_selections(upgrade: Upgrade) -> None:
    """@requires and @provides of fields that are not external did nothing: only the external ones stay."""
    subgraph = upgrade.subgraph
    for application in subgraph.applied(subgraph.names.provides):
        if isinstance(application, OnField):
            _keep_active(upgrade, application, base_name(application.element.type))
    for application in subgraph.applied(subgraph.names.requires):
        if isinstance(application, OnField):
            _keep_active(upgrade, application, application.parent.name)
    upgrade.changed()


def _keep_active(upgrade: Upgrade, application: OnField, type_: str) -> None:
    directive = application.directive
    try:
        selections = resolve(upgrade.subgraph.schema, type_, fields_argument(directive))
    except FieldSetProblem:
        return
    if not _selects_own_leaf(upgrade, selections):
        return
    kept = _external_only(upgrade, selections)
    if kept:
        updated = replace(directive, arguments={"fields": print_selections(kept)})
        replace_applied(application.element, directive, updated)
    else:
        replace_applied(application.element, directive, None)


def _selects_own_leaf(upgrade: Upgrade, selections: tuple[Resolved, ...]) -> bool:
    for selection in selections:
        if isinstance(selection, ResolvedField):
            if _is_external(upgrade, selection):
                continue
            if not selection.selections:
                return True
        if _selects_own_leaf(upgrade, selection.selections):
            return True
    return False


def _external_only(upgrade: Upgrade, selections: tuple[Resolved, ...]) -> tuple[SelectionNode, ...]:
    kept: list[SelectionNode] = []
    for selection in selections:
        if isinstance(selection, ResolvedField) and _is_external(upgrade, selection):
            kept.append(selection.node)
        elif selection.selections:
            inner = _external_only(upgrade, selection.selections)
            if inner:
                kept.append(replace(selection.node, selections=inner))
    return tuple(kept)


def _is_external(upgrade: Upgrade, selection: ResolvedField) -> bool:
    """Is the field external, here or in a type that implements the interface it is selected on?"""
    subgraph = upgrade.subgraph
    if selection.field is None:
        return False
    if has_external(selection.field, subgraph):
        return True
    if not isinstance(subgraph.schema.types[selection.parent], InterfaceType):
        return False
    fields: list[Field | None] = [
        type_.fields.get(selection.field.name) for type_ in subgraph.schema.implementations(selection.parent)
    ]
    return any(has_external(field, subgraph) for field in fields if field is not None)

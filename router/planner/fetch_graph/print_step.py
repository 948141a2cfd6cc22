"""The selection of a fetch step as text, minified, with the variables it uses."""

from __future__ import annotations

from dataclasses import dataclass

from router.operation import TYPENAME
from router.operation.minify import joined
from router.planner.fetch_graph.steps import FetchField, FetchStep, Selection


@dataclass(slots=True)
class Body:
    """A printed selection with the variables it uses."""

    text: str
    variables: set[str]


def print_entities(step: FetchStep) -> Body:
    """`{...on T{…}}`: what is asked of each entity."""
    variables: set[str] = set()
    parts = [
        f"...on {name}{{{_selection(selection, variables)}}}" for name, selection in step.selections.items()
    ]
    return Body("{" + joined(parts) + "}", variables)


def print_root(step: FetchStep) -> Body:
    """`{…}`: what is asked of the root type."""
    variables: set[str] = set()
    (selection,) = step.selections.values()
    return Body("{" + _selection(selection, variables) + "}", variables)


def _selection(selection: Selection, variables: set[str]) -> str:
    parts = [TYPENAME] if selection.typename else []
    unconditional = {
        field.key for field in selection.fields.values() if not field.conditions and field.below is None
    }
    for field in selection.fields.values():
        if field.conditions and field.below is None and field.key in unconditional:
            continue
        parts.append(_field(field, variables))
    for name, fragment in selection.fragments.items():
        inner = _selection(fragment, variables)
        if not (selection.typename and inner == TYPENAME):
            parts.append(f"...on {name}{{{inner}}}")
    return joined(parts) or TYPENAME


def _field(field: FetchField, variables: set[str]) -> str:
    variables.update(field.variables)
    text = field.name if field.key == field.name else f"{field.key}:{field.name}"
    text += field.arguments
    used: set[str] = set()
    around: list[str] = []
    for name, wanted in sorted(field.conditions):
        variables.add(name)
        directive = "include" if wanted else "skip"
        condition = f"@{directive}(if:${name})"
        if directive in used:  # a directive may stand once at a place: further ones on fragments around it
            around.append(condition)
        else:
            used.add(directive)
            text += condition
    text += field.directives
    if field.below is not None:
        text += "{" + _selection(field.below, variables) + "}"
    if field.around:
        around.append(field.around)
    for condition in around:
        text = f"...{condition}{{{text}}}"
    return text

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
    unconditional = {out.key for out in selection.fields.values() if not out.conditions and out.below is None}
    for out in selection.fields.values():
        if out.conditions and out.below is None and out.key in unconditional:
            continue
        parts.append(_field(out, variables))
    for name, fragment in selection.fragments.items():
        inner = _selection(fragment, variables)
        if not (selection.typename and inner == TYPENAME):
            parts.append(f"...on {name}{{{inner}}}")
    return joined(parts) or TYPENAME


def _field(out: FetchField, variables: set[str]) -> str:
    variables.update(out.variables)
    text = out.name if out.key == out.name else f"{out.key}:{out.name}"
    text += out.arguments
    used: set[str] = set()
    around: list[str] = []
    for name, wanted in sorted(out.conditions):
        variables.add(name)
        directive = "include" if wanted else "skip"
        condition = f"@{directive}(if:${name})"
        if directive in used:  # a directive may stand once at a place: further ones on fragments around it
            around.append(condition)
        else:
            used.add(directive)
            text += condition
    text += out.directives
    if out.below is not None:
        text += "{" + _selection(out.below, variables) + "}"
    if out.around:
        around.append(out.around)
    for condition in around:
        text = f"...{condition}{{{text}}}"
    return text

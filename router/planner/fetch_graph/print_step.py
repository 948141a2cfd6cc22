"""The selection of a fetch step as text, minified, with the variables it uses, and as what it asks."""

from __future__ import annotations

from dataclasses import dataclass

from router.operation import TYPENAME
from router.operation.minify import joined
from router.operation.model import NO_CONDITIONS
from router.plan import AskedField, AskedFragment, AskedSelection
from router.planner.fetch_graph.steps import FetchField, FetchStep, Selection

ASKED_TYPENAME = AskedField(TYPENAME, TYPENAME)


@dataclass(slots=True)
class Body:
    """A printed selection with the variables it uses. `asked` is the same as a value."""

    text: str
    variables: set[str]
    asked: tuple[AskedSelection, ...]


def print_entities(step: FetchStep) -> Body:
    """`{...on T{…}}`: what is asked of each entity."""
    variables: set[str] = set()
    parts: list[str] = []
    asked: list[AskedSelection] = []
    for name, selection in step.selections.items():
        text, below = _selection(selection, variables)
        parts.append(f"...on {name}{{{text}}}")
        asked.append(AskedFragment(name, NO_CONDITIONS, below))
    return Body("{" + joined(parts) + "}", variables, tuple(asked))


def print_root(step: FetchStep) -> Body:
    """`{…}`: what is asked of the root type."""
    variables: set[str] = set()
    (selection,) = step.selections.values()
    text, asked = _selection(selection, variables)
    return Body("{" + text + "}", variables, asked)


def _selection(selection: Selection, variables: set[str]) -> tuple[str, tuple[AskedSelection, ...]]:
    parts: list[str] = [TYPENAME] if selection.typename else []
    asked: list[AskedSelection] = [ASKED_TYPENAME] if selection.typename else []
    unconditional: set[str] | None = None
    for field in selection.fields.values():
        if field.conditions and field.below is None:
            if unconditional is None:
                unconditional = _asked_anyway(selection)
            if field.key in unconditional:
                continue
        parts.append(_field(field, variables, asked))
    for name, fragment in selection.fragments.items():
        inner, below = _selection(fragment, variables)
        if not (selection.typename and inner == TYPENAME):
            parts.append(f"...on {name}{{{inner}}}")
            asked.append(AskedFragment(name, NO_CONDITIONS, below))
    if not parts:
        return TYPENAME, (ASKED_TYPENAME,)
    return joined(parts), tuple(asked)


def _asked_anyway(selection: Selection) -> set[str]:
    """Keys of leaves that are asked without a condition. O(fields)."""
    leaves = (field for field in selection.fields.values() if field.below is None)
    return {field.key for field in leaves if not field.conditions}


def _field(field: FetchField, variables: set[str], asked: list[AskedSelection]) -> str:
    """The field's text; what it asks is appended."""
    text = field.name if field.key == field.name else f"{field.key}:{field.name}"
    if field.arguments:
        text += field.arguments
        variables.update(field.variables)
    around: list[str] = []
    if field.conditions:
        text += _conditions(field, variables, around)
    if field.directives:
        text += field.directives
        variables.update(field.variables)
    below: tuple[AskedSelection, ...] = ()
    if field.below is not None:
        inner, below = _selection(field.below, variables)
        text += "{" + inner + "}"
    asked.append(AskedField(field.key, field.name, field.conditions, below))
    if field.around:
        around.append(field.around)
        variables.update(field.variables)
    for condition in around:
        text = f"...{condition}{{{text}}}"
    return text


def _conditions(field: FetchField, variables: set[str], around: list[str]) -> str:
    """The directives on the field. One may stand once at a place: further ones on fragments around it."""
    text = ""
    used: set[str] = set()
    for name, wanted in sorted(field.conditions):
        variables.add(name)
        directive = "include" if wanted else "skip"
        condition = f"@{directive}(if:${name})"
        if directive in used:
            around.append(condition)
        else:
            used.add(directive)
            text += condition
    return text

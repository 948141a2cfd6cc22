"""Groups → the text of subgraph operations, minified, and the representations they need."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from router.operation import TYPENAME, Variable
from router.operation.minify import joined
from router.plan import KeyRenamer, RequiredField, RequiredFragment, RequiredSelection, Rewrite, ValueSetter
from router.planner.fetch_graph import Group, OutField, RequiredTree, Requirement, Selection


@dataclass(slots=True)
class Body:
    """A printed selection with the variables it uses."""

    text: str
    variables: set[str]


def print_entities(group: Group) -> Body:
    """`{...on T{…}}`: what is asked of each entity."""
    variables: set[str] = set()
    parts = [
        f"...on {name}{{{_selection(selection, variables)}}}" for name, selection in group.selections.items()
    ]
    return Body("{" + joined(parts) + "}", variables)


def print_root(group: Group) -> Body:
    """`{…}`: what is asked of the root type."""
    variables: set[str] = set()
    (selection,) = group.selections.values()
    return Body("{" + _selection(selection, variables) + "}", variables)


def _selection(selection: Selection, variables: set[str]) -> str:
    parts = [TYPENAME] if selection.typename else []
    unconditional = {out.key for out in selection.fields.values() if not out.conditions and out.below is None}
    for out in selection.fields.values():
        if out.conditions and out.below is None and out.key in unconditional:
            continue
        parts.append(_field(out, variables))
    for name, cast in selection.casts.items():
        inner = _selection(cast, variables)
        if not (selection.typename and inner == TYPENAME):
            parts.append(f"...on {name}{{{inner}}}")
    return joined(parts) or TYPENAME


def _field(out: OutField, variables: set[str]) -> str:
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


def print_operation(
    head: str,
    body: str,
    representations: Iterable[str],
    variables: Iterable[Variable],
    extra: Iterable[tuple[str, str]] = (),
    directives: str = "",
) -> str:
    """`head` is the operation kind and name; an anonymous query without variables needs neither."""
    definitions = "".join(
        [f"${name}:[_Any!]!" for name in representations]
        + [f"${v.name}:{v.definition}" for v in variables]
        + [f"${name}:{type_}" for name, type_ in extra]
    )
    if definitions:
        return f"{head}({definitions}){directives}{body}"
    return body if head == "query" and not directives else head + directives + body


def used_variables(names: Collection[str], variables: Mapping[str, Variable]) -> list[Variable]:
    """In the order the client's operation declares them."""
    return [variable for name, variable in variables.items() if name in names]


def required_selections(group: Group) -> tuple[RequiredSelection, ...]:
    return tuple(_requirement(requirement) for requirement in group.requires.values())


def _requirement(requirement: Requirement) -> RequiredFragment:
    return RequiredFragment(
        requirement.on, (RequiredField(TYPENAME), *_required(requirement.fields.values()))
    )


def _required(trees: Iterable[RequiredTree]) -> tuple[RequiredSelection, ...]:
    fields: list[RequiredSelection] = []
    fragments: dict[str, list[RequiredSelection]] = {}
    for tree in trees:
        below = _required(tree.below.values())
        if any(inner.on is not None and inner.renames for inner in tree.below.values()):
            below = (RequiredField(TYPENAME), *below)  # the rewrite must know the type of the nested object
        field = RequiredField(tree.key, below)
        if tree.on is not None:
            fragments.setdefault(tree.on, []).append(field)
        elif tree.key != TYPENAME or field not in fields:
            fields.append(field)
    return (*fields, *(RequiredFragment(on, tuple(inner)) for on, inner in fragments.items()))


def input_rewrites(group: Group) -> tuple[Rewrite, ...]:
    """The type a representation is sent as, and internal aliases renamed back to the field's name."""
    rewrites: list[Rewrite] = []
    for requirement in group.requires.values():
        base = (f"... on {requirement.on}",)
        # The type last: once it is set, rewrites on the object's own type no longer apply.
        rewrites += _renamers(requirement.fields.values(), base)
        if requirement.rewrites_type:
            rewrites.append(ValueSetter((*base, TYPENAME), requirement.sent_as))
    return tuple(rewrites)


def _renamers(trees: Iterable[RequiredTree], path: tuple[str, ...]) -> Iterable[Rewrite]:
    for tree in trees:
        here = path if tree.on is None else (*path, f"... on {tree.on}")
        yield from _renamers(tree.below.values(), (*here, tree.key))
        if tree.key != tree.name:
            yield KeyRenamer((*here, tree.key), tree.name)

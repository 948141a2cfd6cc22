"""What the representations of a fetch step copy, and the input rewrites that make them the subgraph's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from router.operation import TYPENAME
from router.plan import (
    KeyRenamer,
    Path,
    RequiredField,
    RequiredFragment,
    RequiredSelection,
    Rewrite,
    TypeCondition,
    ValueSetter,
)
from router.planner.fetch_graph.steps import FetchStep, RequiredTree, Requirement


def required_selections(step: FetchStep) -> tuple[RequiredSelection, ...]:
    return tuple(_requirement(requirement) for requirement in step.requires.values())


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


def input_rewrites(step: FetchStep) -> tuple[Rewrite, ...]:
    """The type a representation is sent as, and internal aliases renamed back to the field's name."""
    rewrites: list[Rewrite] = []
    for requirement in step.requires.values():
        base: Path = (TypeCondition((requirement.on,)),)
        # The type last: once it is set, rewrites on the object's own type no longer apply.
        rewrites += _renamers(requirement.fields.values(), base)
        if requirement.rewrites_type:
            rewrites.append(ValueSetter((*base, TYPENAME), requirement.sent_as))
    return tuple(rewrites)


def _renamers(trees: Iterable[RequiredTree], path: Path) -> Iterator[Rewrite]:
    for tree in trees:
        here = path if tree.on is None else (*path, TypeCondition((tree.on,)))
        yield from _renamers(tree.below.values(), (*here, tree.key))
        if tree.key != tree.name:
            yield KeyRenamer((*here, tree.key), tree.name)

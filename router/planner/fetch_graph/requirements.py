"""What the representations of an entity move copy: its key, and what the fields it is made for require."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from router.operation import Field
from router.planner.fetch_graph.steps import FetchStep, RequiredTree, Requirement
from router.planner.response_keys import ResponseKeys
from router.planner.search.moves import EntityMove
from schema.graph import NodeKind

Possible: TypeAlias = Mapping[str, frozenset[str]]


def requirement_of(move: EntityMove, possible: Possible) -> Requirement:
    """What the move requires alone. O(fields required)."""
    position, node = move.position, move.node
    rewrites_type = node.kind is NodeKind.INTERFACE_OBJECT
    requirement = Requirement(position.type_name, node.type_name, rewrites_type)
    _copy(requirement.fields, move.required, position.keys, position.type_name, possible)
    return requirement


def add_required(step: FetchStep, requirement: Requirement) -> None:
    """Puts what is required beside what the step's representations copy already."""
    known = step.requires.setdefault((requirement.on, requirement.sent_as), requirement)
    if known is not requirement:
        absorb_required(known.fields, requirement.fields)


def absorb_required(into: dict[str, RequiredTree], fields: dict[str, RequiredTree]) -> None:
    """Both in one. O(fields)."""
    for key, tree in fields.items():
        known = into.setdefault(key, tree)
        if known is not tree:
            absorb_required(known.below, tree.below)


def _copy(
    into: dict[str, RequiredTree],
    fields: tuple[Field, ...],
    keys: ResponseKeys,
    on: str,
    possible: Possible,
) -> None:
    for field in fields:
        key = keys.alias(field.name, field.arguments, field.on or on, possible)
        identity = f"{field.on or ''}:{key}"
        tree = into.get(identity)
        if tree is None:
            tree = into[identity] = RequiredTree(key, field.name, field.on)
        if field.children:
            assert field.definition is not None
            named = field.definition.named_type
            _copy(tree.below, field.children, keys.below(key, named), named, possible)

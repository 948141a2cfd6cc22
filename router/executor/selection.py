"""What a fetch's text will answer: the response keys of its selection set as a tree.

Type conditions are dropped and fields of one key merged; that is enough to know what a fetch writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
)

from router.executor.conditions import is_included

Keys = tuple[str, ...]


@dataclass(slots=True)
class KeyTree:
    children: dict[str, KeyTree] = field(default_factory=dict)

    def child(self, key: str) -> KeyTree:
        return self.children.setdefault(key, KeyTree())

    @property
    def is_flat(self) -> bool:
        """No objects below: merging such an entity into several objects shares nothing that can change."""
        return not any(child.children for child in self.children.values())

    def key_paths(self, prefix: Keys = ()) -> set[Keys]:
        """Every path of keys in the tree, inner ones included."""
        paths: set[Keys] = set()
        for key, child in self.children.items():
            path = (*prefix, key)
            paths.add(path)
            paths |= child.key_paths(path)
        return paths


@dataclass(frozen=True, slots=True)
class FetchText:
    """`tree` is what the text answers, `defaulted` its variables that have a default."""

    tree: KeyTree
    defaulted: frozenset[str]


def read_fetch_text(text: str, variables: Mapping[str, Any]) -> FetchText:
    """What it answers when its `@skip` and `@include` are decided by these variables. O(size of the text)."""
    document = parse(text, no_location=True)
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    tree = KeyTree()
    defaulted: set[str] = set()
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            _add(tree, definition.selection_set, fragments, variables)
            for variable in definition.variable_definitions or ():
                if variable.default_value is not None:
                    defaulted.add(variable.variable.name.value)
    return FetchText(tree, frozenset(defaulted))


def _add(
    tree: KeyTree,
    selection_set: SelectionSetNode,
    fragments: dict[str, FragmentDefinitionNode],
    variables: Mapping[str, Any],
) -> None:
    for selection in selection_set.selections:
        if not is_included(selection, variables):
            continue
        match selection:
            case FieldNode():
                child = tree.child((selection.alias or selection.name).value)
                if selection.selection_set:
                    _add(child, selection.selection_set, fragments, variables)
            case InlineFragmentNode():
                _add(tree, selection.selection_set, fragments, variables)
            case FragmentSpreadNode():
                _add(tree, fragments[selection.name.value].selection_set, fragments, variables)
            case _:
                raise AssertionError(f"not a selection: {selection.kind}")

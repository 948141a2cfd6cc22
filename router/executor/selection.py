"""What a fetch's text will answer: the response keys of its selection set as a tree.

Fields of one key are merged, with the types of the objects they are asked of: that is enough to know what a
fetch writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
from router.executor.possible_types import PossibleTypes

Keys = tuple[str, ...]
Types = frozenset[str] | None
"""Of an object; None for any."""
Write = tuple[Keys, tuple[Types, ...]]
"""A path of response keys, and for each the types of the object that holds it."""


@dataclass(slots=True)
class KeyTree:
    """`types` are those of the objects that are asked for a key, `names` the fields of aliases."""

    children: dict[str, KeyTree] = field(default_factory=dict)
    types: dict[str, Types] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def child(self, key: str) -> KeyTree:
        return self.children.setdefault(key, KeyTree())

    @property
    def is_flat(self) -> bool:
        """No objects below: merging such an entity into several objects shares nothing that can change."""
        return not any(child.children for child in self.children.values())

    def add(self, key: str, types: Types) -> KeyTree:
        """The key's own tree. It may be asked for several times, of different types."""
        known = self.types.get(key, types)
        self.types[key] = None if known is None or types is None else known | types
        return self.child(key)

    def aliases(self) -> Iterator[tuple[str, str]]:
        """The aliases in it, each with the name of its field."""
        yield from self.names.items()
        for child in self.children.values():
            yield from child.aliases()

    def writes(
        self, keys: Keys = (), around: tuple[Types, ...] = (), holder: Types = None
    ) -> Iterator[Write]:
        """Every path of keys in the tree, inner ones included, below an object of the types `holder`."""
        for key, child in self.children.items():
            path, types = (*keys, key), (*around, both(holder, self.types.get(key)))
            yield path, types
            yield from child.writes(path, types)


def both(first: Types, second: Types) -> Types:
    if first is None or second is None:
        return second if first is None else first
    return first & second


@dataclass(frozen=True, slots=True)
class FetchText:
    """`tree` is what the text answers, `defaulted` its variables that have a default."""

    tree: KeyTree
    defaulted: frozenset[str]


def read_fetch_text(text: str, variables: Mapping[str, Any], possible: PossibleTypes) -> FetchText:
    """What it answers when its `@skip` and `@include` are decided by these variables. O(size of the text)."""
    document = parse(text, no_location=True)
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    reader = _Reader(fragments, variables, possible)
    tree = KeyTree()
    defaulted: set[str] = set()
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            reader.add(tree, definition.selection_set, None)
            for variable in definition.variable_definitions or ():
                if variable.default_value is not None:
                    defaulted.add(variable.variable.name.value)
    return FetchText(tree, frozenset(defaulted))


@dataclass(frozen=True, slots=True)
class _Reader:
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]
    possible: PossibleTypes

    def add(self, tree: KeyTree, selection_set: SelectionSetNode, types: Types) -> None:
        """What is selected of objects of these types."""
        for selection in selection_set.selections:
            if not is_included(selection, self.variables):
                continue
            match selection:
                case FieldNode():
                    child = tree.add((selection.alias or selection.name).value, types)
                    if selection.alias is not None:
                        tree.names[selection.alias.value] = selection.name.value
                    if selection.selection_set:
                        self.add(child, selection.selection_set, None)
                case InlineFragmentNode(type_condition=condition):
                    own = types if condition is None else self._narrowed(types, condition.name.value)
                    self.add(tree, selection.selection_set, own)
                case FragmentSpreadNode():
                    fragment = self.fragments[selection.name.value]
                    own = self._narrowed(types, fragment.type_condition.name.value)
                    self.add(tree, fragment.selection_set, own)
                case _:
                    raise AssertionError(f"not a selection: {selection.kind}")

    def _narrowed(self, types: Types, condition: str) -> Types:
        return both(types, self.possible.matching(condition))

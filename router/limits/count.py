"""The size of an operation, in numbers. Introspection has a limit of its own and is not counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

INTROSPECTION = ("__schema", "__type")
Fragments = Mapping[str, FragmentDefinitionNode]


@dataclass(slots=True)
class Counts:
    """`height` counts fields of one name in one selection set once; `root_fields` are the response keys of
    the first level.
    """

    depth: int = 0
    height: int = 0
    aliases: int = 0
    root_fields: int = 0
    directives: int = 0
    fragments: int = 0

    def add(self, other: Counts) -> None:
        """What stands beside it."""
        self.depth = max(self.depth, other.depth)
        self.height += other.height
        self.aliases += other.aliases
        self.root_fields += other.root_fields
        self.directives += other.directives
        self.fragments += other.fragments

    def add_below(self, other: Counts) -> None:
        """What stands one level deeper."""
        self.depth = max(self.depth, 1 + other.depth)
        self.height += other.height
        self.aliases += other.aliases
        self.directives += other.directives
        self.fragments += other.fragments


def count(operation: OperationDefinitionNode, fragments: Fragments) -> Counts:
    """Need not be valid: fragments that are unknown or spread themselves count nothing there. O(document)."""
    counts = _Counter(fragments).selection_set(operation.selection_set, Seen())
    counts.directives += len(operation.directives or ())
    return counts


@dataclass(slots=True)
class Seen:
    """What was counted in one place."""

    names: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)


class _Counter:
    def __init__(self, fragments: Fragments) -> None:
        self._fragments = fragments
        self._known: dict[str, Counts] = {}

    def selection_set(self, selection_set: SelectionSetNode, seen: Seen) -> Counts:
        counts = Counts()
        for selection in selection_set.selections:
            counts.directives += len(selection.directives or ())
            counts.add(self._selection(selection, seen))
        return counts

    def _selection(self, selection: SelectionNode, seen: Seen) -> Counts:
        match selection:
            case FieldNode():
                return self._field(selection, seen)
            case InlineFragmentNode():
                counts = self.selection_set(selection.selection_set, seen)
            case FragmentSpreadNode():
                counts = Counts()
                counts.add(self._fragment(selection.name.value))
            case _:
                raise AssertionError(f"not a selection: {selection.kind}")
        counts.fragments += 1
        return counts

    def _field(self, node: FieldNode, seen: Seen) -> Counts:
        name = node.name.value
        if name in INTROSPECTION:
            return Counts()
        key = name if node.alias is None else node.alias.value
        counts = Counts(
            depth=1,
            height=int(name not in seen.names),
            aliases=int(node.alias is not None),
            root_fields=int(key not in seen.keys),
        )
        seen.names.add(name)
        seen.keys.add(key)
        if node.selection_set is not None:
            counts.add_below(self.selection_set(node.selection_set, Seen()))
        return counts

    def _fragment(self, name: str) -> Counts:
        """Counted when it is first met; what it spreads in a circle is empty inside itself."""
        if name not in self._known:
            self._known[name] = Counts()
            fragment = self._fragments.get(name)
            if fragment is not None:
                counts = self.selection_set(fragment.selection_set, Seen())
                counts.directives += len(fragment.directives or ())
                self._known[name] = counts
        return self._known[name]

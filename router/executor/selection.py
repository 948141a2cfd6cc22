"""What a fetch will answer: the response keys of its selection set as a tree.

Fields of one key are merged, with the types of the objects they are asked of: that is enough to know what a
fetch writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from router.executor.possible_types import PossibleTypes
from router.plan import AskedField, AskedSelection, BatchFetch, Fetch, asked_of
from router.plan.asked import When

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


def read_fetch_text(
    node: Fetch | BatchFetch, variables: Mapping[str, Any], possible: PossibleTypes
) -> FetchText:
    """What it answers when its `@skip` and `@include` are decided by these variables. O(size of the text)."""
    asked = asked_of(node)
    tree = KeyTree()
    _Reader(variables, possible).add(tree, asked.selections, None)
    return FetchText(tree, asked.defaulted)


@dataclass(frozen=True, slots=True)
class _Reader:
    variables: Mapping[str, Any]
    possible: PossibleTypes

    def add(self, tree: KeyTree, selections: tuple[AskedSelection, ...], types: Types) -> None:
        """What is selected of objects of these types."""
        for selection in selections:
            if selection.when and not self._holds(selection.when):
                continue
            if isinstance(selection, AskedField):
                child = tree.add(selection.key, types)
                if selection.key != selection.name:
                    tree.names[selection.key] = selection.name
                if selection.selections:
                    self.add(child, selection.selections, None)
            else:
                self.add(tree, selection.selections, self._narrowed(types, selection.on))

    def _holds(self, when: When) -> bool:
        """A variable without a value leaves the selection in."""
        return all(self.variables.get(name) is not (not wanted) for name, wanted in when)

    def _narrowed(self, types: Types, condition: str | None) -> Types:
        return types if condition is None else both(types, self.possible.matching(condition))

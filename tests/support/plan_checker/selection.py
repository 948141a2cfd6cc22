"""Collecting the fields of selection sets for one concrete type under one assignment of the conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from graphql import (
    BooleanValueNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
)

Applies = Callable[[str | None], bool]
Possible = Callable[[str], frozenset[str]]
"""The concrete types of a type."""


@dataclass(frozen=True, slots=True)
class Collector:
    """Field collection of the GraphQL specification, §6.3.2, on a symbolic object."""

    fragments: Mapping[str, FragmentDefinitionNode]
    assignment: Mapping[str, bool]
    with_deferred: bool = True
    """False leaves out what a `@defer` puts off."""

    @classmethod
    def of(
        cls, document: DocumentNode, assignment: Mapping[str, bool], with_deferred: bool = True
    ) -> Collector:
        fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        return cls(fragments, assignment, with_deferred)

    def collect(
        self, selection_sets: Iterable[SelectionSetNode], applies: Applies
    ) -> dict[str, list[FieldNode]]:
        collected: dict[str, list[FieldNode]] = {}
        for selection_set in selection_sets:
            self._collect(selection_set, applies, collected)
        return collected

    def _collect(
        self, selection_set: SelectionSetNode, applies: Applies, collected: dict[str, list[FieldNode]]
    ) -> None:
        for selection in selection_set.selections:
            if not self._included(selection):
                continue
            match selection:
                case FieldNode():
                    key = selection.alias.value if selection.alias else selection.name.value
                    collected.setdefault(key, []).append(selection)
                case InlineFragmentNode():
                    condition = selection.type_condition.name.value if selection.type_condition else None
                    if applies(condition):
                        self._collect(selection.selection_set, applies, collected)
                case FragmentSpreadNode():
                    fragment = self.fragments[selection.name.value]
                    if applies(fragment.type_condition.name.value):
                        self._collect(fragment.selection_set, applies, collected)

    def _included(self, node: SelectionNode) -> bool:
        for directive in node.directives or ():
            name = directive.name.value
            if name in ("skip", "include") and self._condition(directive) == (name == "skip"):
                return False
            if name == "defer" and not self.with_deferred and self._condition(directive, True):
                return False
        return True

    def _condition(self, directive: object, default: bool = True) -> bool:
        for argument in getattr(directive, "arguments", ()) or ():
            if argument.name.value == "if":
                match argument.value:
                    case BooleanValueNode():
                        return argument.value.value
                    case VariableNode():
                        return self.assignment[argument.value.name.value]
        return default

    def type_conditions(
        self, selection_sets: Iterable[SelectionSetNode], types: frozenset[str], possible: Possible
    ) -> set[str]:
        """The type conditions at this level under which an object of `types` has some field selected."""
        found: set[str] = set()
        for selection_set in selection_sets:
            self._conditions(selection_set, types, possible, found)
        return found

    def _conditions(
        self, selection_set: SelectionSetNode, types: frozenset[str], possible: Possible, found: set[str]
    ) -> bool:
        """Whether the selection set selects any field of an object of `types`."""
        selects = False
        for selection in filter(self._included, selection_set.selections):
            if isinstance(selection, FieldNode):
                selects = True
                continue
            condition, below = self._fragment(selection)
            narrowed = types & possible(condition) if condition else types
            if narrowed and self._conditions(below, narrowed, possible, found):
                selects = True
                found |= {condition} if condition else set()
        return selects

    def _fragment(self, node: SelectionNode) -> tuple[str | None, SelectionSetNode]:
        if isinstance(node, FragmentSpreadNode):
            fragment = self.fragments[node.name.value]
            return fragment.type_condition.name.value, fragment.selection_set
        assert isinstance(node, InlineFragmentNode)
        return node.type_condition.name.value if node.type_condition else None, node.selection_set


def sub_selections(nodes: Iterable[FieldNode]) -> list[SelectionSetNode]:
    return [node.selection_set for node in nodes if node.selection_set]

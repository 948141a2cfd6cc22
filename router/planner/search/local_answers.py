"""What a subgraph answers without any other: selections that are not taken apart.

Remembered for the operation by the identity of the selection, which is kept: an id is only its own while it
lives. O(selection) for each node that is looked at.
"""

from __future__ import annotations

from router.operation import TYPENAME, Field
from router.planner.facts import SupergraphFacts
from schema.graph import Node, NodeKind


class LocalAnswers:
    def __init__(self, facts: SupergraphFacts) -> None:
        self._facts = facts
        self._possible = facts.possible
        self._known: dict[tuple[Node, int], tuple[bool, tuple[Field, ...]]] = {}

    def answers_all(self, node: Node, fields: tuple[Field, ...]) -> bool:
        """Does the node's subgraph answer the whole selection?"""
        key = (node, id(fields))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = (all(self.answers(node, field) for field in fields), fields)
        return found[0]

    def answers(self, node: Node, field: Field) -> bool:
        """Does it answer the field, with all below, for each type of object the node can be?"""
        on = field.on
        if field.defer is not None:
            return False
        if on is None or on == node.type_name:
            return self._has(node, field)
        if node.kind is NodeKind.INTERFACE_OBJECT:
            return False
        here = self._possible[on] & node.runtime_types
        if not here:
            return True
        narrower = node.narrow(on, self._possible[on])
        if narrower is not None and self._has(narrower, field):
            return True
        return self._each_has(node, here, field)

    def _has(self, node: Node, field: Field) -> bool:
        if field.name == TYPENAME:
            return node.kind is not NodeKind.INTERFACE_OBJECT
        if field.children and self._facts.has_inconsistent_types(node.type_name, field.name):
            return False
        edge = node.fields.get(field.name)
        if edge is not None:
            if edge.requires or edge.context_arguments:
                return False
            return not field.children or self.answers_all(edge.head, field.children)
        if not node.is_abstract or not node.runtime_types:
            return False
        return self._each_has(node, node.runtime_types, field)

    def _each_has(self, node: Node, types: frozenset[str], field: Field) -> bool:
        narrower = (node.cast(name) for name in types)
        return all(each is not None and self._has(each, field) for each in narrower)

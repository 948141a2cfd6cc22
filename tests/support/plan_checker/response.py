"""The proof's end: the gathered tree holds, on every branch, exactly what the client's operation asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from graphql import FieldNode, SelectionSetNode, get_named_type, is_composite_type, is_object_type

from tests.support.plan_checker.answer import TooLarge
from tests.support.plan_checker.field_set import arguments_text
from tests.support.plan_checker.finding import Findings
from tests.support.plan_checker.selection import Collector, sub_selections
from tests.support.plan_checker.supergraph import Supergraph
from tests.support.plan_checker.tree import Moment, Node, Value, known_typename, visible_value

INTROSPECTION = frozenset({"__schema", "__type"})


@dataclass(slots=True)
class ResponseCheck:
    """`now` limits what may be read (None: all). `covered` collects the leaves asked."""

    supergraph: Supergraph
    collector: Collector
    findings: Findings
    now: Moment | None = None
    covered: set[tuple[int, str]] = field(default_factory=set)
    roots: frozenset[str] = frozenset()
    """Root type names: the router itself knows their `__typename`."""
    nodes_left: int = 400_000

    def check(
        self,
        selection_sets: Sequence[SelectionSetNode],
        node: Node,
        declared: str,
        path: str,
    ) -> None:
        self.nodes_left -= 1
        if self.nodes_left < 0:
            raise TooLarge
        actual = node.type_name
        if self.supergraph.inaccessible(actual):
            return
        self._check_typename_tells(selection_sets, node, declared, path)
        collected = self.collector.collect(
            selection_sets, lambda c: c is None or actual in self.supergraph.possible(c)
        )
        for key, fields in collected.items():
            name = fields[0].name.value
            where = f"{path}.{key}" if path else key
            if name == "__typename":
                self.covered.add((id(node), key))
                self._check_typename(node, key, where)
            elif name not in INTROSPECTION:
                self._check_field(node, key, fields, where)

    def _check_field(
        self,
        node: Node,
        key: str,
        fields: list[FieldNode],
        where: str,
    ) -> None:
        definition = self.supergraph.schema.type_map[node.type_name].fields[fields[0].name.value]  # type: ignore[attr-defined]
        wanted = Value(fields[0].name.value, arguments_text(fields[0], definition))
        value = visible_value(node, key, self.now)
        on = f"{where} on {node.type_name}"
        if value is None:
            if not node.promised:
                return
            self.findings.add("answer-missing", on, f"{wanted} is not in the gathered data")
            return
        if (value.name, value.arguments) != (wanted.name, wanted.arguments):
            self.findings.add("answer-wrong", on, f"asked {wanted}, gathered {value}")
            return
        named = get_named_type(definition.type)
        if not is_composite_type(named):
            self.covered.add((id(node), key))
            return
        for child in (value.branches or {}).values():
            self.check(sub_selections(fields), child, named.name, where)

    def _check_typename_tells(
        self, selection_sets: Sequence[SelectionSetNode], node: Node, declared: str, path: str
    ) -> None:
        """Type conditions that split the declared type's objects need the object's own `__typename`."""
        possible = self.supergraph.possible(declared)
        if possible == {declared}:
            return
        splits = [
            c
            for c in self.collector.type_conditions(selection_sets, possible, self.supergraph.possible)
            if not self.supergraph.is_subtype(declared, c)
        ]
        if splits and node.type_name not in self.roots:
            self._require_own_typename(node, f"{path} on {node.type_name}", f"to tell ... on {min(splits)}")

    def _require_own_typename(self, node: Node, where: str, why: str) -> None:
        known = known_typename(node, self.now)
        if known != node.type_name:
            self.findings.add("typename", where, f"__typename is {known or 'not fetched'}, needed {why}")

    def _check_typename(self, node: Node, key: str, where: str) -> None:
        if node.type_name in self.roots:
            return
        known = known_typename(node, self.now) or known_typename(node, self.now, key)
        if known != node.type_name:
            self._require_own_typename(node, f"{where} on {node.type_name}", "by the operation")


def is_root(supergraph: Supergraph, name: str) -> bool:
    return is_object_type(supergraph.schema.type_map.get(name)) and name in {
        supergraph.root_type(kind) for kind in ("query", "mutation", "subscription")
    }

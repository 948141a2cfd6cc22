"""What a subgraph answers to a selection: the symbolic object, and a finding for all it may not be asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graphql import FieldNode, GraphQLList, GraphQLNonNull, GraphQLType, SelectionSetNode, VariableNode

from tests.support.plan_checker.field_set import arguments_text
from tests.support.plan_checker.finding import Findings
from tests.support.plan_checker.reach import reached
from tests.support.plan_checker.representation import STATIC, Representation, absent_fields
from tests.support.plan_checker.selection import Collector, sub_selections
from tests.support.plan_checker.subgraph import ContextArgument, FieldRule, SubgraphView
from tests.support.plan_checker.supergraph import Supergraph
from tests.support.plan_checker.tree import Moment, Node, Value

MAX_NODES = 200_000


class TooLarge(Exception):
    """The symbolic tree outgrew the checker's bound; nothing is proven."""


@dataclass(frozen=True, slots=True)
class ContextSource:
    """Where a context rewrite takes a variable's value from: an object and field names below it."""

    node: Node
    path: tuple[str, ...]


@dataclass(slots=True)
class Answerer:
    """One subgraph answering one fetch. `contexts` is set anew for each entity."""

    supergraph: Supergraph
    view: SubgraphView
    collector: Collector
    findings: Findings
    step: str
    contexts: Mapping[str, ContextSource]
    nodes_left: int = MAX_NODES

    def answer(
        self,
        selection_sets: Sequence[SelectionSetNode],
        runtime: str,
        node: Node,
        provided: Sequence[SelectionSetNode] = (),
        representation: Representation | None = None,
    ) -> Node:
        """Fills `node`, an object of the subgraph's type `runtime`, in place and returns it."""
        self.nodes_left -= 1
        if self.nodes_left < 0:
            raise TooLarge
        granted = self._granted(provided, runtime)
        collected = self.collector.collect(selection_sets, lambda c: self.view.applies(c, runtime))
        for key, fields in collected.items():
            name = fields[0].name.value
            if name == "__typename":
                node.fields[key] = Value(name, "", constants=[(Moment(), runtime)])
                continue
            rule = self.view.rules.get((runtime, name))
            if rule is None:
                self._complain("not-owned", f"{runtime}.{name} is not a field of {self.view.name}")
                continue
            self._check_owned(runtime, name, rule, granted, representation)
            node.fields[key] = self._value(fields, runtime, node, rule, granted.get(name, []))
        return node

    def _granted(
        self, provided: Sequence[SelectionSetNode], runtime: str
    ) -> dict[str, list[SelectionSetNode]]:
        """Field names a @provides above allows here, with what it allows below each."""
        collected = STATIC.collect(provided, lambda c: self.view.applies(c, runtime))
        return {nodes[0].name.value: sub_selections(nodes) for nodes in collected.values()}

    def _check_owned(
        self,
        runtime: str,
        name: str,
        rule: FieldRule,
        granted: Mapping[str, object],
        representation: Representation | None,
    ) -> None:
        where = f"{runtime}.{name}"
        if not rule.askable and name not in granted and not self.view.is_key_field(runtime, name):
            self._complain("not-owned", f"{where} is external to or overridden in {self.view.name}")
        if rule.requires is None or name in granted:
            return
        if representation is None:
            self._complain("requires-missing", f"{where} has @requires, but there is no representation")
            return
        absent = absent_fields(representation, [rule.requires], self.supergraph)
        if absent:
            self._complain(
                "requires-missing",
                f"{where} of {representation.type_name} requires {', '.join(absent)}: not represented",
            )

    def _value(
        self,
        fields: list[FieldNode],
        runtime: str,
        node: Node,
        rule: FieldRule,
        granted: list[SelectionSetNode],
    ) -> Value:
        for argument in rule.contexts:
            self._check_context(fields[0], argument, node, f"{runtime}.{fields[0].name.value}")
        definition = self.view.schema.type_map[runtime].fields[fields[0].name.value]  # type: ignore[attr-defined]
        type_name, lists = unwrap(definition.type)
        hidden = frozenset(c.name for c in rule.contexts)
        value = Value(fields[0].name.value, arguments_text(fields[0], definition, hidden), lists)
        runtimes = self.view.runtime_types(type_name)
        if not runtimes:
            return value
        provided = [*granted, rule.provides] if rule.provides else granted
        value.branches = {}
        for child_runtime in sorted(runtimes):
            for actual in sorted(self.actual_types(child_runtime)):
                child = self._child(node, value.name, actual)
                self.answer(sub_selections(fields), child_runtime, child, provided)
                value.branches[actual] = child
        return value

    def _child(self, node: Node, name: str, actual: str) -> Node:
        source = node.source()
        by, types = reached(self.supergraph, source.type_name, name, source.reach)
        occurs = source.promised and (types is None or actual in types)
        return Node(actual, parent=node, reach=by, promised=occurs)

    def actual_types(self, runtime: str) -> frozenset[str]:
        """The supergraph's concrete types an object of this subgraph's type can be."""
        if runtime in self.view.interface_objects:
            return self.supergraph.possible(runtime)
        return frozenset([runtime])

    def _check_context(self, field: FieldNode, argument: ContextArgument, node: Node, where: str) -> None:
        given = next((a.value for a in field.arguments or () if a.name.value == argument.name), None)
        if not isinstance(given, VariableNode):
            self._complain("context", f"{where} is asked without its contextual argument {argument.name}")
            return
        types = self.view.contexts.get(argument.context, frozenset())
        owner = next(
            (a for a in node.ancestors() if any(a.type_name in self.supergraph.possible(t) for t in types)),
            None,
        )
        if owner is None:
            self._complain("context", f"{where}: no object above sets {argument.context}")
            return
        source = self.contexts.get(given.name.value)
        wanted = self._context_path(argument.selection, owner.type_name)
        if source is None or source.node is not owner or source.path != wanted:
            got = f"{source.node.type_name}.{'.'.join(source.path)}" if source else "nothing"
            self._complain(
                "context",
                f"{where}({argument.name}) is {owner.type_name}.{'.'.join(wanted)}, here it is {got}",
            )

    def _context_path(self, selection: SelectionSetNode, type_name: str) -> tuple[str, ...]:
        """The one leaf a context selection names for an object of `type_name`."""
        path: list[str] = []
        level: Sequence[SelectionSetNode] = [selection]
        while level:
            collected = STATIC.collect(
                level,
                lambda c, top=not path: not top or c is None or type_name in self.supergraph.possible(c),  # type: ignore[misc]
            )
            if not collected:
                break
            key, nodes = next(iter(collected.items()))
            path.append(key)
            level = sub_selections(nodes)
        return tuple(path)

    def _complain(self, code: object, message: str) -> None:
        self.findings.add(code, self.step, message)  # type: ignore[arg-type]


def unwrap(type_: GraphQLType) -> tuple[str, int]:
    """The named type and the depth of lists around it."""
    lists = 0
    while isinstance(type_, GraphQLList | GraphQLNonNull):
        lists += isinstance(type_, GraphQLList)
        type_ = type_.of_type
    return type_.name, lists  # type: ignore[attr-defined]

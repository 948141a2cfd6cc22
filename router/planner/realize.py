"""From the winning option to the fetch graph: homes are made real, fields are put into their requests.

A home becomes a `Selection` of some group: a root or jump starts one (making the groups of its inputs its
parents), a local home is a field of its base, a cast an inline fragment. Each home is made once.
"""

from __future__ import annotations

from typing import assert_never

from router.operation import TYPENAME, Field
from router.operation.minify import joined
from router.operation.model import NO_CONDITIONS
from router.plan import OperationKind
from router.planner.contexts import request_of
from router.planner.data import DataNode
from router.planner.fetch_graph import (
    FetchGraph,
    Group,
    OutField,
    RequiredTree,
    Requirement,
    Selection,
)
from router.planner.homes import Cast, ContextInput, Home, Jump, Local, Root
from router.planner.knowledge import Knowledge
from router.planner.options import Option, Pick, picks_of
from schema.graph import FieldEdge, NodeKind


class Realizer:
    """Builds a fetch graph; one for a plan."""

    def __init__(self, knowledge: Knowledge, kind: OperationKind, data: DataNode) -> None:
        self.knowledge = knowledge
        self.root_data = data
        self.possible = knowledge.possible
        self.types = knowledge.supergraph.types
        self.kind = kind
        self.graph = FetchGraph()
        self.context_variables: dict[tuple[int, ContextInput], str] = {}

    def realize(self, option: Option) -> None:
        for pick in picks_of(option[2]):
            self.pick(pick, None)

    def pick(self, pick: Pick, wanted_by: Group | None) -> Group:
        """Puts the pick's field into its request; returns the group of the request."""
        selection = self.home(pick.home, wanted_by)
        if pick.field is None:
            selection.typename = True
        else:
            data, on = self.place(pick.home)
            self.put(selection, pick.field, data, on, wanted_by, pick.home)
        return selection.group

    def place(self, home: Home) -> tuple[DataNode, str]:
        """The data that a home's fields are put into, and the type the home's object is known to be of."""
        if isinstance(home, Local):
            definition = home.field.definition
            assert definition is not None
            _, on = self.place(home.base)
            key = self._key(home.data, home.field, on)
            return home.data.child(key, definition.named_type), definition.named_type
        if isinstance(home, Cast):
            return self.place(home.base)[0], home.node.type_name
        if isinstance(home, Jump):
            return home.position.data, home.position.type_name
        return self.root_data, home.node.type_name

    def _key(self, data: DataNode, field: Field, on: str) -> str:
        return data.alias(field.name, field.arguments, on, self.possible) if field.internal else field.key

    # Homes

    def home(self, home: Home, wanted_by: Group | None) -> Selection:
        match home:
            case Local():
                return self._local(home, wanted_by)
            case Cast():
                base = self.home(home.base, wanted_by)
                return base if base.node is home.node else base.cast(home.node)
            case Root():
                if home.made is None:
                    home.made = self._root(home)
                return home.made
            case Jump():
                if home.made is None:
                    home.made = self._jump(home)
                return home.made
            case _:
                assert_never(home)

    def _root(self, home: Root) -> Selection:
        extra = (home.serial, home.block)
        group = self.graph.group(home.node.graph, (), home.stage, self.kind, NO_CONDITIONS, extra)
        group.block = home.block
        return self._selection(group, home.node.type_name, home)

    def _selection(self, group: Group, type_name: str, home: Root | Jump) -> Selection:
        found = group.selections.get(type_name)
        if found is None:
            # Asking for an interface is how the type becomes known behind an @interfaceObject.
            typename = home.node.kind is NodeKind.INTERFACE
            found = Selection(home.node, group, home.node.is_abstract, typename)
            group.selections[type_name] = found
        return found

    def _local(self, home: Local, wanted_by: Group | None) -> Selection:
        base = self.home(home.base, wanted_by)
        _, on = self.place(home.base)
        edge = home.base.node.fields[home.field.name]
        out = self._field(base, home.field, home.data, on, wanted_by, edge, home.base)
        if out.below is None:
            assert home.field.definition is not None
            out.below = self._below(base.group, edge, home.field)
        return out.below

    def _below(self, group: Group, edge: FieldEdge, field: Field) -> Selection:
        assert field.definition is not None
        type_ = self.types.get(field.definition.named_type)
        abstract = edge.head.is_abstract or (type_ is not None and type_.is_abstract)
        typename = abstract and edge.head.kind is not NodeKind.INTERFACE_OBJECT
        return Selection(edge.head, group, abstract, typename)

    def _jump(self, home: Jump) -> Selection:
        position = home.position
        kind: OperationKind | None = None
        if home.is_root:
            kind = self._kind_of(position.type_name)
        group = self._group_of(home, kind)
        for pick in picks_of(home.inputs):
            group.parents.add(self.pick(pick, group))
        if not home.is_root:
            self._require(group, home)
        self._contexts(group, home)
        return self._selection(group, home.node.type_name, home)

    def _group_of(self, home: Jump, kind: OperationKind | None) -> Group:
        """The group at the home's place whose representations can also hold what this jump requires."""
        position = home.position
        requirement = self._requirement(home)
        contexts = tuple((c.argument, c.position) for c in home.contexts)
        number = 0
        while True:
            extra = (home.is_root, contexts, number, position.block)
            group = self.graph.group(
                home.node.graph, position.path, home.stage, kind, position.conditions, extra
            )
            if self.graph.fits(group, requirement):
                group.block = position.block
                return group
            number += 1

    def _kind_of(self, root_type: str) -> OperationKind:
        """As what a root type found below the root is asked, whatever the client's operation is."""
        kinds: tuple[OperationKind, ...] = ("mutation", "subscription")
        roots = self.knowledge.supergraph.roots
        return next((kind for kind in kinds if roots.get(kind) == root_type), "query")

    # Fields

    def put(
        self,
        selection: Selection,
        field: Field,
        data: DataNode,
        on: str,
        wanted_by: Group | None,
        home: Home | None = None,
    ) -> None:
        """Puts a field that the selection's subgraph answers, with all below it."""
        target = field.on
        if target is not None and target not in (selection.node.type_name, on):
            if not self.possible[target] & selection.node.runtime_types:
                selection.typename = True
                return
            node = selection.node.narrow(target, self.possible[target])
            if node is not None and self._has(node.fields.get(field.name), field):
                self._put(selection.cast(node), field, data, target, wanted_by, home)
                return
            self._each_type(selection, field, data, wanted_by, target)
            return
        if field.name != TYPENAME and field.name not in selection.node.fields:
            self._each_type(selection, field, data, wanted_by, on)
            return
        self._put(selection, field, data, on, wanted_by, home)

    def _has(self, edge: FieldEdge | None, field: Field) -> bool:
        return field.name == TYPENAME or edge is not None

    def _each_type(
        self, selection: Selection, field: Field, data: DataNode, wanted_by: Group | None, on: str
    ) -> None:
        for name in sorted(self.possible[on] & selection.node.runtime_types):
            node = selection.node.cast(name)
            if node is not None:
                self._put(selection.cast(node), field, data, name, wanted_by)

    def _put(
        self,
        selection: Selection,
        field: Field,
        data: DataNode,
        on: str,
        wanted_by: Group | None,
        home: Home | None = None,
    ) -> None:
        plain = not (field.directives or field.around or field.conditions)
        if plain and field.key == field.name == TYPENAME:
            selection.typename = True
            selection.client_typename |= not field.internal
            return
        edge = selection.node.fields.get(field.name)
        out = self._field(selection, field, data, on, wanted_by, edge, home)
        if not field.children:
            return
        assert field.definition is not None
        assert edge is not None
        below = out.below
        if below is None:
            below = out.below = self._below(selection.group, edge, field)
        inner = data.child(out.key, field.definition.named_type)
        for child in field.children:
            self.put(below, child, inner, field.definition.named_type, wanted_by)

    def _field(
        self,
        selection: Selection,
        field: Field,
        data: DataNode,
        on: str,
        wanted_by: Group | None,
        edge: FieldEdge | None,
        home: Home | None,
    ) -> OutField:
        key = self._key(data, field, on)
        if field.defer is not None and selection.group.block is not field.defer:
            self.graph.answered.setdefault(field.defer, set()).add(selection.group)
        arguments, variables = field.arguments, field.variables
        if edge is not None and edge.context_arguments and home is not None:
            arguments, variables = self._contextual(field, edge, home)
        identity = (key, field.name, arguments, field.directives, field.around, field.conditions)
        out = selection.fields.get(identity)
        if out is None:
            type_ = edge.type if edge is not None else "String!"
            out = selection.fields[identity] = OutField(
                key,
                field.name,
                arguments,
                field.directives,
                field.around,
                variables,
                field.conditions,
                type_,
                internal=True,
            )
        if not field.internal:
            out.internal = False
        elif wanted_by is not None:
            out.wanted_by.append(wanted_by)
        return out

    # Representations

    def _requirement(self, home: Jump) -> Requirement:
        position, node = home.position, home.node
        rewrites_type = node.kind is NodeKind.INTERFACE_OBJECT
        requirement = Requirement(position.type_name, node.type_name, rewrites_type)
        self._copy(requirement.fields, home.required, position.data, position.type_name)
        return requirement

    def _require(self, group: Group, home: Jump) -> None:
        requirement = self._requirement(home)
        key = (requirement.on, requirement.sent_as)
        known = group.requires.setdefault(key, requirement)
        if known is not requirement:
            self._copy(known.fields, home.required, home.position.data, requirement.on)

    def _copy(
        self, into: dict[str, RequiredTree], fields: tuple[Field, ...], data: DataNode, on: str
    ) -> None:
        for field in fields:
            key = self._key(data, field, field.on or on)
            identity = f"{field.on or ''}:{key}"
            tree = into.get(identity)
            if tree is None:
                tree = into[identity] = RequiredTree(key, field.name, field.on)
            if field.children:
                assert field.definition is not None
                named = field.definition.named_type
                self._copy(tree.below, field.children, data.child(key, named), named)

    # Contexts

    def _contexts(self, group: Group, home: Jump) -> None:
        for context in home.contexts:
            name = self._context_variable(group.graph, context)
            group.is_batchable = False
            if all(known != name for known, _, _ in group.contexts):
                group.contexts.append((name, context, group.path))

    def _context_variable(self, graph: int, context: ContextInput) -> str:
        key = (graph, context)
        found = self.context_variables.get(key)
        if found is None:
            number = sum(1 for known, _ in self.context_variables if known == graph)
            found = self.context_variables[key] = f"contextualArgument_{graph + 1}_{number}"
        return found

    def _contextual(self, field: Field, edge: FieldEdge, home: Home) -> tuple[str, tuple[str, ...]]:
        jump = request_of(home)
        assert jump is not None
        given = [field.arguments[1:-1]] if field.arguments else []
        for context in jump.contexts:
            if context.argument in edge.context_arguments:
                given.append(f"{context.argument.name}:${self._context_variable(jump.node.graph, context)}")
        return f"({joined(given)})", field.variables

"""Which home answers each field: the search.

`Solver.solve(position, fields)` returns options (`router.planner.options`) for answering all the fields at
the position; it is called once for a selection, with all homes of the position together, so the work grows
with the number of fields times the number of homes, not with the number of paths through the graph:

    a leaf        one option for each home that has it
    a composite   a position below, whose homes are the field in each home that has it; solved, its options
    a type        homes that cannot have such objects answer with nothing; the others are cast. Where the
    condition     subgraph does not have the type, or does not resolve the field for every type it has,
                  each runtime type is solved for itself
    not here      homes reached by a jump (`router.planner.jumps`) join in

Fields that one home answers with all that is below them are not taken apart (`all_local`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from router.operation import TYPENAME, Defer, Field
from router.planner.contexts import covered
from router.planner.data import DataNode
from router.planner.homes import Cast, Home, Jump, Local, Position, Root
from router.planner.jumps import Jumps
from router.planner.knowledge import Knowledge
from router.planner.options import NOTHING, Footprints, Option, Pick
from schema.graph import FieldEdge, Node, NodeKind

INTERFACE_OBJECT = NodeKind.INTERFACE_OBJECT


class Solver:
    """The search for one operation."""

    def __init__(self, knowledge: Knowledge, footprints: Footprints) -> None:
        self.knowledge = knowledge
        self.graph = knowledge.graph
        self.types = knowledge.supergraph.types
        self.possible = knowledge.possible
        self.footprints = footprints
        self.jumps = Jumps(self)
        self._all_local: dict[tuple[Node, int], tuple[bool, tuple[Field, ...]]] = {}
        self._promised: dict[tuple[Field, frozenset[str]], Field] = {}
        self.unreachable: tuple[Position, Field] | None = None
        """The deepest field that no home answers, for the error."""

    def solve(self, position: Position, fields: Iterable[Field]) -> list[Option]:
        """The options for answering all of the fields, best first; none when one of them cannot be."""
        options = [NOTHING]
        combine = self.footprints.combine
        for field in fields:
            found = self.field(position, field)
            if not found:
                if self.unreachable is None or len(self.unreachable[0].path) <= len(position.path):
                    self.unreachable = (position, field)
                return []
            options = combine(options, found)
        return options

    def field(self, position: Position, field: Field) -> list[Option]:
        """The options for one field, on whatever type it is selected."""
        on = field.on
        if on is None or on == position.type_name:
            return self.plain(position, field)
        return self.narrowed(position, field, on)

    # A field on a narrower type

    def narrowed(self, position: Position, field: Field, on: str) -> list[Option]:
        wanted = self.possible[on]
        options: list[Option] = []
        castable = False
        for home in position.homes:
            node = home.node
            if node.kind is INTERFACE_OBJECT and node.type_name == position.type_name:
                continue
            here = wanted & node.runtime_types
            if not here:
                options.append((home.footprint, 0, Pick(home, None)))
            elif node.narrow(on, wanted) is not None:
                castable = True
            else:
                alone = self.alone(position, home)
                options += self.each_type(alone, field, here)
        if castable:
            options += self.plain(self.cast(position, on), field)
        if not options:
            real = self.jumps.real(position)
            if real is not None:
                return self.narrowed(real, field, on)
        return self.footprints.prune(options)

    def each_type(self, position: Position, field: Field, types: Iterable[str]) -> list[Option]:
        """The field solved for each runtime type by itself."""
        options = [NOTHING]
        for name in sorted(types):
            found = self.plain(self.cast(position, name), field)
            if not found:
                return []
            options = self.footprints.combine(options, found)
        return options

    def cast(self, position: Position, on: str) -> Position:
        """The position once its objects are known to be of type `on`."""
        if on == position.type_name:
            return position
        found = position.casts.get(on)
        if found is None:
            homes = self._cast_homes(position.homes, on)
            found = position.seen_with(homes, position, on)
            found.inputs = self._cast_homes(position.inputs, on)
            position.casts[on] = found
        return found

    def _cast_homes(self, homes: list[Home], on: str) -> list[Home]:
        found: list[Home] = []
        for home in homes:
            if home.node.kind is not INTERFACE_OBJECT:
                node = home.node.narrow(on, self.possible[on])
                if node is not None:
                    found.append(Cast(node, home.footprint, home.stage, home))
        return found

    def alone(self, position: Position, home: Home) -> Position:
        """The position with only one of its homes."""
        if len(position.homes) == 1:
            return position
        found = position.alone.get(home)
        if found is None:
            found = position.alone[home] = position.seen_with([home], position.parent)
        return found

    # A field on the type of the position

    def plain(self, position: Position, field: Field) -> list[Option]:
        if field.name == TYPENAME:
            return self.typename(position, field)
        if field.defer is not None and field.defer is not position.block:
            options = self.deferred(position, field, field.defer)
            if options:
                return options
        direct: list[tuple[Home, FieldEdge]] = []
        others: list[Home] = []
        for home in position.homes:
            edge = home.node.fields.get(field.name)
            if (
                edge is not None
                and not edge.requires
                and (not edge.context_arguments or covered(self, position, home, edge))
            ):
                direct.append((home, edge))
            else:
                others.append(home)
        if field.children:
            options, complete = self.composite(position, direct, field)
        else:
            options = [(home.footprint, 1 + home.stage, Pick(home, field)) for home, _ in direct]
            complete = bool(options)
        if complete and not others:
            return self.footprints.prune(options)
        if not field.children:
            for jump in self.jumps.to_field(position, field, direct):
                options.append((jump.footprint, 1 + jump.stage, Pick(jump, field)))
        for home in others if options or not field.children else position.homes:
            options += self.exploded(position, home, field)
        return self.footprints.prune(options)

    def deferred(self, position: Position, field: Field, block: Defer) -> list[Option]:
        """The field in requests of its own; none when its object cannot be asked for again, or when what is
        around the part knows the field in any case, because it is a key that asking again would take.
        """
        apart = position.seen_with([], position.parent)
        apart.block = block
        apart.inputs = [*position.homes, *position.inputs]
        if position.path:
            for graph in self.graph.resolvers(position.type_name, field.name):
                for jump in self.jumps.to(position, graph):
                    edge = jump.node.fields.get(field.name)
                    if edge is not None and not edge.conditional:
                        if _is_known(position, jump, field):
                            return []
                        apart.homes.append(replace(jump, position=apart, made=None))
        else:
            for home in position.homes:
                if isinstance(home, Root):
                    apart.homes.append(replace(home, block=block, made=None))
        return self.plain(apart, field)

    def typename(self, position: Position, field: Field) -> list[Option]:
        options: list[Option] = [
            (home.footprint, 1 + home.stage, Pick(home, field))
            for home in position.homes
            if home.node.kind is not INTERFACE_OBJECT
        ]
        if not options:
            real = self.jumps.real(position)
            return [] if real is None else self.typename(real, field)
        return self.footprints.prune(options)

    def composite(
        self, position: Position, direct: list[tuple[Home, FieldEdge]], field: Field
    ) -> tuple[list[Option], bool]:
        """Options for a field with a selection, and whether some home answers all that is below it."""
        if self.knowledge.is_disputed(position.type_name, field.name):
            field = self.promised(position, field)
        children = field.children
        local: list[Option] = [
            (home.footprint, field.size * (1 + home.stage), Pick(home, field))
            for home, edge in direct
            if self.all_local(edge.head, children)
        ]
        soonest = min((home.stage for home in position.homes), default=0)
        late = all(pick.home.stage > soonest for _, _, pick in local)
        if not late and len(local) == len(direct):
            return local, True
        below = self.below(position, field)
        below.homes += [self.local(home, edge, field, position) for home, edge in direct]
        if late:  # as it is when nothing is local
            for jump in self.jumps.to_field(position, field, direct):
                edge = jump.node.fields[field.name]
                below.homes.append(self.local(jump, edge, field, position))
            if self.knowledge.supergraph.contexts:
                for jump in self.jumps.with_contexts(position, field):
                    edge = jump.node.fields[field.name]
                    below.homes.append(self.local(jump, edge, field, position))
        options = self.solve(below, children) if below.homes else []
        return local + options, bool(local)

    def promised(self, position: Position, field: Field) -> Field:
        """The field without what it selects on types that cannot occur.

        Subgraphs may share a field whose type has other members in each, on the promise that they resolve it
        alike: only types that all of them know occur, of those subgraphs that could be asked in this place.
        """
        graphs = self.knowledge.answering(position.type_name, field.name, position.graphs)
        types = self.knowledge.common_types(position.type_name, field.name, graphs)
        if types is None:
            return field
        children = tuple(c for c in field.children if c.on is None or self.possible[c.on] & types)
        if len(children) == len(field.children):
            return field
        key = (field, types)
        found = self._promised.get(key)
        if found is None:
            kept = children or (Field(TYPENAME, TYPENAME, None, None, internal=True),)
            found = self._promised[key] = replace(field, children=kept)
        return found

    def below(self, position: Position, field: Field) -> Position:
        """The position of a field's value, without homes."""
        definition = field.definition
        assert definition is not None
        path, key = position.path, self.key(position.data, field, position.type_name)
        if path and position.data.is_split(key, position.type_name, self.possible):
            types = ",".join(sorted(self.possible[position.type_name]))
            path = (*path[:-1], f"{path[-1]}|[{types}]")
        path = (*path, key, *("@",) * definition.list_depth)
        data = position.data.child(key, definition.named_type)
        return Position(
            type_name=definition.named_type,
            path=path,
            data=data,
            homes=[],
            conditions=position.conditions | field.conditions,
            parent=position,
            # What needs requests below a deferred field is deferred even where the field itself cannot be.
            block=field.defer or position.block,
            graphs=self.knowledge.answering(position.type_name, field.name, position.graphs),
        )

    def key(self, data: DataNode, field: Field, on: str) -> str:
        """The response key of a field: internal ones make way for the client's."""
        return data.alias(field.name, field.arguments, on, self.possible) if field.internal else field.key

    def local(self, home: Home, edge: FieldEdge, field: Field, position: Position) -> Local:
        return Local(edge.head, home.footprint, home.stage, home, field, position.data, edge.type)

    def exploded(self, position: Position, home: Home, field: Field) -> list[Option]:
        """The field for each runtime type, where the home's abstract type does not have it for all."""
        if not home.node.is_abstract:
            return []
        alone = self.alone(position, home)
        if not home.node.runtime_types:  # an interface that nothing implements: no object to ask
            return []
        types = home.node.runtime_types & self.possible[position.type_name]
        if not types:
            return [(home.footprint, 0, Pick(home, None))]
        return self.each_type(alone, field, types)

    # What a node answers without any other

    def all_local(self, node: Node, fields: tuple[Field, ...]) -> bool:
        """Does the node's subgraph answer the whole selection? Remembered for the operation.

        The selection is remembered too: an id is only its own while it lives.
        """
        key = (node, id(fields))
        found = self._all_local.get(key)
        if found is None:
            found = self._all_local[key] = (all(self.is_local(node, field) for field in fields), fields)
        return found[0]

    def is_local(self, node: Node, field: Field) -> bool:
        on = field.on
        if field.defer is not None:
            return False
        if on is None or on == node.type_name:
            return self._has(node, field)
        if node.kind is INTERFACE_OBJECT:
            return False
        here = self.possible[on] & node.runtime_types
        if not here:
            return True
        narrower = node.narrow(on, self.possible[on])
        if narrower is not None and self._has(narrower, field):
            return True
        casts = (node.cast(name) for name in here)
        return all(cast is not None and self._has(cast, field) for cast in casts)

    def _has(self, node: Node, field: Field) -> bool:
        if field.name == TYPENAME:
            return node.kind is not INTERFACE_OBJECT
        if field.children and self.knowledge.is_disputed(node.type_name, field.name):
            return False
        edge = node.fields.get(field.name)
        if edge is not None:
            if edge.requires or edge.context_arguments:
                return False
            return not field.children or self.all_local(edge.head, field.children)
        if not node.is_abstract or not node.runtime_types:
            return False
        casts = (node.cast(name) for name in node.runtime_types)
        return all(cast is not None and self._has(cast, field) for cast in casts)


def _is_known(position: Position, jump: Jump, field: Field) -> bool:
    """Whether the jump takes the field along, and a home here answers it."""
    if field.children or field.arguments or all(key.name != field.name for key in jump.required):
        return False
    edges = [home.node.fields.get(field.name) for home in position.homes]
    return any(edge is not None and not edge.conditional for edge in edges)

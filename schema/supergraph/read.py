"""Schema → Supergraph: one pass over the types, each directive of join read once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from schema.language.values import Value
from schema.model.definitions import (
    Directive,
    EnumType,
    EnumValue,
    Field,
    InputType,
    InputValue,
    InterfaceType,
    ObjectType,
    ScalarType,
    Schema,
    TypeDefinition,
    UnionType,
)
from schema.model.type_references import base_name
from schema.report.errors import Location
from schema.supergraph.links import KNOWN, Features, read_features
from schema.supergraph.model import (
    ContextArgument,
    InvalidSupergraphError,
    JoinField,
    JoinType,
    Subgraph,
    Supergraph,
    SupergraphEnumValue,
    SupergraphField,
    SupergraphType,
    TypeKind,
    UnsupportedLinkError,
)
from schema.supergraph.text import read_text

MACHINERY = ("join__", "link__", "core__")
_KINDS: dict[type[TypeDefinition], TypeKind] = {
    ScalarType: TypeKind.SCALAR,
    ObjectType: TypeKind.OBJECT,
    InterfaceType: TypeKind.INTERFACE,
    UnionType: TypeKind.UNION,
    EnumType: TypeKind.ENUM,
    InputType: TypeKind.INPUT,
}
Place = Callable[[int], Location | None]
"""Where a token stands in the text; a schema that composition holds has none."""


def parse_supergraph(text: str) -> Supergraph:
    """Raises SupergraphError for a text that is no supergraph, or one that links what we do not know."""
    read = read_text(text)
    for problem in read.problems:
        raise _at(problem.place, problem.message.removesuffix("."))
    return read_supergraph(read.schema, read.source.location)


def read_supergraph(schema: Schema, place: Place = lambda _token: None) -> Supergraph:
    """Raises SupergraphError for a schema that is no supergraph, or one that links what we do not know."""
    if not schema.definition.written and not schema.definition.directives:
        raise InvalidSupergraphError("There is no `schema { … }` definition: this is not a supergraph")
    features = read_features(schema)
    version = _join_version(features)
    reader = _Reader(_read_subgraphs(schema, place), version, place)
    types = {
        name: reader.type(type_) for name, type_ in schema.types.items() if not name.startswith(MACHINERY)
    }
    roots = schema.definition.roots
    if "query" not in roots:
        raise InvalidSupergraphError('The query type "Query" is not defined')
    return Supergraph(schema, features, version, reader.subgraphs, types, roots)


def _join_version(features: Features) -> str:
    unknown = features.not_understood()
    if unknown is not None:
        raise UnsupportedLinkError(unknown.url, unknown.purpose or "")
    join = features.find("join")
    if join is None:
        raise InvalidSupergraphError("The join specification is not linked: this is not a supergraph")
    if join.version not in KNOWN["join"]:
        raise UnsupportedLinkError(join.url, "EXECUTION")
    return f"v{join.version}"


def _read_subgraphs(schema: Schema, place: Place) -> tuple[Subgraph, ...]:
    graphs = schema.types.get("join__Graph")
    if not isinstance(graphs, EnumType):
        raise InvalidSupergraphError("There is no `enum join__Graph`: this is not a supergraph")
    return tuple(_read_subgraph(index, value, place) for index, value in enumerate(graphs.values.values()))


def _read_subgraph(index: int, value: EnumValue, place: Place) -> Subgraph:
    for directive in value.directives:
        name = directive.arguments.get("name")
        if directive.name == "join__graph" and isinstance(name, str):
            return Subgraph(index, value.name, name, _text(directive.arguments.get("url")) or "")
    raise _at(place(value.at), f'The subgraph "{value.name}" has no @join__graph(name:)')


def _at(place: Location | None, message: str) -> InvalidSupergraphError:
    if place is None:
        return InvalidSupergraphError(message)
    return InvalidSupergraphError(message, place.line, place.column)


def _text(value: Value) -> str | None:
    return value if isinstance(value, str) else None


class _Reader:
    def __init__(self, subgraphs: tuple[Subgraph, ...], version: str, place: Place) -> None:
        self.subgraphs = subgraphs
        self._version = version
        self._place = place
        self._index = {subgraph.enum_value: subgraph.index for subgraph in subgraphs}

    def type(self, type_: TypeDefinition) -> SupergraphType:
        """The type with what its subgraphs say."""
        joins = tuple(map(self._join_type, _named(type_.directives, "join__type")))
        if not joins and self._version == "v0.1":
            joins = tuple(JoinType(subgraph.index) for subgraph in self.subgraphs)
        graphs = sorted({join.graph for join in joins})
        owner = next(map(self._graph, _named(type_.directives, "join__owner")), None)
        return SupergraphType(
            name=type_.name,
            kind=_KINDS[type(type_)],
            joins=joins,
            fields={field.name: self._field(field) for field in _fields(type_)},
            interfaces=tuple(type_.interfaces) if isinstance(type_, ObjectType | InterfaceType) else (),
            implements=tuple(self._implements(type_, graphs)),
            members=tuple(self._members(type_, graphs)),
            values=self._values(type_, graphs) if isinstance(type_, EnumType) else {},
            owner=owner,
            directives=_others(type_.directives),
        )

    def _graph(self, directive: Directive) -> int:
        name = directive.arguments.get("graph")
        graph = self._index.get(name) if isinstance(name, str) else None
        if graph is None:
            message = f'@{directive.name} names the subgraph "{name}", which does not exist'
            raise _at(self._place(directive.at), message)
        return graph

    def _join_type(self, directive: Directive) -> JoinType:
        arguments = directive.arguments
        return JoinType(
            self._graph(directive),
            _text(arguments.get("key")),
            arguments.get("extension") is True,
            arguments.get("resolvable") is not False,
            arguments.get("isInterfaceObject") is True,
        )

    def _implements(self, type_: TypeDefinition, graphs: list[int]) -> Iterator[tuple[int, str]]:
        """Where no subgraph is named, all that have the type implement what it implements."""
        named = _named(type_.directives, "join__implements")
        if isinstance(type_, ObjectType | InterfaceType) and not named:
            yield from ((graph, name) for graph in graphs for name in type_.interfaces)
        for directive in named:
            yield self._graph(directive), _text(directive.arguments.get("interface")) or ""

    def _members(self, type_: TypeDefinition, graphs: list[int]) -> Iterator[tuple[int, str]]:
        named = _named(type_.directives, "join__unionMember")
        if isinstance(type_, UnionType) and not named:
            yield from ((graph, name) for graph in graphs for name in type_.members)
        for directive in named:
            yield self._graph(directive), _text(directive.arguments.get("member")) or ""

    def _values(self, type_: EnumType, graphs: list[int]) -> dict[str, SupergraphEnumValue]:
        values: dict[str, SupergraphEnumValue] = {}
        for value in type_.values.values():
            own = tuple(map(self._graph, _named(value.directives, "join__enumValue")))
            values[value.name] = SupergraphEnumValue(
                value.name, own or tuple(graphs), _others(value.directives)
            )
        return values

    def _field(self, field: Field | InputValue) -> SupergraphField:
        joins = tuple(map(self._join_field, _named(field.directives, "join__field")))
        named = base_name(field.type)
        arguments = field.arguments if isinstance(field, Field) else {}
        depth = field.type.count("[")
        return SupergraphField(
            field.name, field.type, named, depth, arguments, joins, _others(field.directives)
        )

    def _join_field(self, directive: Directive) -> JoinField:
        arguments = directive.arguments
        graph = None if arguments.get("graph") is None else self._graph(directive)
        if len(arguments) == 1:  # only `graph`, as most are: nothing else to read
            return JoinField(graph)
        return JoinField(
            graph,
            _text(arguments.get("requires")),
            _text(arguments.get("provides")),
            _text(arguments.get("type")),
            arguments.get("external") is True,
            _text(arguments.get("override")),
            arguments.get("usedOverridden") is True,
            _text(arguments.get("overrideLabel")),
            tuple(_context_arguments(arguments.get("contextArguments"))),
        )


def _fields(type_: TypeDefinition) -> Iterable[Field | InputValue]:
    match type_:
        case ObjectType() | InterfaceType():
            return type_.fields.values()
        case InputType():
            return type_.fields.values()
    return ()


def _named(directives: list[Directive], name: str) -> list[Directive]:
    return [directive for directive in directives if directive.name == name] if directives else directives


def _others(directives: list[Directive]) -> tuple[Directive, ...]:
    """What join does not say; @join__directive, which carries other directives, is among them."""
    return tuple(directive for directive in directives if directive.name not in _JOIN) if directives else ()


_JOIN = frozenset(
    f"join__{name}" for name in ("type", "field", "implements", "unionMember", "enumValue", "owner")
)


def _context_arguments(value: Value) -> Iterator[ContextArgument]:
    for item in value if isinstance(value, list) else ():
        if isinstance(item, dict):
            texts = [_text(item.get(name)) for name in ("context", "name", "type", "selection")]
            context, name, type_, selection = texts
            if context and name and type_ and selection:
                yield ContextArgument(context, name, type_, selection)

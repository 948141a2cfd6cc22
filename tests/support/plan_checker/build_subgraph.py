"""Cuts a subgraph out of the supergraph: definitions kept or dropped by their join directives.

For join v0.1 (no `join__implements`, no external fields) a subgraph has each value type whole and, on an
entity, its own fields plus what its keys, requires and provides name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import (
    DirectiveDefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    NamedTypeNode,
    NameNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    SelectionSetNode,
    UnionTypeDefinitionNode,
    build_ast_schema,
    parse,
    parse_type,
    specified_scalar_types,
)

from tests.support.plan_checker.field_set import field_set, fields_named
from tests.support.plan_checker.joins import applied
from tests.support.plan_checker.subgraph import ContextArgument, FieldRule, Key, SubgraphView

if TYPE_CHECKING:
    from tests.support.plan_checker.supergraph import Supergraph

INTERNAL_PREFIXES = ("join__", "link__", "core__", "context__", "federation__", "fed__")
SPECIFIED = frozenset({"skip", "include"})
EXECUTABLE = frozenset(
    {"QUERY", "MUTATION", "SUBSCRIPTION", "FIELD", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"}
    | {"FRAGMENT_DEFINITION", "VARIABLE_DEFINITION"}
)


def build_subgraph(supergraph: Supergraph, graph: str, name: str) -> SubgraphView:
    return _Builder(supergraph, graph, name).build()


class _Builder:
    def __init__(self, supergraph: Supergraph, graph: str, name: str) -> None:
        self.supergraph, self.graph, self.name = supergraph, graph, name
        self.rules: dict[tuple[str, str], FieldRule] = {}
        self.keys: dict[str, list[Key]] = {}
        self.interface_objects: set[str] = set()
        self.contexts: dict[str, set[str]] = {}

    def build(self) -> SubgraphView:
        definitions: list[Any] = []
        for definition in self.supergraph.document.definitions:
            kept = self._definition(definition)
            if kept is not None:
                definitions.append(kept)
        if self.supergraph.joined_implicitly:
            definitions = _only_known_types(definitions)
        definitions += self._federation_types(definitions)
        schema = build_ast_schema(
            DocumentNode(definitions=tuple(definitions)), assume_valid=True, assume_valid_sdl=True
        )
        contexts = {name: frozenset(types) for name, types in self.contexts.items()}
        return SubgraphView(
            self.name, schema, self.rules, self.keys, frozenset(self.interface_objects), contexts
        )

    def _definition(self, node: Any) -> Any:
        match node:
            case DirectiveDefinitionNode():
                executable = any(location.value in EXECUTABLE for location in node.locations)
                return node if executable and node.name.value not in SPECIFIED else None
            case ScalarTypeDefinitionNode() | EnumTypeDefinitionNode() | UnionTypeDefinitionNode():
                pass
            case InputObjectTypeDefinitionNode() | InterfaceTypeDefinitionNode() | ObjectTypeDefinitionNode():
                pass
            case _:
                return None
        joins = self._joins(node)
        if joins is None or node.name.value.startswith(INTERNAL_PREFIXES):
            return None
        match node:
            case EnumTypeDefinitionNode():
                values = tuple(v for v in node.values or () if self._member(v, "join__enumValue"))
                return EnumTypeDefinitionNode(name=node.name, values=values, directives=())
            case UnionTypeDefinitionNode():
                self._set_contexts(node)
                return UnionTypeDefinitionNode(name=node.name, types=self._members(node), directives=())
            case InputObjectTypeDefinitionNode():
                fields = tuple(self._input_fields(node))
                return InputObjectTypeDefinitionNode(name=node.name, fields=fields, directives=())
            case ObjectTypeDefinitionNode() | InterfaceTypeDefinitionNode():
                return self._composite(node, joins)
        return ScalarTypeDefinitionNode(name=node.name, directives=())

    def _joins(self, node: Any) -> list[dict[str, Any]] | None:
        """This graph's `join__type`s; [] for a type all graphs have (v0.1), None when it has none."""
        everywhere = applied(node, "join__type")
        own = [join for join in everywhere if join["graph"] == self.graph]
        if own or (not everywhere and self.supergraph.joined_implicitly):
            return own
        return None

    def _member(self, node: Any, directive: str) -> bool:
        joins = applied(node, directive)
        return not joins or any(join["graph"] == self.graph for join in joins)

    def _members(self, node: UnionTypeDefinitionNode) -> tuple[NamedTypeNode, ...]:
        joins = applied(node, "join__unionMember")
        if joins:
            names = [j["member"] for j in joins if j["graph"] == self.graph]
        else:
            names = [
                t.name.value
                for t in node.types or ()
                if self._joins(self.supergraph.types[t.name.value]) is not None
            ]
        return tuple(NamedTypeNode(name=NameNode(value=name)) for name in names)

    def _input_fields(self, node: InputObjectTypeDefinitionNode) -> list[InputValueDefinitionNode]:
        return [_retyped(f, join) for f in node.fields or () if (join := self._field_join(f)) is not None]

    def _field_join(self, node: Any) -> dict[str, Any] | None:
        """The `join__field` of this graph; {} when no application limits the field to some graphs."""
        joins = applied(node, "join__field")
        for join in joins:
            if join.get("graph") == self.graph:
                return join
        return None if joins else {}

    def _composite(self, node: Any, joins: list[dict[str, Any]]) -> Any:
        type_name = node.name.value
        self.keys[type_name] = [
            Key(field_set(j["key"]), j.get("resolvable", True)) for j in joins if j.get("key")
        ]
        interface_object = any(j.get("isInterfaceObject") for j in joins)
        if interface_object:
            self.interface_objects.add(type_name)
        self._set_contexts(node)
        fields = tuple(f for f in (self._field(type_name, f) for f in node.fields or ()) if f)
        interfaces = () if interface_object else self._interfaces(node)
        kind = ObjectTypeDefinitionNode if interface_object else type(node)
        return kind(name=node.name, fields=fields, interfaces=interfaces, directives=())

    def _set_contexts(self, node: Any) -> None:
        for context in applied(node, "context"):
            self.contexts.setdefault(context["name"], set()).add(node.name.value)

    def _interfaces(self, node: Any) -> tuple[NamedTypeNode, ...]:
        if self.supergraph.joined_implicitly:
            return tuple(node.interfaces or ())
        return tuple(
            NamedTypeNode(name=NameNode(value=j["interface"]))
            for j in applied(node, "join__implements")
            if j["graph"] == self.graph
        )

    def _field(self, type_name: str, node: FieldDefinitionNode) -> FieldDefinitionNode | None:
        join = self._field_join(node)
        if self.supergraph.joined_implicitly:
            join = self._implicit_join(type_name, node, join)
        if join is None:
            return None
        contexts = tuple(
            ContextArgument(a["name"], a["type"], a["context"], _context_selection(a["selection"]))
            for a in join.get("contextArguments") or ()
        )
        self.rules[type_name, node.name.value] = FieldRule(
            askable=not join.get("external") and not self._overridden(node, join),
            requires=field_set(join["requires"]) if join.get("requires") else None,
            provides=field_set(join["provides"]) if join.get("provides") else None,
            contexts=contexts,
        )
        added = tuple(
            InputValueDefinitionNode(name=NameNode(value=c.name), type=parse_type(c.type), directives=())
            for c in contexts
        )
        return FieldDefinitionNode(
            name=node.name,
            arguments=tuple(node.arguments or ()) + added,
            type=parse_type(join["type"]) if join.get("type") else node.type,
            directives=(),
        )

    def _overridden(self, node: FieldDefinitionNode, join: dict[str, Any]) -> bool:
        labels = self.supergraph.override_labels
        if join.get("usedOverridden") and not join.get("overrideLabel"):
            return True
        if join.get("override") and join.get("overrideLabel") and join["overrideLabel"] not in labels:
            return True
        return any(
            other.get("override") == self.name
            and (not other.get("overrideLabel") or other["overrideLabel"] in labels)
            for other in applied(node, "join__field")
        )

    def _implicit_join(
        self, type_name: str, node: FieldDefinitionNode, join: dict[str, Any] | None
    ) -> dict[str, Any] | None:
        """join v0.1: an entity's unmarked field is its owner's; key fields are askable, others external."""
        if join == {}:
            owners = [o["graph"] for o in applied(self.supergraph.types[type_name], "join__owner")]
            join = join if not owners or self.graph in owners else None
        if join is not None:
            return join
        if any(node.name.value in fields_named(key.fields) for key in self.keys.get(type_name, ())):
            return {}
        return {"external": True} if self.keys.get(type_name) else None

    def _federation_types(self, definitions: list[Any]) -> list[Any]:
        """`_entities` over every type with a key, and the root types the subgraph lacks."""
        entities = [
            d.name.value
            for d in definitions
            if isinstance(d, ObjectTypeDefinitionNode) and self.keys.get(d.name.value)
        ]
        query = self.supergraph.root_type("query")
        roots = "_service: String"
        sdl = "scalar _Any\n"
        if entities:
            sdl += "union _Entity = " + " | ".join(entities) + "\n"
            roots += "\n_entities(representations: [_Any!]!): [_Entity]!"
        extra = list(parse(sdl + f"type {query} {{ {roots} }}", no_location=True).definitions)
        for definition in list(definitions):
            if isinstance(definition, ObjectTypeDefinitionNode) and definition.name.value == query:
                added = extra.pop()
                assert isinstance(added, ObjectTypeDefinitionNode)
                definitions.remove(definition)
                extra.append(
                    ObjectTypeDefinitionNode(
                        name=definition.name,
                        fields=tuple(definition.fields or ()) + tuple(added.fields or ()),
                        interfaces=(),
                        directives=(),
                    )
                )
                break
        kinds = ("query", "mutation", "subscription")
        present = {d.name.value for d in definitions} | {query}
        body = " ".join(
            f"{k}: {self.supergraph.root_type(k)}" for k in kinds if self.supergraph.root_type(k) in present
        )
        extra += parse(f"schema {{ {body} }}", no_location=True).definitions
        return extra


def _retyped(node: InputValueDefinitionNode, join: dict[str, Any]) -> InputValueDefinitionNode:
    return InputValueDefinitionNode(
        name=node.name,
        type=parse_type(join["type"]) if join.get("type") else node.type,
        default_value=node.default_value,
        directives=(),
    )


def _only_known_types(definitions: list[Any]) -> list[Any]:
    """join v0.1: drops the fields whose type this subgraph does not have."""
    known = {d.name.value for d in definitions} | set(specified_scalar_types)
    kept = []
    for d in definitions:
        if isinstance(d, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
            fields = tuple(f for f in d.fields or () if _named(f.type) in known)
            d = type(d)(name=d.name, fields=fields, interfaces=d.interfaces, directives=())
        kept.append(d)
    return kept


def _named(type_: Any) -> str:
    while not isinstance(type_, NamedTypeNode):
        type_ = type_.type
    return type_.name.value


def _context_selection(text: str) -> SelectionSetNode:
    text = text.strip()
    return field_set(text[1:-1] if text.startswith("{") else text)

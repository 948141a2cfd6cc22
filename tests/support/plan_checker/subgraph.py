"""One subgraph as the supergraph describes it: its executable schema and what it may be asked."""

from __future__ import annotations

from dataclasses import dataclass, field

from graphql import GraphQLObjectType, GraphQLSchema, SelectionSetNode, is_abstract_type

from tests.support.plan_checker.field_set import fields_named


@dataclass(frozen=True, slots=True)
class ContextArgument:
    name: str
    type: str
    context: str
    selection: SelectionSetNode


@dataclass(frozen=True, slots=True)
class FieldRule:
    """What one subgraph says of one of its fields. `askable` is False for external and overridden fields."""

    askable: bool
    requires: SelectionSetNode | None = None
    provides: SelectionSetNode | None = None
    contexts: tuple[ContextArgument, ...] = ()


@dataclass(frozen=True, slots=True)
class Key:
    fields: SelectionSetNode
    resolvable: bool


@dataclass
class SubgraphView:
    name: str
    schema: GraphQLSchema
    rules: dict[tuple[str, str], FieldRule]
    keys: dict[str, list[Key]]
    interface_objects: frozenset[str]
    contexts: dict[str, frozenset[str]] = field(default_factory=dict)
    """Context name to the supergraph types that set it."""

    def runtime_types(self, type_name: str) -> frozenset[str]:
        """Object types of this subgraph a position of `type_name` can hold."""
        type_ = self.schema.type_map.get(type_name)
        if type_ is None:
            return frozenset()
        if is_abstract_type(type_):
            return frozenset(t.name for t in self.schema.get_possible_types(type_))
        return frozenset([type_name]) if isinstance(type_, GraphQLObjectType) else frozenset()

    def applies(self, condition: str | None, runtime: str) -> bool:
        return condition is None or condition == runtime or runtime in self.runtime_types(condition)

    def is_key_field(self, type_name: str, name: str) -> bool:
        return any(name in fields_named(key.fields) for key in self.keys.get(type_name, ()))

"""(B) Fake subgraphs that answer strictly: only what they own, only from a representation they can resolve.

A field that is external here (and not provided on the path), or that another subgraph took over, is an error,
and so is a representation without a whole resolvable key or whose required values differ from the truth.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import (
    FieldNode,
    GraphQLResolveInfo,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    build_ast_schema,
    execute_sync,
    parse,
    validate,
)

from tests.support.differential.model import Model
from tests.support.differential.sdl import subgraph_sdl
from tests.support.differential.world import Obj, World, contextual_answer, required_answer
from tests.support.plan_checker.field_set import field_set

FEDERATION = """
scalar _Any
scalar federation__FieldSet
directive @link(url: String!, import: [String]) repeatable on SCHEMA
directive @key(fields: String!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
directive @external on FIELD_DEFINITION
directive @requires(fields: String!) on FIELD_DEFINITION
directive @provides(fields: String!) on FIELD_DEFINITION
directive @shareable on FIELD_DEFINITION
directive @override(from: String!, label: String) on FIELD_DEFINITION
directive @interfaceObject on OBJECT
directive @context(name: String!) on OBJECT
directive @fromContext(field: String!) on ARGUMENT_DEFINITION
"""


class NotAllowed(Exception):
    """The router asked for what this subgraph may not be asked."""


class ResolverFailed(Exception):
    """A resolver that was told to fail."""


@dataclass(frozen=True, slots=True)
class Held:
    """An object as this subgraph holds it, what the path provides, and its representation."""

    obj: Obj
    provided: tuple[SelectionSetNode, ...] = ()
    representation: Mapping[str, Any] | None = None


@dataclass
class FakeSubgraph:
    """Satisfies `router.transport.in_process.ExecutableSubgraph`; keeps every request it answered.

    `fails` is asked for every field, told which of which object: whether its resolver fails this time.
    """

    model: Model
    world: World
    name: str
    requests: list[tuple[str, Mapping[str, Any] | None]] = field(default_factory=list)
    fails: Callable[[str], bool] | None = None

    def __post_init__(self) -> None:
        self.schema = _build(self.model, self.name)

    async def execute(
        self,
        query: str,
        variables: Mapping[str, Any] | None,
        operation_name: str | None,
        headers: Mapping[str, str],
    ) -> Mapping[str, Any]:
        self.requests.append((query, variables))
        document = parse(query)
        errors = validate(self.schema, document)
        if errors:
            return {"errors": [{"message": e.message} for e in errors]}
        result = execute_sync(
            self.schema,
            document,
            variable_values=dict(variables or {}),
            operation_name=operation_name,
            field_resolver=self._resolve,
            type_resolver=self._type_of,
        )
        payload: dict[str, Any] = orjson.loads(orjson.dumps(result.formatted))
        return payload

    def _type_of(self, value: Held, info: GraphQLResolveInfo[Any], _: object) -> str:
        return self._type_here(value.obj, info.schema)

    def _type_here(self, obj: Obj, schema: GraphQLSchema) -> str:
        """The object's type by the name this subgraph has for it."""
        for type_ in self.model.types.values():
            if type_.interface_object_in == self.name and obj.type in type_.all_members():
                return type_.name
        return obj.type

    def _resolve(self, source: Held | None, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        held = source or Held(Obj(info.parent_type.name, "root"))
        if self.fails is not None and self.fails(f"{held.obj}.{info.field_name}{arguments}"):
            raise ResolverFailed(f"{self.name}: {info.parent_type.name}.{info.field_name} fails")
        name = info.field_name
        if name == "_entities":
            return [self._entity(representation) for representation in arguments["representations"]]
        if name == "_service":
            return held
        if info.parent_type.name == "_Service":
            return subgraph_sdl(self.model, self.name)
        definition = self.model.types[info.parent_type.name].fields[name]
        declaration = definition.declared[self.name]
        where = f"{self.name}: {info.parent_type.name}.{name}"
        granted = _granted(held.provided, held.obj.type, name)
        if not declaration.may_be_asked(self.world.labels):
            raise NotAllowed(f"{where} is another subgraph's by @override")
        if declaration.external and granted is None and name not in (held.representation or {}):
            raise NotAllowed(f"{where} is external")
        if declaration.context:
            context = arguments.pop("a", None)
            self.world.check_fault(held.obj, definition, arguments)
            return contextual_answer(name, arguments, context)
        if declaration.requires:
            return self._required(held, declaration.requires, name, where)
        below = list(granted or ())
        if declaration.provides:
            below.append(field_set(declaration.provides))
        return _hold(self.world.resolve(held.obj, name, arguments), tuple(below))

    def _required(self, held: Held, requires: str, name: str, where: str) -> str:
        if held.representation is None:
            raise NotAllowed(f"{where} is asked without a representation")
        self.world.resolve(held.obj, name, {})  # fails where the field itself does
        truth = self.world.required(held.obj, field_set(requires))
        given = {key: held.representation.get(key, "nothing") for key in truth}
        given = {key: _only(value, truth[key]) for key, value in given.items()}
        if given != truth:
            raise NotAllowed(f"{where} of {held.obj} requires {truth}, was given {given}")
        return required_answer(name, given)

    def _entity(self, representation: Mapping[str, Any]) -> Held:
        typename = representation.get("__typename")
        type_ = self.model.types.get(str(typename))
        if type_ is None or self.name not in type_.subgraphs:
            raise NotAllowed(f"{self.name}: __typename {typename!r} is not a type here")
        for key in type_.keys.get(self.name, ()):
            if key.resolvable and _holds(representation, field_set(key.fields)):
                obj = self.world.find_entity(type_.name, dict(representation), key.fields)
                if obj is None:
                    raise NotAllowed(f"{self.name}: no {typename} has {dict(representation)}")
                return Held(obj, representation=representation)
        raise NotAllowed(f"{self.name}: {dict(representation)} holds no resolvable key of {typename}")


def _build(model: Model, name: str) -> GraphQLSchema:
    entities = [
        t.name
        for t in model.types.values()
        if t.keys.get(name) and (t.is_entity or t.interface_object_in == name)
    ]
    roots = "_service: _Service"
    sdl = FEDERATION + "type _Service { sdl: String }\n" + subgraph_sdl(model, name)
    if entities:
        sdl += f"union _Entity = {' | '.join(entities)}\n"
        roots += "\n_entities(representations: [_Any!]!): [_Entity]!"
    has_query = name in model.types["Query"].subgraphs
    sdl += f"{'extend ' if has_query else ''}type Query {{ {roots} }}"
    document = parse(
        sdl.replace("extend schema @link", "schema @link").replace(
            '"@fromContext"])', '"@fromContext"]) ' + _root_types(model, name)
        )
    )
    return build_ast_schema(document, assume_valid_sdl=True)


def _root_types(model: Model, name: str) -> str:
    mutation = "Mutation" in model.types and name in model.types["Mutation"].subgraphs
    return "{ query: Query mutation: Mutation }" if mutation else "{ query: Query }"


def _hold(value: Any, provided: tuple[SelectionSetNode, ...]) -> Any:
    if isinstance(value, list):
        return [_hold(item, provided) for item in value]
    return Held(value, provided) if isinstance(value, Obj) else value


def _granted(
    provided: tuple[SelectionSetNode, ...], type_name: str, name: str
) -> tuple[SelectionSetNode, ...] | None:
    """What is provided below the field; None when the field is not provided."""
    found: list[SelectionSetNode] | None = None
    for selection_set in provided:
        for selection in selection_set.selections:
            match selection:
                case FieldNode() if selection.name.value == name:
                    found = found or []
                    if selection.selection_set:
                        found.append(selection.selection_set)
                case InlineFragmentNode():
                    below = _granted((selection.selection_set,), type_name, name)
                    found = found if below is None else [*(found or []), *below]
    return None if found is None else tuple(found)


def _holds(representation: Mapping[str, Any], selection_set: SelectionSetNode) -> bool:
    for selection in selection_set.selections:
        assert isinstance(selection, FieldNode)
        value = representation.get(selection.name.value)
        if value is None:
            return False
        if selection.selection_set and not (
            isinstance(value, Mapping) and _holds(value, selection.selection_set)
        ):
            return False
    return True


def _only(given: Any, truth: Any) -> Any:
    """The given value without what the requirement does not name (`__typename` and a key's own fields)."""
    if isinstance(truth, dict) and isinstance(given, Mapping):
        return {key: _only(given.get(key, "nothing"), value) for key, value in truth.items()}
    if isinstance(truth, list) and isinstance(given, list) and len(given) == len(truth):
        return [_only(g, t) for g, t in zip(given, truth, strict=True)]
    return given

"""The API schema as one caller may see it: what introspection answers when it shows only what can be used.

A field is there when it is granted, a type when something granted leads to it; one that is left without
fields or members is gone, and whatever returns it.
"""

from __future__ import annotations

from typing import Any, TypeVar, cast

from graphql import (
    GraphQLArgument,
    GraphQLDirective,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
)

from router.authorization.requirements import Requirements

T = TypeVar("T")
_WithFields = GraphQLObjectType | GraphQLInterfaceType


def visible_schema(schema: GraphQLSchema, requirements: Requirements, granted: int) -> GraphQLSchema:
    """`granted` is a mask of all requirements. O(schema x types that are gone for another's sake)."""
    view = _View(schema, requirements, ~granted)
    view.hide_what_is_left_empty()
    return view.schema()


class _View:
    def __init__(self, schema: GraphQLSchema, requirements: Requirements, missing: int) -> None:
        self._schema = schema
        self._requirements = requirements
        self._missing = missing
        self._types = {name: t for name, t in schema.type_map.items() if not name.startswith("__")}
        self._hidden = {
            name
            for name, type_ in self._types.items()
            if requirements.of_type(name) & missing and _is_output_only(type_)
        }
        self._made: dict[str, GraphQLNamedType] = {}

    def hide_what_is_left_empty(self) -> None:
        while True:
            empty = {
                name
                for name, type_ in self._types.items()
                if name not in self._hidden and self._is_empty(type_)
            }
            if not empty:
                return
            self._hidden |= empty

    def _is_empty(self, type_: GraphQLNamedType) -> bool:
        match type_:
            case GraphQLObjectType() | GraphQLInterfaceType():
                return not any(self._shows(type_.name, *item) for item in type_.fields.items())
            case GraphQLUnionType():
                return all(member.name in self._hidden for member in type_.types)
            case _:
                return False

    def _shows(self, type_name: str, name: str, field: GraphQLField) -> bool:
        returns = get_named_type(field.type).name
        mask = self._requirements.of_field(type_name, name, returns)
        return returns not in self._hidden and not mask & self._missing

    def schema(self) -> GraphQLSchema:
        implementing = [
            self._named(type_)
            for type_ in self._types.values()
            if isinstance(type_, _WithFields) and type_.interfaces and type_.name not in self._hidden
        ]
        return GraphQLSchema(
            query=self._root(self._schema.query_type),
            mutation=self._root(self._schema.mutation_type),
            subscription=self._root(self._schema.subscription_type),
            types=implementing,
            directives=[self._directive(one) for one in self._schema.directives],
            description=self._schema.description,
            assume_valid=True,
        )

    def _directive(self, directive: GraphQLDirective) -> GraphQLDirective:
        kwargs: dict[str, Any] = dict(directive.to_kwargs())
        return GraphQLDirective(**{**kwargs, "args": self._arguments(directive.args)})

    def _root(self, root: GraphQLObjectType | None) -> GraphQLObjectType | None:
        """The query type stays, whatever is left of it: a schema has one."""
        if root is None or (root.name in self._hidden and root is not self._schema.query_type):
            return None
        return self._named(root)

    def _named(self, type_: T) -> T:
        named = cast(GraphQLNamedType, type_)
        if named.name.startswith("__") or isinstance(named, GraphQLScalarType | GraphQLEnumType):
            return type_
        made = self._made.get(named.name)
        if made is None:
            made = self._made[named.name] = self._copy(named)
        return cast(T, made)

    def _copy(self, type_: GraphQLNamedType) -> GraphQLNamedType:
        """Fields and members are made when they are needed: types refer to each other in circles."""
        kwargs: dict[str, Any] = dict(type_.to_kwargs())
        match type_:
            case GraphQLObjectType() | GraphQLInterfaceType():
                kwargs["fields"] = lambda: self._fields(type_)
                kwargs["interfaces"] = lambda: [
                    self._named(one) for one in type_.interfaces if one.name not in self._hidden
                ]
            case GraphQLUnionType():
                kwargs["types"] = lambda: [
                    self._named(one) for one in type_.types if one.name not in self._hidden
                ]
            case GraphQLInputObjectType():
                kwargs["fields"] = lambda: self._input_fields(type_)
            case _:
                raise AssertionError(f"not a type to copy: {type_}")
        return type(type_)(**kwargs)

    def _fields(self, type_: GraphQLObjectType | GraphQLInterfaceType) -> dict[str, GraphQLField]:
        return {
            name: GraphQLField(
                **{
                    **field.to_kwargs(),
                    "type_": self._referred(field.type),
                    "args": self._arguments(field.args),
                }
            )
            for name, field in type_.fields.items()
            if self._shows(type_.name, name, field)
        }

    def _arguments(self, arguments: dict[str, GraphQLArgument]) -> dict[str, GraphQLArgument]:
        return {
            name: GraphQLArgument(**{**one.to_kwargs(), "type_": self._referred(one.type)})
            for name, one in arguments.items()
        }

    def _input_fields(self, type_: GraphQLInputObjectType) -> dict[str, GraphQLInputField]:
        return {
            name: GraphQLInputField(**{**one.to_kwargs(), "type_": self._referred(one.type)})
            for name, one in type_.fields.items()
        }

    def _referred(self, type_: Any) -> Any:
        if isinstance(type_, GraphQLNonNull):
            return GraphQLNonNull(self._referred(type_.of_type))
        if isinstance(type_, GraphQLList):
            return GraphQLList(self._referred(type_.of_type))
        return self._named(type_)


def _is_output_only(type_: GraphQLNamedType) -> bool:
    """Enums and scalars may be arguments all the same: those take no requirement."""
    return isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType)

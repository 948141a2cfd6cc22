"""The shape of an answer: field collection of the GraphQL specification (section 6.3.2), done beforehand.

For every object in the answer and every object type it may have, the fields in order with their types.
`@skip` and `@include` are already decided: a shape belongs to one set of values of the variables they
use. Shapes are shared where selection and type are the same, so an operation of n fields over an
interface of k types has O(n x k) shapes however deep it nests.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from router.executor.conditions import is_included
from router.operation.errors import OperationTooLargeError


@dataclass(frozen=True, slots=True)
class Leaf:
    """`scalar` names a built-in scalar whose values are checked; None passes any value untouched.

    IDs and custom scalars are of the second kind: their values are the subgraph's business.
    """

    scalar: str | None


@dataclass(frozen=True, slots=True)
class EnumLeaf:
    values: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class FieldShape:
    """`type` is None for an introspection field: its value was made by graphql-core in this very shape.

    `denied`: the client may not have the field, whatever data has its key. `lacks`: it may have it where it
    is selected once, and not where it is selected again.
    """

    key: str
    parent: str
    name: str
    type: TypeShape | None
    denied: bool = False
    lacks: bool = False


@dataclass(slots=True, eq=False)
class ObjectShape:
    """The fields of an object of static type `name`.

    `variants` holds the fields for each object type it may be; `unknown` those that apply when the
    type is not known. For an object type the two are the same.
    """

    name: str
    is_abstract: bool
    variants: dict[str, tuple[FieldShape, ...]] = field(default_factory=dict)
    unknown: tuple[FieldShape, ...] = ()
    asks_typename: bool = False

    @property
    def is_uniform(self) -> bool:
        """Whether the fields are the same whatever the type."""
        return not self.asks_typename and all(fields == self.unknown for fields in self.variants.values())


@dataclass(frozen=True, slots=True, eq=False)
class NamedShape:
    name: str
    nullable: bool
    named: Leaf | EnumLeaf | ObjectShape


@dataclass(frozen=True, slots=True, eq=False)
class ListShape:
    name: str
    nullable: bool
    of: TypeShape


TypeShape: TypeAlias = NamedShape | ListShape
_SelectionSets: TypeAlias = tuple[SelectionSetNode, ...]
MAX_FIELDS = 200_000
"""Fields of all objects and possible types together: beyond that an answer's shape is not worked out."""
CHECKED_SCALARS = frozenset(("Int", "Float", "String", "Boolean"))


def build_shape(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    variables: Mapping[str, Any],
    denied: Container[int] = (),
) -> ObjectShape:
    """`denied` are the ids of selections that do not count.

    Raises `OperationTooLargeError` beyond `MAX_FIELDS`.
    """
    root = schema.get_root_type(operation.operation)
    assert root is not None, f"the schema has no {operation.operation.value} type"
    return _Builder(schema, fragments, variables, denied).object_shape(root, (operation.selection_set,))


class _Builder:
    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, Any],
        denied: Container[int],
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._variables = variables
        self._denied = denied
        self._objects: dict[tuple[Any, ...], ObjectShape] = {}
        self._fields: dict[tuple[Any, ...], FieldShape] = {}
        self._types: dict[tuple[Any, ...], TypeShape] = {}
        self._possible: dict[str, frozenset[str]] = {}
        self._left = MAX_FIELDS

    def object_shape(
        self,
        static: GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType,
        selection_sets: _SelectionSets,
    ) -> ObjectShape:
        key = (static.name, *map(id, selection_sets))
        shape = self._objects.get(key)
        if shape is None:
            shape = ObjectShape(static.name, not isinstance(static, GraphQLObjectType))
            self._objects[key] = shape
            shape.unknown = self._field_shapes(static, selection_sets)
            if isinstance(static, GraphQLObjectType):
                shape.variants[static.name] = shape.unknown
            else:
                for concrete in self._schema.get_possible_types(static):
                    shape.variants[concrete.name] = self._field_shapes(concrete, selection_sets)
            variants = (shape.unknown, *shape.variants.values())
            shape.asks_typename = any(f.name == "__typename" for fields in variants for f in fields)
        return shape

    def _field_shapes(
        self,
        type_: GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType,
        selection_sets: _SelectionSets,
    ) -> tuple[FieldShape, ...]:
        grouped: dict[str, list[FieldNode]] = {}
        written_on: dict[str, set[str]] = {}
        allowed: dict[str, list[FieldNode]] = {}
        visited: set[tuple[str, bool]] = set()
        for selection_set in selection_sets:
            for node, condition, denied in self._fields_for(
                type_.name, selection_set, type_.name, visited, denied=False
            ):
                key = (node.alias or node.name).value
                grouped.setdefault(key, []).append(node)
                written_on.setdefault(key, set()).add(condition)
                if not denied:
                    allowed.setdefault(key, []).append(node)
        self._left -= len(grouped)
        if self._left < 0:
            raise OperationTooLargeError(MAX_FIELDS)
        return tuple(
            self._field_shape(
                self._parent(type_, written_on[key], nodes[0].name.value), key, nodes, allowed.get(key)
            )
            for key, nodes in grouped.items()
        )

    def _parent(
        self,
        type_: GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType,
        written_on: set[str],
        field: str,
    ) -> GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType:
        """The type whose field it is.

        By fragments that hold for every object there, a position of an abstract type has fields its type
        lacks. One that several types write, or that came with another type's selection set, is looked up
        on an object type: that has it in any case.
        """
        if isinstance(type_, GraphQLObjectType) or field.startswith("__"):
            return type_
        found = self._schema.get_type(next(iter(written_on))) if len(written_on) == 1 else None
        if isinstance(found, GraphQLObjectType | GraphQLInterfaceType) and field in found.fields:
            return found
        return next(iter(self._schema.get_possible_types(type_)))

    def _fields_for(
        self,
        type_name: str,
        selection_set: SelectionSetNode,
        written_on: str,
        visited: set[tuple[str, bool]],
        *,
        denied: bool,
    ) -> Iterator[tuple[FieldNode, str, bool]]:
        """The fields that apply, each with the type it is written on, its nearest type condition, and whether
        it or a fragment around it is denied.

        A fragment is gone through once per position (`visited`), allowed and denied: what it adds is the same
        every time.
        """
        for selection in selection_set.selections:
            if not is_included(selection, self._variables):
                continue
            below = denied or id(selection) in self._denied
            match selection:
                case FieldNode():
                    yield selection, written_on, below
                case InlineFragmentNode():
                    condition = selection.type_condition
                    inner = written_on if condition is None else condition.name.value
                    if condition is None or self._applies(type_name, inner):
                        yield from self._fields_for(
                            type_name, selection.selection_set, inner, visited, denied=below
                        )
                case FragmentSpreadNode() if (selection.name.value, below) not in visited:
                    visited.add((selection.name.value, below))
                    fragment = self._fragments[selection.name.value]
                    inner = fragment.type_condition.name.value
                    if self._applies(type_name, inner):
                        yield from self._fields_for(
                            type_name, fragment.selection_set, inner, visited, denied=below
                        )
                case FragmentSpreadNode():
                    pass
                case _:
                    raise AssertionError(f"not a selection: {selection.kind}")

    def _applies(self, type_name: str, condition: str) -> bool:
        """Every object known as `type_name` satisfies the condition."""
        return type_name == condition or self._possible_types(type_name) <= self._possible_types(condition)

    def _possible_types(self, name: str) -> frozenset[str]:
        if name not in self._possible:
            type_ = self._schema.get_type(name)
            if isinstance(type_, GraphQLInterfaceType | GraphQLUnionType):
                names = frozenset(possible.name for possible in self._schema.get_possible_types(type_))
            else:
                names = frozenset((name,))
            self._possible[name] = names
        return self._possible[name]

    def _field_shape(
        self,
        parent: GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType,
        key: str,
        nodes: list[FieldNode],
        allowed: list[FieldNode] | None,
    ) -> FieldShape:
        name = nodes[0].name.value
        if name in ("__schema", "__type"):
            return FieldShape(key, parent.name, name, None)
        if name == "__typename":
            return self._interned(key, parent.name, name, self._named("String", False, Leaf("String")))
        assert not isinstance(parent, GraphQLUnionType)
        if allowed is None:
            nullable = not isinstance(parent.fields[name].type, GraphQLNonNull)
            return FieldShape(key, parent.name, name, self._named("", nullable, Leaf(None)), denied=True)
        selection_sets = tuple(node.selection_set for node in allowed if node.selection_set is not None)
        type_shape = self._type_shape(parent.fields[name].type, selection_sets)
        return self._interned(key, parent.name, name, type_shape, lacks=len(allowed) < len(nodes))

    def _interned(
        self, key: str, parent: str, name: str, type_: TypeShape, *, lacks: bool = False
    ) -> FieldShape:
        """Fields that differ only in the object type they are of are one, except `__typename`."""
        identity = (key, id(type_), parent if name == "__typename" else None, lacks)
        return self._fields.setdefault(identity, FieldShape(key, parent, name, type_, lacks=lacks))

    def _type_shape(self, type_: GraphQLOutputType, selection_sets: _SelectionSets) -> TypeShape:
        nullable = not isinstance(type_, GraphQLNonNull)
        inner = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        match inner:
            case GraphQLList():
                of = self._type_shape(inner.of_type, selection_sets)
                return self._types.setdefault((id(of), nullable), ListShape(str(inner), nullable, of))
            case GraphQLScalarType():
                scalar = inner.name if inner.name in CHECKED_SCALARS else None
                return self._named(inner.name, nullable, Leaf(scalar))
            case GraphQLEnumType():
                return self._named(inner.name, nullable, EnumLeaf(frozenset(inner.values)))
            case GraphQLObjectType() | GraphQLInterfaceType() | GraphQLUnionType():
                shape = self.object_shape(inner, selection_sets)
                return self._types.setdefault(
                    (inner.name, nullable, id(shape)), NamedShape(inner.name, nullable, shape)
                )
            case _:
                raise AssertionError(f"not an output type: {inner}")

    def _named(self, name: str, nullable: bool, leaf: Leaf | EnumLeaf) -> NamedShape:
        shape = self._types.setdefault((name, nullable), NamedShape(name, nullable, leaf))
        assert isinstance(shape, NamedShape)
        return shape

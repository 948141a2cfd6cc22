"""A shape as msgspec structures: checking, ordering and dropping what was not asked for happen in C.

Every object type of the shape becomes a `Struct` with the fields in the operation's order; converting the
merged data to the root's structure is the projection, and encoding that structure is the answer. A value
that does not fit makes the conversion fail, and the answer is completed the careful way. Where the type
of an object is known only at run time, generated code (`generate.py`) chooses and projects.
"""

from __future__ import annotations

from collections.abc import Callable
from types import GenericAlias
from typing import Annotated, Any, Literal, Union

import msgspec

from router.executor.projection.complete import INT_MAX, INT_MIN
from router.executor.projection.generate import UNFIT, Generator, Project
from router.executor.projection.shape import (
    EnumLeaf,
    FieldShape,
    Leaf,
    ListShape,
    ObjectShape,
    TypeShape,
)

MISFITS = (*UNFIT, msgspec.ValidationError)
"""What projecting raises when the data is not as the operation says."""

SCALARS: dict[str, Any] = {
    "Int": Annotated[int, msgspec.Meta(ge=INT_MIN, le=INT_MAX)],
    "Float": Union[int, float],  # noqa: UP007 - a value for msgspec, not an annotation
    "String": str,
    "Boolean": bool,
}
NOT_NULL: Any = Union[str, int, float, bool, list[Any], dict[str, Any]]  # noqa: UP007
"""Any JSON value but null: an ID or a custom scalar where there may be none."""


class _ChosenAtRunTime(type):
    """Its classes stand for objects of abstract types; whatever the generated code makes is one."""

    def __instancecheck__(cls, instance: object) -> bool:
        return True


def struct_projection(shape: ObjectShape) -> Callable[[dict[str, Any]], msgspec.Struct]:
    """The function from merged data to the answer's structure; raises one of `MISFITS`. O(shape)."""
    builder = _Builder()
    root = builder.object_type(shape)
    convert, choose = msgspec.convert, builder.choose
    if not builder.has_abstract_types:
        return lambda data: convert(data, root)
    builder.compile()
    return lambda data: convert(data, root, dec_hook=choose)


class _Builder:
    def __init__(self) -> None:
        self._structs: dict[tuple[int, ...], Any] = {}
        self._markers: dict[int, type] = {}
        self._names: dict[type, str] = {}
        self._projects: dict[type, Project] = {}
        self._generator = Generator()

    @property
    def has_abstract_types(self) -> bool:
        return bool(self._markers)

    def choose(self, marker: type, value: Any) -> Any:
        return self._projects[marker](value)

    def compile(self) -> None:
        functions = self._generator.compile_all(self._names.values())
        self._projects = {marker: functions[name] for marker, name in self._names.items()}

    def object_type(self, shape: ObjectShape) -> Any:
        if shape.is_abstract:
            return self._marker(shape)
        identity = (id(shape), *map(id, shape.unknown))
        if identity not in self._structs:
            self._structs[identity] = self._struct(shape)
        return self._structs[identity]

    def _struct(self, shape: ObjectShape) -> Any:
        fields: list[Any] = [
            (f"f{index}", *self._field(field, shape.name)) for index, field in enumerate(shape.unknown)
        ]
        keys = {f"f{index}": field.key for index, field in enumerate(shape.unknown)}
        # The structures of one answer are a tree: the collector of cycles need not look at them.
        return msgspec.defstruct(shape.name, fields, rename=keys, kw_only=True, gc=False, eq=False)

    def _field(self, field: FieldShape, typename: str) -> tuple[Any, ...]:
        """The field's type, and its default when it has one: of a known type the name is known too."""
        if field.type is None:
            return (Any,)
        if field.name == "__typename":
            return (Literal[typename], typename)
        return (value_type(field.type, self.object_type),)

    def _marker(self, shape: ObjectShape) -> type:
        if id(shape) not in self._markers:
            marker = _ChosenAtRunTime(shape.name, (), {})
            self._markers[id(shape)] = marker
            self._names[marker] = self._generator.object_function(shape)
        return self._markers[id(shape)]


def value_type(type_: TypeShape, object_type: Callable[[ObjectShape], Any]) -> Any:
    """The type msgspec checks a value against; `object_type` gives those of objects."""
    inner: Any
    if isinstance(type_, ListShape):
        inner = GenericAlias(list, (value_type(type_.of, object_type),))
    elif isinstance(type_.named, ObjectShape):
        inner = object_type(type_.named)
    elif isinstance(type_.named, EnumLeaf):
        inner = Literal[tuple(sorted(type_.named.values))]
    else:
        return _scalar_type(type_.named, nullable=type_.nullable)
    return Union[inner, None] if type_.nullable else inner  # noqa: UP007


def _scalar_type(leaf: Leaf, *, nullable: bool) -> Any:
    if leaf.scalar is None:
        return Any if nullable else NOT_NULL
    scalar = SCALARS[leaf.scalar]
    return Union[scalar, None] if nullable else scalar  # noqa: UP007

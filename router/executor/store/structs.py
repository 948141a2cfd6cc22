"""Structures for positions, and for the entities that are merged into them."""

from __future__ import annotations

from collections.abc import Iterable
from types import GenericAlias
from typing import Any, Literal, TypeAlias, Union

import msgspec

from router.executor.code.layout import MISSING
from router.executor.projection.shape import FieldShape
from router.executor.projection.structs import value_type
from router.executor.store.positions import NoStructures, Position

StructType: TypeAlias = Any
"""A class made by `msgspec.defstruct`, as the checker cannot know it."""


class Structs:
    """The structures of one operation, one for all positions that hold the same."""

    def __init__(self) -> None:
        self._by_position: dict[Position, StructType] = {}
        self._by_fields: dict[tuple[Any, ...], StructType] = {}

    def of(self, position: Position) -> StructType:
        struct = self._by_position.get(position)
        if struct is None:
            fields = [self._field(position, key) for key in position.keys]
            struct = self._struct(position.name, fields, len(position.fields))
            self._by_position[position] = struct
        return struct

    def entity(self, fields: Iterable[tuple[str, str]], targets: Iterable[Position]) -> StructType:
        """What one `_entities` field answers: its keys, each with the objects' key that it fills.

        Raises `NoStructures` when that differs from place to place.
        """
        keys = tuple(fields)
        types = [[(key, self._type(target, own), MISSING) for key, own in keys] for target in targets]
        if not types:
            return self._struct("Entity", [], 0)  # A part that conditions switched off.
        if any(other != types[0] for other in types):
            raise NoStructures("a fetch fills objects that hold different things")
        return self._struct("Entity", types[0], len(types[0]))

    def beginning(self, position: Position, key: str) -> Any:
        """What a field is before any fetch answered it."""
        return self._field(position, key)[2]

    def _field(self, position: Position, key: str) -> tuple[str, Any, Any]:
        """Key, type, default: what only some of the types have is unset in objects of the others."""
        type_ = self._type(position, key)
        if key == "__typename" or not (position.is_abstract or position.varies):
            return key, type_, _default(position, key)
        if position.is_common(key):
            return key, type_, MISSING
        return key, Union[type_, msgspec.UnsetType], msgspec.UNSET  # noqa: UP007 - a value for msgspec

    def _type(self, position: Position, key: str) -> Any:
        field = position.fields.get(key)
        name = key if field is None else field.name
        if name == "__typename":
            names = (*position.types, position.name) if position.names_itself else tuple(position.types)
            return Literal[names]
        if key in position.hidden_lists:
            return _nested(self.of(position.children[key]), position.hidden_lists[key])
        if field is None or field.type is None:
            return Any
        return value_type(field.type, lambda _: self.of(position.children[key]))

    def _struct(self, name: str, fields: list[tuple[str, Any, Any]], visible: int) -> StructType:
        """What is hidden in one place and not in another is never the same structure."""
        identity = (name, visible, *((key, type_, id(default)) for key, type_, default in fields))
        struct = self._by_fields.get(identity)
        if struct is None:
            struct = self._by_fields[identity] = struct_of(name, fields)
        return struct


def struct_of(name: str, fields: list[tuple[str, Any, Any]]) -> StructType:
    """From keys, types and defaults; the attributes are called f0, f1, …, `attributes` tells which by key."""
    named = [(f"f{index}", type_, default) for index, (_, type_, default) in enumerate(fields)]
    keys = {f"f{index}": key for index, (key, _, _) in enumerate(fields)}
    attributes = {key: attribute for attribute, key in keys.items()}
    # The structures of one answer are a tree: the collector of cycles need not look at them.
    return msgspec.defstruct(
        name, named, namespace={"attributes": attributes}, rename=keys, kw_only=True, gc=False, eq=False
    )


def entities_type(entity: StructType) -> Any:
    return GenericAlias(list, (entity | None,)) | None


def _nested(type_: Any, lists: int) -> Any:
    """In so many lists, with nulls wherever there may be some."""
    for _ in range(lists):
        type_ = GenericAlias(list, (type_ | None,))
    return type_ | None


def _default(position: Position, key: str) -> Any:
    """A type name that no fetch was asked for is known all the same."""
    field: FieldShape | None = position.fields.get(key)
    is_typename = field is not None and field.name == "__typename"
    return position.name if is_typename and key not in position.fetched else MISSING

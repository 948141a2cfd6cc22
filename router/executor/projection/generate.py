"""A shape as Python code: one function per object type, no branches that the operation does not need.

The code answers only when everything fits; whatever does not (a missing key, a wrong type, a null where
there may be none, an unknown type) raises one of `UNFIT`, and the answer is completed the careful way.
It never differs from that way when it does answer. It projects objects of abstract types and what lies
in them; the rest is left to structures (`structs.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from router.executor.code.source import Source
from router.executor.projection.complete import INT_MAX, INT_MIN
from router.executor.projection.shape import (
    EnumLeaf,
    FieldShape,
    Leaf,
    ListShape,
    NamedShape,
    ObjectShape,
    TypeShape,
)


class DoesNotFit(Exception):
    """The data is not what the generated code is for."""


UNFIT = (DoesNotFit, KeyError, TypeError, AttributeError)
Project = Callable[[dict[str, Any]], dict[str, Any]]


class Generator:
    """Writes the functions of one operation; they are compiled together."""

    def __init__(self) -> None:
        self.source = Source(unfit=DoesNotFit)
        self._names: dict[object, str] = {}

    def _named_once(self, identity: object, make: Callable[[str], None]) -> str:
        name = self._names.get(identity)
        if name is None:
            name = f"f{len(self._names)}"
            self._names[identity] = name
            make(name)
        return name

    def compile_all(self, names: Iterable[str]) -> dict[str, Project]:
        return self.source.compile_all(names)

    def fields_function(self, fields: tuple[FieldShape, ...], typename: str | None) -> str:
        asks_typename = any(field.name == "__typename" for field in fields)
        identity = (tuple(map(id, fields)), typename if asks_typename else None)
        return self._named_once(identity, lambda name: self._write_fields(name, fields, typename))

    def _write_fields(self, name: str, fields: tuple[FieldShape, ...], typename: str | None) -> None:
        children = {field.key: self._child_function(field.type) for field in fields if field.type is not None}
        lines = self.source
        lines.line(0, f"def {name}(o):")
        if all(field.name == "__typename" for field in fields):
            lines.line(1, "if o.__class__ is not dict: raise unfit")  # Otherwise reading a key tells.
        items = []
        for index, field in enumerate(fields):
            if field.name == "__typename":
                items.append(f"{field.key!r}: {typename!r}")
                continue
            items.append(f"{field.key!r}: v{index}")
            lines.line(1, f"v{index} = o[{field.key!r}]")
            if field.type is not None:
                self._check(f"v{index}", field.type, children[field.key], 1)
        lines.line(1, f"return {{{', '.join(items)}}}")

    def _check(self, var: str, type_: TypeShape, child: str | None, depth: int) -> None:
        """Lines that leave in `var` the completed value."""
        if child is not None:
            if type_.nullable:
                self.source.line(depth, f"if {var} is not None: {var} = {child}({var})")
            else:
                self.source.line(depth, f"{var} = {child}({var})")
            return
        assert isinstance(type_, NamedShape)
        assert not isinstance(type_.named, ObjectShape)
        misfit = self._misfit(var, type_.named)
        if misfit is None:
            if not type_.nullable:
                self.source.line(depth, f"if {var} is None: raise unfit")
        else:
            unless_null = f"{var} is not None and " if type_.nullable else ""
            self.source.line(depth, f"if {unless_null}({misfit}): raise unfit")

    def _misfit(self, var: str, leaf: Leaf | EnumLeaf) -> str | None:
        """An expression true for a value that is not of the leaf type."""
        if isinstance(leaf, EnumLeaf):
            return f"{var} not in {self.source.constant(leaf.values)}"
        match leaf.scalar:
            case "Int":
                return f"{var}.__class__ is not int or not {INT_MIN} <= {var} <= {INT_MAX}"
            case "Float":
                return f"{var}.__class__ is not float and {var}.__class__ is not int"
            case "String":
                return f"{var}.__class__ is not str"
            case "Boolean":
                return f"{var}.__class__ is not bool"
            case _:
                return None

    def _child_function(self, type_: TypeShape) -> str | None:
        """The function that completes a non-null value; None for a leaf, which is checked in place."""
        if isinstance(type_, ListShape):
            return self._named_once(id(type_), lambda name: self._write_list(name, type_))
        if isinstance(type_.named, ObjectShape):
            return self.object_function(type_.named)
        return None

    def object_function(self, shape: ObjectShape) -> str:
        if not shape.is_abstract:
            return self.fields_function(shape.unknown, shape.name)
        return self._named_once(id(shape), lambda name: self._write_abstract(name, shape))

    def _write_abstract(self, name: str, shape: ObjectShape) -> None:
        if shape.is_uniform:
            fields = self.fields_function(shape.unknown, None)
            known = self.source.constant(frozenset((*shape.variants, shape.name, None)))
            self.source.line(0, f"def {name}(o):")
            self.source.line(1, f"if o.get('__typename') not in {known}: raise unfit")
            self.source.line(1, f"return {fields}(o)")
            return
        functions = {
            typename: self.fields_function(fields, typename) for typename, fields in shape.variants.items()
        }
        items = ", ".join(f"{typename!r}: {function}" for typename, function in functions.items())
        self.source.line(0, f"{name}_of = {{{items}}}")
        self.source.line(0, f"def {name}(o): return {name}_of[o['__typename']](o)")

    def _write_list(self, name: str, type_: ListShape) -> None:
        child = self._child_function(type_.of)
        lines = self.source
        lines.line(0, f"def {name}(v):")
        lines.line(1, "if v.__class__ is not list: raise unfit")
        if child is not None:
            element = f"None if x is None else {child}(x)" if type_.of.nullable else f"{child}(x)"
            lines.line(1, f"return [{element} for x in v]")
            return
        assert isinstance(type_.of, NamedShape)
        if not (type_.of.nullable and type_.of.named == Leaf(None)):
            lines.line(1, "for x in v:")
            self._check("x", type_.of, None, 2)
        lines.line(1, "return v")

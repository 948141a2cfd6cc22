"""The leaves of a selection that are attributes: read for all its objects by one generated comprehension.

    [{"id": v if type(v := s.id) is str else else_0(run, v), "author": None} for s in sources]

A value of the expected kind is answered on the spot, any other goes through the field's completion.
Nothing of an operation becomes code but the names of the answer, as `repr` writes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLLeafType,
    get_nullable_type,
    is_enum_type,
    is_leaf_type,
)
from strawberry.types.enum import StrawberryEnumDefinition
from strawberry.types.field import StrawberryField

if TYPE_CHECKING:
    from subgraphs.kit.execution.fields import Field
    from subgraphs.kit.execution.run import Run

DEFINITION: Final = "strawberry-definition"
KINDS = (str, int, float, bool, datetime, date, UUID)
SAME: dict[str, type] = {"String": str, "ID": str, "Boolean": bool}
"""What these scalars answer as it is."""
NUMBER = frozenset({int})
LEAST, MOST = -(2**31), 2**31 - 1
"""What GraphQL's Int holds (section 3.5.1)."""

Usual = Callable[[Sequence[Any]], list[Any] | None]
Answers = list[dict[str, Any]]
ReadLeaves = Callable[["Run", Sequence[Any]], Answers]


@dataclass(frozen=True, slots=True)
class Attribute:
    """A field whose value is its object's attribute."""

    name: str
    code: str
    """How a value `v` of a usual kind is answered; `{kinds}` and `{coerce}` stand for what follows."""
    kinds: Any
    coerce: Any


def attribute_of(definition: GraphQLField, field: StrawberryField | None) -> Attribute | None:
    """None for a field that is no attribute, or no leaf."""
    kind: Any = get_nullable_type(definition.type)
    if field is None or not field.is_basic_field or not is_leaf_type(kind):
        return None
    if is_enum_type(kind):
        names, kinds = _names(kind)
        return Attribute(field.python_name, OF_ENUM, kinds, names)
    if kind.name == "Int":
        return Attribute(field.python_name, OF_INT, int, kind.coerce_output_value)
    if kind.name in SAME:
        return Attribute(field.python_name, OF_KIND, SAME[kind.name], kind.coerce_output_value)
    return Attribute(field.python_name, IN_KINDS, frozenset(KINDS), kind.coerce_output_value)


def usual_of(kind: GraphQLLeafType) -> Usual:
    """How values of the usual kind are answered, all together; None when one of them is of another."""
    if is_enum_type(kind):
        names, kinds = _names(kind)
        return lambda values: _named(names, values) if kinds.issuperset(map(type, values)) else None
    if kind.name == "Int":
        return _numbers
    kinds = frozenset({SAME[kind.name]}) if kind.name in SAME else frozenset()
    return lambda values: list(values) if kinds.issuperset(map(type, values)) else None


def _named(names: dict[int, Any], values: Sequence[Any]) -> list[Any]:
    return list(map(names.__getitem__, map(id, values)))


def _numbers(values: Sequence[Any]) -> list[Any] | None:
    if not NUMBER.issuperset(map(type, values)):
        return None
    return list(values) if not values or (min(values) >= LEAST and max(values) <= MOST) else None


def _names(kind: GraphQLEnumType) -> tuple[dict[int, Any], frozenset[type]]:
    """By identity: a member's hash is a call of Python's, and there is one of each."""
    definition = kind.extensions.get(DEFINITION)
    members: tuple[Any, ...] = (
        tuple(definition.wrapped_cls) if isinstance(definition, StrawberryEnumDefinition) else ()
    )
    return {id(each): kind.coerce_output_value(each) for each in members}, frozenset(map(type, members))


OF_KIND = "v if type(v := s.{name}) is {kinds}"
OF_INT = f"v if type(v := s.{{name}}) is int and {LEAST} <= v <= {MOST}"
OF_ENUM = "{coerce}[id(v)] if type(v := s.{name}) in {kinds}"
IN_KINDS = "{coerce}(v) if type(v := s.{name}) in {kinds}"


def compile_leaves(parts: Iterable[tuple[Field, Attribute | None]], constants: dict[str, Any]) -> ReadLeaves:
    """`constants`: the same for every object, by key; a field without an attribute gets null for now."""
    names: dict[str, Any] = {}
    entries = []
    for number, (field, attribute) in enumerate(parts):
        if attribute is None:
            entries.append(f"{field.key!r}: {constants.get(field.key)!r}")
            continue
        used = {"kinds": f"kinds_{number}", "coerce": f"coerce_{number}", "name": attribute.name}
        names[used["kinds"]], names[used["coerce"]] = attribute.kinds, attribute.coerce
        names[f"else_{number}"] = partial(_completed, field)
        null = "" if field.completion.non_null else " None if v is None else"
        entries.append(f"{field.key!r}: {attribute.code.format(**used)} else{null} else_{number}(run, v)")
    text = f"lambda run, sources: [{{{', '.join(entries)}}} for s in sources]"
    made: ReadLeaves = eval(text, names)  # noqa: S307 -- see above
    return made


def _completed(field: Field, run: Run, value: Any) -> Any:
    return field.completion.complete(run, field, (value,))[0]

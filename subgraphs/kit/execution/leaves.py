"""The leaves of a selection that are attributes: read for all its objects by one generated comprehension.

    [{"id": v if type(v := s.id) is str else else_0(run, v), "author": None} for s in sources]

A value of the expected kind is answered on the spot, any other goes through the field's completion.
Nothing of an operation becomes code but the names of the answer, as `repr` writes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from graphql import GraphQLEnumType, GraphQLField, get_nullable_type, is_enum_type, is_leaf_type
from strawberry.types.enum import StrawberryEnumDefinition
from strawberry.types.field import StrawberryField

if TYPE_CHECKING:
    from subgraphs.kit.execution.fields import Field
    from subgraphs.kit.execution.run import Run

DEFINITION: Final = "strawberry-definition"
KINDS = (str, int, float, bool, datetime, date, UUID)
SAME: dict[str, type] = {"String": str, "ID": str, "Boolean": bool}
"""What these scalars answer as it is."""

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
        members = tuple(_members(kind))
        names = {id(member): kind.coerce_output_value(member) for member in members}
        return Attribute(field.python_name, OF_ENUM, frozenset(map(type, members)), names)
    if kind.name == "Int":
        return Attribute(field.python_name, OF_INT, int, kind.coerce_output_value)
    if kind.name in SAME:
        return Attribute(field.python_name, OF_KIND, SAME[kind.name], kind.coerce_output_value)
    return Attribute(field.python_name, IN_KINDS, frozenset(KINDS), kind.coerce_output_value)


def _members(kind: GraphQLEnumType) -> Iterable[Enum]:
    definition = kind.extensions.get(DEFINITION)
    return definition.wrapped_cls if isinstance(definition, StrawberryEnumDefinition) else ()


OF_KIND = "v if type(v := s.{name}) is {kinds}"
OF_INT = "v if type(v := s.{name}) is int and -2147483648 <= v <= 2147483647"
OF_ENUM = "{coerce}[id(v)] if type(v := s.{name}) in {kinds}"
"""By identity: a member's hash is a call of Python's, and there is one of each."""
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

"""GraphQL types whose objects are a record: a field is read of it when somebody asks for the field.

    @recorded(id=lambda event: str(event.record.id))
    @strawberry.type(description="…")
    class Event:
        record: strawberry.Private[values.Event]
        id: strawberry.ID = strawberry.field(description="…")
        title: str = strawberry.field(description="…")

        def __init__(self, record: values.Event) -> None:
            self.record = record

A page is made of objects of which most fields are not asked for: filling all of them in costs more than
whatever else is done with a row.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from operator import attrgetter
from typing import Any, TypeVar

from strawberry.types.base import get_object_definition

Kind = TypeVar("Kind", bound=type)


def recorded(**others: Callable[[Any], Any]) -> Callable[[Kind], Kind]:
    """Fields without a resolver are the record's attribute of their name, but for what the type is made with;
    `others` are given the object. Raises ValueError for a name in `others` that is no such field.
    """

    def read(kind: Kind) -> Kind:
        fields = get_object_definition(kind, strict=True).fields
        names = {field.python_name for field in fields if field.is_basic_field}
        names -= signature(kind).parameters.keys()
        if unknown := others.keys() - names:
            raise ValueError(f"{kind.__name__} has no plain fields {sorted(unknown)}")
        for name in names:
            setattr(kind, name, property(others.get(name) or attrgetter(f"record.{name}")))
        return kind

    return read

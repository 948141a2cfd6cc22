"""Types whose fields are read of their record when somebody asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
import strawberry

from subgraphs.kit.federation import FederatedSchema
from subgraphs.kit.recorded import recorded


@dataclass
class Record:
    """Notes what is read of it."""

    number: int
    title: str

    def __post_init__(self) -> None:
        self.read: list[str] = []

    def __getattribute__(self, name: str) -> Any:
        if name in ("number", "title"):
            self.read.append(name)
        return object.__getattribute__(self, name)


@recorded(id=lambda book: str(book.record.number))
@strawberry.type
class Book:
    record: strawberry.Private[Record]
    id: strawberry.ID
    title: str

    def __init__(self, record: Record) -> None:
        self.record = record

    @strawberry.field
    def shout(self) -> str:
        return self.title.upper()


EMMA = Record(1, "Emma")


@strawberry.type
class Query:
    @strawberry.field
    def books(self) -> list[Book]:
        return [Book(EMMA)]


@pytest.mark.parametrize(
    ("selection", "answer", "read"),
    [
        ("id", {"id": "1"}, ["number"]),
        ("title", {"title": "Emma"}, ["title"]),
        ("shout", {"shout": "EMMA"}, ["title"]),
        ("__typename", {"__typename": "Book"}, []),
    ],
)
async def test_what_is_asked_for_is_read_and_nothing_else(
    selection: str, answer: dict[str, str], read: list[str]
) -> None:
    EMMA.read.clear()
    result = await FederatedSchema(Query, references={}).execute(f"{{ books {{ {selection} }} }}")
    assert (result.data, result.errors) == ({"books": [answer]}, None)
    assert EMMA.read == read


def test_a_name_that_is_no_field_of_the_type_is_refused() -> None:
    with pytest.raises(ValueError, match=r"Book has no plain fields .'author', 'shout'."):
        recorded(author=str, shout=str)(Book)

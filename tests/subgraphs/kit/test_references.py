"""Entities by id: all of a request at once, and what is unusual one by one, each at its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
import strawberry
from strawberry import federation

from subgraphs.kit.federation import FederatedSchema, Representation
from subgraphs.kit.loading import loader
from subgraphs.kit.references import ById, Known

ENTITIES = """query($r: [_Any!]!) {
  _entities(representations: $r) { ... on Book { id title } ... on Shop { id } }
}"""
IDS = [str(UUID(int=number)) for number in range(1, 4)]


@federation.type(keys=["id"])
class Book:
    id: strawberry.ID
    title: str


@federation.type(keys=["id"])
class Shop:
    id: strawberry.ID


@strawberry.type
class Query:
    book: Book | None = None


def book_type(number: int) -> Book:
    return Book(id=strawberry.ID(str(UUID(int=number))), title=f"Title {number}")


def by_title(representation: Representation, _context: object) -> Book:
    return Book(id=strawberry.ID("by title"), title=str(representation["title"]))


SCHEMA = FederatedSchema(
    Query,
    references={"Book": ById(lambda context: context.books, book_type, by_title), "Shop": Known(Shop)},
    types=(Shop,),
)


class Asked:
    def __init__(self) -> None:
        self.loads: list[list[UUID]] = []

    async def entities(self, *representations: object) -> tuple[list[Any], list[list[str | int]]]:
        """And the places of errors."""

        async def load(ids: Sequence[UUID]) -> Mapping[UUID, int]:
            self.loads.append(list(ids))
            return {each: each.int for each in ids if each.int < 3}

        variables, context = {"r": list(representations)}, SimpleNamespace(books=loader(load))
        result = await SCHEMA.run(SCHEMA.documents.get(ENTITIES), variables, None, context)
        places = [list(error.path or ()) for error in result.errors or ()]
        return (result.data or {})["_entities"], places


def a(kind: str, **keys: object) -> dict[str, object]:
    return {"__typename": kind, **keys}


async def test_entities_of_one_type_are_one_load_in_their_order() -> None:
    asked = Asked()
    found, places = await asked.entities(*(a("Book", id=each) for each in (*IDS, IDS[0])))
    titles = [None if book is None else book["title"] for book in found]
    assert titles == ["Title 1", "Title 2", None, "Title 1"]
    assert places == []
    assert asked.loads == [[UUID(each) for each in IDS]]


async def test_an_id_in_another_form_is_answered_in_ours() -> None:
    shouted = [each.upper().replace("-", "") for each in (str(UUID(int=2**127 + 10)), str(UUID(int=11)))]
    found, places = await Asked().entities(*(a("Shop", id=each) for each in shouted))
    assert found == [{"id": str(UUID(each))} for each in shouted]
    assert places == []


@pytest.mark.parametrize("wrong", ["no id", None, {"a": 1}, 7, ["x"]])
@pytest.mark.parametrize("kind", ["Book", "Shop"])
async def test_a_key_that_is_no_id_is_an_error_at_its_place(kind: str, wrong: object) -> None:
    found, places = await Asked().entities(a(kind, id=IDS[0]), a(kind, id=wrong))
    assert found[0] == {"id": IDS[0]} | ({"title": "Title 1"} if kind == "Book" else {})
    if kind == "Book" and wrong is None:
        assert places == [["_entities", 1]], "by_title has no title to go by"
    assert found[1] is None
    assert places == [["_entities", 1]]


async def test_what_has_another_key_is_resolved_by_that() -> None:
    found, places = await Asked().entities(a("Book", id=IDS[0]), a("Book", title="Emma"))
    assert [book["title"] for book in found] == ["Title 1", "Emma"]
    assert places == []


@pytest.mark.parametrize("other", [a("Shop", id=IDS[1]), a("Film", id=IDS[1]), {"id": IDS[1]}, a("Book")])
async def test_entities_of_several_types_are_resolved_each_by_its_own(other: dict[str, object]) -> None:
    found, _ = await Asked().entities(a("Book", id=IDS[0]), other)
    assert found[0] == {"id": IDS[0], "title": "Title 1"}
    assert found[1] == ({"id": IDS[1]} if other.get("__typename") == "Shop" else None)

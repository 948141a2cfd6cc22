"""Lists of what a name finds, as connections: the text is checked here, the rows are found by `db.search`.

artists = NameSearch(database, Searched("artists"))
await search_connection(artists, text, loaders.artist.load_many, artist_type, asked)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from enum import Enum
from functools import partial
from typing import Annotated, Any, Self, TypeVar
from uuid import UUID
from zlib import crc32

import strawberry

from db import search
from db.postgres import Database
from db.search import Found, Searched
from subgraphs.kit import text as texts
from subgraphs.kit.connections import Connection, PageArguments, connection
from subgraphs.kit.errors import BadUserInput
from subgraphs.kit.pages import Ordering, Page, PageRequest

Item = TypeVar("Item")
Node = TypeVar("Node")

MOST_CHARACTERS = 100
HOW = (
    "Names that begin with the text come first, then names in which a later word does, then names with words "
    "like those typed, the most like first; within each, in the order of the name from the matching word on. "
    "Case, accents and punctuation do not matter."
)
SearchText = Annotated[
    str,
    strawberry.argument(description="A name, its beginning, or any of its words on; 1 to 100 characters."),
]


@dataclass(frozen=True, slots=True)
class NameSearch:
    """One searched table; `id_type` is what its ids are in Python."""

    database: Database
    searched: Searched
    id_type: type = UUID

    def ordering(self, typed: str) -> Ordering:
        """Of this text alone: another one's cursors are another list's."""
        mark = crc32(typed.encode())
        return Ordering(f"{self.searched.table} like {mark:08x}", (str, str, self.id_type))

    def narrowed(self, wanted: Any) -> Self:
        """By a filter: a dataclass whose fields are named like the search's filters (db/search.py). What is
        None does not matter. Raises BadUserInput for a text that no store keeps.
        """
        given = {each.name: _plain(each.name, getattr(wanted, each.name)) for each in fields(wanted)}
        return replace(self, searched=self.searched.narrowed(given))

    async def page(self, typed: str, request: PageRequest) -> Page[Found]:
        async with self.database.read() as session:
            return Page.cut(await search.search(session, self.searched, typed, request), request)

    async def count(self, typed: str) -> int:
        async with self.database.read() as session:
            return await search.count(session, self.searched, typed)

    async def phrases(self, typed: str) -> tuple[str, ...]:
        """What a name has to have one of, from a word on, to be found: for lists in another order."""
        async with self.database.read() as session:
            return await search.phrases(session, self.searched, typed)


async def search_connection(
    names: NameSearch,
    typed: str,
    load: Callable[[Iterable[Any]], Awaitable[Sequence[Item | None]]],
    node: Callable[[Item], Node],
    asked: PageArguments,
) -> Connection[Node]:
    """Raises BadUserInput for a text nobody could mean. What was deleted meanwhile is left out."""
    page, cursor = await found_page(names, checked_text(typed), load, asked)
    count = partial(names.count, checked_text(typed))
    return connection(page, lambda pair: node(pair[1]), lambda pair: cursor(pair[0].position), count)


async def found_page(
    names: NameSearch,
    kept: str,
    load: Callable[[Iterable[Any]], Awaitable[Sequence[Item | None]]],
    asked: PageArguments,
) -> tuple[Page[tuple[Found, Item]], Callable[[Sequence[object]], str]]:
    """What a checked text finds, for connections whose edges say more; and what writes its cursors."""
    ordering = names.ordering(kept)
    found = await names.page(kept, asked.of(ordering))
    items = zip(found.items, await load([each.id for each in found.items]), strict=True)
    there = tuple((each, item) for each, item in items if item is not None)
    return Page(there, found.has_next, found.has_previous), ordering.cursor


def _plain(name: str, value: object) -> object:
    if isinstance(value, str) and not texts.is_storable(value):
        raise BadUserInput({f"filter.{name}": f"filter.{name} is not valid text."})
    return value.value if isinstance(value, Enum) else value


def checked_text(typed: str) -> str:
    """One line of 1 to 100 characters. Raises BadUserInput."""
    if not texts.is_storable(typed):
        raise BadUserInput({"text": "text is not valid text."})
    kept = texts.line(typed)
    if texts.is_blank(kept):
        raise BadUserInput({"text": "text must not be empty."})
    if len(kept) > MOST_CHARACTERS:
        raise BadUserInput({"text": f"text has at most {MOST_CHARACTERS} characters."})
    return kept

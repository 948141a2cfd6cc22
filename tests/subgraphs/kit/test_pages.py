"""Cursors and pages, without a store."""

from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
import strawberry
from hypothesis import given
from hypothesis import strategies as st

from subgraphs.kit.connections import PageArguments, connection, paged
from subgraphs.kit.errors import BadUserInput
from subgraphs.kit.pages import MAXIMUM_SIZE, Ordering, Page, PageRequest, page_request, window

NEWEST = Ordering("posts", (datetime, UUID), descending=True)
BY_NAME = Ordering("artists", (str, UUID))
COUNTED = Ordering("counted", (int,))


@given(st.datetimes(timezones=st.just(UTC)), st.uuids())
def test_a_cursor_gives_its_position_back(moment: datetime, identifier: UUID) -> None:
    assert NEWEST.position(NEWEST.cursor((moment, identifier)), "after") == (moment, identifier)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=100), st.uuids())
def test_names_of_any_kind_survive_a_cursor(name: str, identifier: UUID) -> None:
    assert BY_NAME.position(BY_NAME.cursor((name, identifier)), "after") == (name, identifier)


def test_dates_survive_a_cursor() -> None:
    albums = Ordering("albums", (date, UUID))
    position = (date(2024, 2, 29), UUID(int=7))
    assert albums.position(albums.cursor(position), "after") == position


@given(st.text(max_size=60))
def test_any_text_as_a_cursor_is_refused_politely(text: str) -> None:
    with pytest.raises(BadUserInput, match="after is not a cursor of this list"):
        NEWEST.position(text, "after")


@given(st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=6))
def test_any_json_in_a_cursor_is_refused_politely(content: object) -> None:
    packed = base64.urlsafe_b64encode(json.dumps(["posts", content]).encode()).decode().rstrip("=")
    with pytest.raises(BadUserInput):
        NEWEST.position(packed, "after")


def test_the_cursor_of_another_list_is_refused() -> None:
    other = Ordering("bookmarks", (datetime, UUID), descending=True)
    cursor = other.cursor((datetime(2026, 1, 1, tzinfo=UTC), UUID(int=1)))
    with pytest.raises(BadUserInput):
        NEWEST.position(cursor, "after")


def test_a_cursor_without_an_offset_is_refused() -> None:
    cursor = NEWEST.cursor((datetime(2026, 1, 1), UUID(int=1)))
    with pytest.raises(BadUserInput):
        NEWEST.position(cursor, "after")


def test_everything_wrong_with_a_page_is_told_at_once() -> None:
    with pytest.raises(BadUserInput) as caught:
        page_request(NEWEST, first=-1, last=5)
    assert set(caught.value.fields) == {"first", "last"}


def test_a_page_has_a_limit() -> None:
    with pytest.raises(BadUserInput, match=f"between 0 and {MAXIMUM_SIZE}"):
        page_request(NEWEST, first=MAXIMUM_SIZE + 1)


@given(st.lists(st.integers(0, 50), unique=True), st.integers(0, 8), st.booleans(), st.data())
def test_pages_in_either_direction_visit_every_item_once(
    items: list[int], size: int, descending: bool, choose: st.DataObject
) -> None:
    ordering = Ordering("counted", (int,), descending=descending)
    size = max(1, size)
    backward = choose.draw(st.booleans())
    seen: list[int] = []
    edge: tuple[int] | None = None
    while True:
        request = PageRequest(
            ordering,
            size,
            before=edge if backward else None,
            after=None if backward else edge,
            backward=backward,
        )
        page: Page[int] = window(items, request, lambda item: (item,))
        seen = [*page.items, *seen] if backward else [*seen, *page.items]
        if not (page.has_previous if backward else page.has_next):
            break
        edge = (page.items[0] if backward else page.items[-1],)
    assert seen == sorted(items, reverse=descending)


def test_a_page_of_nothing_still_knows_whether_there_is_more() -> None:
    page: Page[int] = window([1, 2], PageRequest(COUNTED, 0), lambda item: (item,))
    assert page == Page((), has_next=True, has_previous=False)


def test_a_paged_field_takes_relays_four_arguments_after_its_own() -> None:
    @strawberry.type
    class Query:
        @strawberry.field
        @paged
        def given(self, asked: PageArguments, word: str = "") -> str:
            return f"{word} {asked}"

    schema = strawberry.Schema(Query)
    given = schema.execute_sync('{ given(word: "x", last: 3, before: "c") }').data
    assert given == {"given": "x PageArguments(first=None, after=None, last=3, before='c')"}
    arguments = schema.introspect()["__schema"]["types"][0]["fields"][0]["args"]
    assert [each["name"] for each in arguments] == ["word", "first", "after", "last", "before"]
    assert all(each["description"] for each in arguments[1:])


def test_page_arguments_are_checked_together() -> None:
    with pytest.raises(BadUserInput) as refused:
        PageArguments(first=1, last=MAXIMUM_SIZE + 1).of(NEWEST)
    assert set(refused.value.fields) == {"last"}
    assert PageArguments(last=3).of(NEWEST) == PageRequest(NEWEST, 3, backward=True)


def test_a_connection_makes_only_what_is_asked_of_it() -> None:
    made: list[str] = []

    def node(item: int) -> int:
        made.append(f"node {item}")
        return item

    def cursor(item: int) -> str:
        made.append(f"cursor {item}")
        return str(item)

    async def count() -> int:
        return 3

    listed = connection(Page((1, 2, 3), has_next=True, has_previous=False), node, cursor, count)
    assert listed.nodes == [1, 2, 3]
    assert made == ["node 1", "node 2", "node 3"]
    info = listed.page_info
    assert (info.start_cursor, info.end_cursor) == ("1", "3")
    assert made[3:] == ["cursor 1", "cursor 3"]
    assert [(edge.cursor, edge.node) for edge in listed.edges] == [("1", 1), ("2", 2), ("3", 3)]
    assert made.count("node 1") == 1


def test_an_empty_connection_has_no_cursors() -> None:
    async def count() -> int:
        return 0

    info = connection(Page((), has_next=False, has_previous=False), str, str, count).page_info
    assert (info.start_cursor, info.end_cursor) == (None, None)


def test_equal_windows_are_one_key_and_others_are_not() -> None:
    one, same = (PageArguments(first=2).of(NEWEST) for _ in range(2))
    assert {one: "a"}[same] == "a"
    assert {one, same, PageArguments(first=3).of(NEWEST), PageArguments(first=2).of(BY_NAME)} == {
        one,
        PageArguments(first=3).of(NEWEST),
        PageArguments(first=2).of(BY_NAME),
    }


def test_arguments_make_a_window_of_each_ordering_they_are_asked_for() -> None:
    arguments = PageArguments(first=5)
    assert [arguments.of(each).ordering for each in (NEWEST, BY_NAME, NEWEST)] == [NEWEST, BY_NAME, NEWEST]

"""What notifications say: in every language, by templates that reach nothing but their slots."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from subgraphs.notifications.repository import PostgresTemplateRepository
from subgraphs.notifications.values import Kind, Language
from subgraphs.notifications.writing import unknown_slots
from tests.subgraphs.notifications.alone import Alone
from tests.subgraphs.support import Person, denied, refused

PUBLISH = "publishNotificationTemplate"
MINE = {"kind": "POST_LIKED", "channel": "IN_APP", "language": "EN", "title": "Hearts", "one": "$actor!"}


@pytest.fixture
async def admin(alone: Alone) -> AsyncIterator[Person]:
    """Templates are the migrations', and not emptied between tests."""
    alone.people["admin"] = Person(alone.config, roles=frozenset({"ROLE_ADMIN"}))
    yield alone.people["admin"]
    await alone.sql("DELETE FROM notification_templates WHERE version > 1 OR channel <> 'IN_APP'")


async def test_every_kind_says_something_in_every_language_and_fills_its_slots(alone: Alone) -> None:
    book = await PostgresTemplateRepository(alone.stores.postgres).list_in_force(list(Kind))
    assert {(kind, language) for kind, _, language in book} == {(k, lang) for k in Kind for lang in Language}
    for each in book.values():
        for text in (each.title, each.one, each.two or "", each.many or ""):
            assert unknown_slots(text) == []


async def test_a_published_template_is_in_force_at_once_and_the_log_says_which_was(
    alone: Alone, admin: Person
) -> None:
    for name in ("ada", "grace"):
        await alone.know(name)
    await alone.like(await alone.post("ada"), "grace", "ada")
    told = await alone.act("admin", PUBLISH, "template { version one two }", **MINE)
    assert told["template"] == {"version": 2, "one": "$actor!", "two": None}
    assert await alone.texts("ada") == ["grace!"]
    await alone.act(
        "admin", PUBLISH, "template { version }", **(MINE | {"channel": "MAIL", "one": "By mail."})
    )
    assert await alone.texts("ada") == ["grace!"]
    choice = {"kind": "POST_LIKED", "channel": "MAIL", "isOn": True}
    await alone.act("ada", "updateNotificationSettings", choices=[choice])
    await alone.like(await alone.post("ada"), "grace", "ada")
    await alone.deliver(alone.now.replace(hour=13))
    assert alone.mails() == [("ada@plait.example", "Hearts", "By mail.")]


@pytest.mark.parametrize(
    ("wrong", "at"),
    [
        ({"one": "$password"}, "one"),
        ({"one": "${actor.__class__}"}, "one"),
        ({"title": "100 $"}, "title"),
        ({"two": ""}, "two"),
        ({"many": "x" * 1001}, "many"),
        ({"title": "a\nb"}, "title"),
    ],
)
async def test_a_template_that_nothing_could_fill_is_refused(
    alone: Alone, admin: Person, wrong: dict[str, Any], at: str
) -> None:
    assert await refused(alone.subgraph, PUBLISH, admin.headers, **(MINE | wrong)) == [("INVALID_INPUT", at)]


async def test_administrators_alone_change_what_is_said(alone: Alone) -> None:
    headers = alone.person("ada").headers
    assert await denied(alone.subgraph, PUBLISH, headers, **MINE) == "FORBIDDEN"


async def test_a_title_with_slots_of_its_own_is_shown_as_it_is(alone: Alone) -> None:
    await alone.know("$actor")
    await alone.like(await alone.post("ada"), "$actor", "ada")
    assert await alone.texts("ada") == ["$actor likes your post."]

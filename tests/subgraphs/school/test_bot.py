"""Seed 003's way through Telegram, without Telegram: a Web App logs somebody in by what Telegram would sign,
and what the school does next a bot tells them, at a Bot API of ours.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest

from db.config import DomainStore
from subgraphs.kit.jobs import Queue
from subgraphs.users.telegram import sign, web_app_key
from tests.subgraphs.mesh import Mesh, Person, meshed
from tests.subgraphs.school.groups import join_group, make_group
from tests.subgraphs.school.lessons import in_days, make_lesson
from tests.subgraphs.school.people import Member, teacher
from tests.support.http_server import ByteServer, byte_server, http_message

TOKEN = "12345:of-a-bot-that-is-a-fake"
LOG_IN = """mutation($input: LoginWithTelegramWebAppInput!) { loginWithTelegramWebApp(input: $input) {
    login { accessToken user { id } } errors { code } } }"""


@pytest.fixture
async def telegram() -> AsyncIterator[ByteServer]:
    async with byte_server(lambda _: http_message(b'{"ok": true}')) as telegram:
        yield telegram


@pytest.fixture
async def mesh(
    stores: Mapping[str, DomainStore], tmp_path: Path, telegram: ByteServer
) -> AsyncIterator[Mesh]:
    api = telegram.url.removesuffix("/graphql")
    async with meshed(stores, tmp_path, telegram_bot_token=TOKEN, telegram_api=api) as mesh:
        yield mesh


def init_data(number: int, name: str) -> str:
    """What Telegram gives to a Web App that somebody opens."""
    person = json.dumps({"id": number, "first_name": name, "username": name})
    fields = {"auth_date": str(int(datetime.now(UTC).timestamp())), "user": person}
    return urlencode({**fields, "hash": sign(fields, web_app_key(TOKEN))})


async def comes_by_telegram(mesh: Mesh, number: int, name: str) -> Member:
    """An account, made by the first login, whose owner becomes a student."""
    told = await mesh.ask(LOG_IN, input={"initData": init_data(number, name)})
    payload = told["loginWithTelegramWebApp"]
    assert payload["errors"] == []
    login = payload["login"]
    person = Person(mesh, login["user"]["id"], login["accessToken"])
    made = await person.act("createStudent", "student { id }", displayName=name)
    await mesh.settle()
    return Member(person, str(number), made["student"]["id"])


async def said(mesh: Mesh, telegram: ByteServer) -> list[tuple[int, str]]:
    """What the bot has said by now, in order."""
    await mesh.settle()
    for task in mesh.tasks["notifications"]:
        while isinstance(task, Queue) and await task.step():
            pass
    bodies = [json.loads(body) for body in telegram.requests]
    return [(each["chat_id"], each["text"]) for each in bodies]


async def test_who_comes_by_telegram_is_told_there_of_lessons_made_moved_and_cancelled(
    mesh: Mesh, telegram: ByteServer
) -> None:
    tess, stan = await teacher(mesh), await comes_by_telegram(mesh, 201, "stan")
    group = await make_group(tess)
    await join_group(tess, group, stan)
    lesson = await make_lesson(tess, "one", in_days(2), groupId=group)
    when = f"{in_days(2):%Y-%m-%d %H:%M}"
    assert await said(mesh, telegram) == [(201, f"A new lesson\n\nEnglish begins at {when}.")]
    moved = in_days(3)
    await tess.person.act(
        "rescheduleLesson", "lesson { id }", lessonId=lesson["id"], startsAt=moved.isoformat()
    )
    when = f"{moved:%Y-%m-%d %H:%M}"
    assert (201, f"Another time\n\nEnglish is at another time: {when}.") in await said(mesh, telegram)
    await tess.person.act("cancelLesson", "lesson { id }", lessonId=lesson["id"])
    assert (201, f"Cancelled\n\nEnglish at {when} does not take place.") in await said(mesh, telegram)
    assert {number for number, _ in await said(mesh, telegram)} == {201}, "who did it is not told"
    own = "{ notifications { nodes { kind lesson { title } } } unreadNotificationCount }"
    seen = await stan.person.ask(own)
    assert [each["kind"] for each in seen["notifications"]["nodes"]] == [
        "LESSON_CANCELLED",
        "LESSON_MOVED",
        "LESSON_SCHEDULED",
    ]
    assert {each["lesson"]["title"] for each in seen["notifications"]["nodes"]} == {"English"}
    assert seen["unreadNotificationCount"] == 3

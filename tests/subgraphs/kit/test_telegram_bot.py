"""A bot says something: by the Bot API as Telegram documents it, and as files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from db.errors import StoreUnavailable
from subgraphs.kit.telegram_bot import ApiBot, BadChat, FileBot, Said, bot_from
from tests.support.http_server import byte_server, http_message

TOKEN = "12345:secret"
SAID = Said(101, "Your lesson begins in an hour.", "one")
OK = b'{"ok": true, "result": {"message_id": 1}}'


def refusal(code: int, why: str) -> bytes:
    return json.dumps({"ok": False, "error_code": code, "description": why}).encode()


async def test_a_bot_says_it_by_send_message() -> None:
    async with byte_server(lambda _: http_message(OK)) as telegram:
        await ApiBot(TOKEN, telegram.url.removesuffix("/graphql")).say(Said(101, "x" * 5000, "one"))
    assert telegram.heads[0].startswith(f"POST /bot{TOKEN}/sendMessage HTTP/1.1")
    assert json.loads(telegram.requests[0]) == {"chat_id": 101, "text": "x" * 4096}


@pytest.mark.parametrize(
    ("status", "why", "error"),
    [
        ("403 Forbidden", "Forbidden: bot was blocked by the user", BadChat),
        ("400 Bad Request", "Bad Request: chat not found", BadChat),
        ("429 Too Many Requests", "Too Many Requests: retry after 30", StoreUnavailable),
        ("401 Unauthorized", "Unauthorized", StoreUnavailable),
        ("502 Bad Gateway", "<html>", StoreUnavailable),
    ],
)
async def test_what_telegram_refuses_for_good_is_told_from_what_may_be_tried_again(
    status: str, why: str, error: type[Exception]
) -> None:
    body = why.encode() if why.startswith("<") else refusal(int(status[:3]), why)
    async with byte_server(lambda _: http_message(body, status)) as telegram:
        with pytest.raises(error) as raised:
            await ApiBot(TOKEN, telegram.url.removesuffix("/graphql")).say(SAID)
    assert status[:3] in str(raised.value)


async def test_a_telegram_that_is_away_or_hangs_up_says_nothing_of_the_token() -> None:
    async with byte_server(lambda _: None) as telegram:
        url = telegram.url.removesuffix("/graphql")
        bot = ApiBot(TOKEN, url, seconds=2)
        with pytest.raises(StoreUnavailable) as hung_up:
            await bot.say(SAID)
    with pytest.raises(StoreUnavailable) as away:
        await bot.say(SAID)
    for raised in (hung_up, away):
        assert TOKEN not in str(raised.value)
        assert raised.value.__cause__ is None
    assert TOKEN not in repr(bot)


def said_in(folder: Path) -> list[int]:
    return sorted(json.loads(path.read_text())["chat_id"] for path in folder.iterdir())


async def test_without_a_token_each_message_is_a_file_and_the_same_again_is_the_same_file(
    tmp_path: Path,
) -> None:
    bot = bot_from(None, folder=tmp_path)
    assert isinstance(bot, FileBot)
    for said in (SAID, SAID, Said(102, "Another.", "two")):
        await bot.say(said)
    assert said_in(tmp_path) == [101, 102]

"""Logging in from a Web App within Telegram: signed as core.telegram.org/bots/webapps says."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.subgraphs.support import act, denied, refused
from tests.subgraphs.users.people import TOKENS, Users
from tests.subgraphs.users.test_telegram import BOT, school, widget

__all__ = ["school"]
WRONG = [("INVALID_INPUT", "initData")]
ADA: dict[str, Any] = {"id": 99, "first_name": "Ada", "username": "ada_tg", "language_code": "en"}


def init_data(bot: str = BOT, user: Any = ADA, **changes: str) -> str:
    """What `Telegram.WebApp.initData` holds."""
    said = user if isinstance(user, str) else json.dumps(user, separators=(",", ":"))
    fields = {"auth_date": str(int(time.time())), "query_id": "AAE", "signature": "x", "user": said}
    fields |= changes
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    key = hmac.new(b"WebAppData", bot.encode(), hashlib.sha256).digest()
    return urlencode(fields | {"hash": hmac.new(key, lines.encode(), hashlib.sha256).hexdigest()})


async def test_a_web_app_logs_in_to_the_account_that_the_widget_made(school: Users) -> None:
    made = await act(school.subgraph, "loginWithTelegram", None, TOKENS, authorization=widget())
    found = await act(school.subgraph, "loginWithTelegramWebApp", None, TOKENS, initData=init_data())
    assert found["errors"] == []
    assert found["login"]["user"] == made["login"]["user"]


async def test_a_first_visit_makes_an_account_and_is_good_once(school: Users) -> None:
    said = init_data()
    made = await act(school.subgraph, "loginWithTelegramWebApp", None, TOKENS, initData=said)
    assert made["errors"] == []
    assert await refused(school.subgraph, "loginWithTelegramWebApp", initData=said) == WRONG


@pytest.mark.parametrize(
    "said",
    [
        widget(),
        init_data("4711:another-token"),
        init_data() + "&query_id=AAF",
        init_data().replace("99", "98"),
        init_data(auth_date=str(int(time.time()) - 3600)),
        init_data(auth_date=str(int(time.time()) + 3600)),
        init_data(user="nonsense"),
        init_data(user=[]),
        init_data(user={}),
        init_data(user={"id": True}),
        init_data(user={"id": "-1"}),
        init_data(user={"id": [99]}),
        init_data(user="[" * 4000),
        init_data().partition("&hash=")[0],
        "",
        "\0",
    ],
    ids=range(16),
)
async def test_what_telegram_did_not_say_of_a_web_app_just_now_is_refused(school: Users, said: str) -> None:
    assert await refused(school.subgraph, "loginWithTelegramWebApp", initData=said) == WRONG


async def test_a_web_apps_word_is_none_of_the_widgets(school: Users) -> None:
    assert await refused(school.subgraph, "loginWithTelegram", authorization=init_data()) == [
        ("INVALID_INPUT", "authorization")
    ]


async def test_without_a_bot_nobody_logs_in_from_a_web_app(world: Users) -> None:
    assert await denied(world.subgraph, "loginWithTelegramWebApp", initData=init_data("")) == "FORBIDDEN"

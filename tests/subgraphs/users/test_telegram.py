"""Logging in by Telegram: only by what it signed, just now, and once."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from db.config import DomainStore
from db.postgres import Database
from subgraphs.kit.config import SubgraphConfig
from subgraphs.registry import build_domain
from tests.subgraphs.support import act, denied, refused
from tests.subgraphs.users.mailbox import Mailbox
from tests.subgraphs.users.people import PASSWORD, TOKENS, Somebody, Users

BOT = "4711:a-token-of-the-tests"
ME = "{ me { id username displayName email telegramAccount { id } } }"
WRONG = [("INVALID_INPUT", "authorization")]


@pytest.fixture
async def school(
    stores: Mapping[str, DomainStore], config: SubgraphConfig, database: Database
) -> AsyncIterator[Users]:
    """Where the bot is set up."""
    with_bot = replace(config, telegram_bot_token=BOT)
    async with build_domain("users", with_bot, stores["users"]) as subgraph:
        yield Users(subgraph, with_bot, database)


def widget(bot: str = BOT, **changes: str) -> str:
    """What the widget redirects with, signed as core.telegram.org/widgets/login says."""
    fields = {"id": "99", "first_name": "Ada", "username": "ada_tg", "auth_date": str(int(time.time()))}
    fields |= changes
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    key = hashlib.sha256(bot.encode()).digest()
    return urlencode(fields | {"hash": hmac.new(key, lines.encode(), hashlib.sha256).hexdigest()})


async def log_in(school: Users, said: str) -> Somebody:
    payload = await act(school.subgraph, "loginWithTelegram", None, TOKENS, authorization=said)
    assert payload["errors"] == []
    return school._somebody("ada_tg", payload["login"])


async def test_the_first_login_makes_an_account_and_the_next_ones_find_it(school: Users) -> None:
    ada = await log_in(school, widget())
    told: Any = {"id": ada.id, "username": "ada_tg", "displayName": "Ada", "email": None}
    assert (await ada.data(ME))["me"] == told | {"telegramAccount": {"id": "99"}}
    assert (await log_in(school, widget(first_name="Someone"))).id == ada.id
    assert (await ada.refreshed()).access


@pytest.mark.parametrize(
    "said",
    [
        widget("4711:another-token"),
        widget() + "&first_name=Eve",
        widget().replace("id=99", "id=98"),
        widget(auth_date=str(int(time.time()) - 3600)),
        widget(auth_date=str(int(time.time()) + 3600)),
        widget(auth_date="x"),
        widget(id="-1"),
        widget(id="9" * 30),
        widget(id="٣"),
        widget().partition("&hash=")[0],
        widget().partition("&hash=")[0] + "&hash=é",
        "",
        "\0",
        "\ud800",
        "=&=&",
        "a=b&" * 5000,
        "x" * 100_000,
    ],
    ids=range(17),
)
async def test_what_telegram_did_not_say_just_now_is_refused(school: Users, said: str) -> None:
    assert await refused(school.subgraph, "loginWithTelegram", authorization=said) == WRONG


async def test_what_telegram_said_is_good_once(school: Users) -> None:
    said = widget()
    await log_in(school, said)
    assert await refused(school.subgraph, "loginWithTelegram", authorization=said) == WRONG


async def test_a_name_that_is_taken_or_odd_is_replaced_and_the_number_stays_private(school: Users) -> None:
    await school.sign_up("ada_tg")
    for number, name in (("1001", "ADA_TG"), ("1002", "ж"), ("1003", "")):
        somebody = await log_in(school, widget(id=number, username=name))
        username = (await somebody.data(ME))["me"]["username"]
        assert username.startswith("user_")
        assert number not in username


async def test_an_account_is_linked_and_logged_in_to_by_telegram(school: Users) -> None:
    ada, eve = await school.sign_up("ada"), await school.sign_up("eve")
    linked = await ada.act("linkTelegram", "user { telegramAccount { id } }", authorization=widget())
    assert linked["user"]["telegramAccount"] == {"id": "99"}
    assert (await log_in(school, widget(last_name="L"))).id == ada.id
    assert await eve.refused("linkTelegram", authorization=widget(last_name="M")) == [
        ("CONFLICT", "authorization")
    ]
    assert await ada.refused("unlinkTelegram", password="wrong") == [("INVALID_CREDENTIALS", "password")]
    await ada.act("unlinkTelegram", "user { id }", password=PASSWORD)
    assert (await log_in(school, widget(last_name="N"))).id not in {ada.id, eve.id}


async def test_who_came_by_telegram_gets_an_address_and_a_password(school: Users, mailbox: Mailbox) -> None:
    ada = await log_in(school, widget())
    await ada.act("requestEmailVerification", email="ada@plait.example")
    token = await mailbox.token("ada@plait.example")
    assert await refused(school.subgraph, "verifyEmail", token=token) == []
    await refused(school.subgraph, "requestPasswordReset", email="ada@plait.example")
    token = await mailbox.token("ada@plait.example")
    assert await refused(school.subgraph, "resetPassword", token=token, password=PASSWORD) == []
    assert (await school.log_in("ada_tg")).id == ada.id


async def test_without_a_bot_nobody_logs_in_by_telegram(world: Users) -> None:
    assert await denied(world.subgraph, "loginWithTelegram", authorization=widget("")) == "FORBIDDEN"


async def test_without_redis_nobody_logs_in_by_telegram(
    config: SubgraphConfig, stores: Mapping[str, DomainStore]
) -> None:
    alone = replace(stores["users"], redis="redis://127.0.0.1:1")
    async with build_domain("users", replace(config, telegram_bot_token=BOT), alone) as subgraph:
        assert await denied(subgraph, "loginWithTelegram", authorization=widget()) == "RATE_LIMITED"

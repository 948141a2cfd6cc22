"""Every kind of token × everything that is wrong with one: the same answer, whatever it was; and what was
refused has spent nothing.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from db.config import DomainStore
from db.postgres import Database
from subgraphs.kit.config import SubgraphConfig, TokenConfig
from subgraphs.registry import build_domain
from subgraphs.users.tokens import TokenIssuer, load_signing_key, new_refresh_token
from subgraphs.users.values import User, UserId
from tests.subgraphs.support import config_in, mutation_text
from tests.subgraphs.users.mailbox import Mailbox
from tests.subgraphs.users.people import Somebody, Users
from tests.subgraphs.users.test_access import token_of
from tests.subgraphs.users.test_credentials import verified
from tests.subgraphs.users.test_organizations import found, switched
from tests.subgraphs.users.test_telegram import BOT, widget

ME = "{ me { id } }"


@dataclass(frozen=True)
class Kind:
    """How a token of this kind is presented, and what is said to one that is no good."""

    mutation: str
    argument: str
    refusal: tuple[str, str]
    more: Mapping[str, str]
    ages: str | None
    """The statement that makes it expired."""


KINDS = {
    "refresh": Kind(
        "refreshLogin",
        "refreshToken",
        ("LOGIN_ENDED", "refreshToken"),
        {},
        "UPDATE refresh_tokens SET expires_at = now()",
    ),
    "address": Kind(
        "verifyEmail", "token", ("TOKEN_UNUSABLE", "token"), {}, "UPDATE proofs SET expires_at = now()"
    ),
    "password": Kind(
        "resetPassword",
        "token",
        ("TOKEN_UNUSABLE", "token"),
        {"password": "another horse"},
        "UPDATE proofs SET expires_at = now()",
    ),
    "program": Kind(
        "exchangeApiToken",
        "token",
        ("TOKEN_UNUSABLE", "token"),
        {},
        "UPDATE api_tokens SET expires_at = now()",
    ),
    "invitation": Kind(
        "acceptInvitation",
        "token",
        ("TOKEN_UNUSABLE", "token"),
        {},
        None,
    ),
    "telegram": Kind("loginWithTelegram", "authorization", ("INVALID_INPUT", "authorization"), {}, None),
}
ONCE = ("address", "password", "invitation", "telegram")


@dataclass(frozen=True)
class Safe:
    """One good token of each kind, and who presents them."""

    users: Users
    eve: Somebody
    tokens: Mapping[str, str]
    addresses: Iterator[int]

    async def present(self, kind: str, token: str) -> Any:
        """The whole answer; from an address of its own each time, so that nothing is limited."""
        this = KINDS[kind]
        headers = {"X-Forwarded-For": f"198.51.100.{next(self.addresses)}"}
        if kind == "invitation":
            headers |= self.eve.headers
        given = {this.argument: token, **this.more}
        answer = await self.users.subgraph.execute(
            mutation_text(this.mutation), {"input": given}, headers=headers
        )
        assert "errors" not in answer, answer
        return answer["data"][this.mutation]["errors"]


@pytest.fixture
async def safe(
    stores: Mapping[str, DomainStore], config: SubgraphConfig, database: Database, mailbox: Mailbox
) -> AsyncIterator[Safe]:
    with_bot = replace(config, telegram_bot_token=BOT)
    async with build_domain("users", with_bot, stores["users"]) as subgraph:
        users = Users(subgraph, with_bot, database)
        ada, eve = await verified(users, mailbox, "ada"), await users.sign_up("eve")
        await mailbox.collect()
        boss = await switched(ada, await found(ada))
        await boss.act("inviteMember", email="eve@work.example")
        invitation = await mailbox.token("eve@work.example")
        await users.sign_up("new")
        address = await mailbox.token("new@plait.example")
        reset = mutation_text("requestPasswordReset")
        await subgraph.execute(reset, {"input": {"email": "ada@plait.example"}})
        tokens = {
            "refresh": ada.refresh,
            "address": address,
            "password": await mailbox.token("ada@plait.example"),
            "program": (await token_of(boss, "READ"))["token"],
            "invitation": invitation,
            "telegram": widget(),
        }
        yield Safe(users, eve, tokens, count(1))


def spoilt(token: str) -> list[str]:
    """Cut, extended, with a byte changed, in another case, and things that never were one."""
    places = (0, len(token) // 2, len(token) - 1)
    changed = [token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :] for at in places]
    cut = [token[:-1], token[1:], token[: len(token) // 2], token + "A", token + "\0", f"{token}{token}"]
    return [*changed, *cut, token.swapcase(), new_refresh_token(), f"plait_{new_refresh_token()}", ""]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_token_that_is_wrong_foreign_or_spoilt_is_answered_alike_and_spends_nothing(
    safe: Safe, kind: str
) -> None:
    foreign = [token for other, token in safe.tokens.items() if other != kind]
    answers = [await safe.present(kind, each) for each in (*foreign, *spoilt(safe.tokens[kind]))]
    assert answers == [answers[0]] * len(answers), "what was wrong is not told"
    (error,) = answers[0]
    assert (error["code"], ".".join(error["path"])) == KINDS[kind].refusal
    for each in KINDS:
        if each != "password":
            assert await safe.present(each, safe.tokens[each]) == [], f"{each} was spent by it"
    assert await safe.present("password", safe.tokens["password"]) == [], "last: it ends the logins"


@pytest.mark.parametrize("kind", ONCE)
async def test_a_replayed_token_is_answered_like_one_that_never_was(safe: Safe, kind: str) -> None:
    never = await safe.present(kind, new_refresh_token())
    assert await safe.present(kind, safe.tokens[kind]) == []
    assert await safe.present(kind, safe.tokens[kind]) == never


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if kind.ages])
async def test_an_expired_token_is_answered_like_one_that_never_was(safe: Safe, kind: str) -> None:
    never = await safe.present(kind, new_refresh_token())
    await safe.users.run(str(KINDS[kind].ages))
    assert await safe.present(kind, safe.tokens[kind]) == never


async def test_a_token_for_one_thing_gets_nobody_in_as_a_bearer(safe: Safe) -> None:
    for kind, token in safe.tokens.items():
        answer = await safe.users.subgraph.execute(ME, headers={"Authorization": f"Bearer {token}"})
        assert [each["extensions"]["code"] for each in answer["errors"]] == ["UNAUTHENTICATED"], kind


def of_claims(token: str, **changes: Any) -> str:
    """The signature stays what it was."""
    head, claims, signature = token.split(".")
    told = json.loads(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    body = urlsafe_b64encode(json.dumps(told | changes).encode()).decode().rstrip("=")
    return f"{head}.{body}.{signature}"


def issued(config: SubgraphConfig, tokens: TokenConfig, who: str, at: datetime) -> str:
    assert config.signing is not None
    issuer = TokenIssuer(load_signing_key(config.signing), tokens, timedelta(minutes=15))
    user = User(UserId(UUID(who)), "ada", "ada@plait.example", at, at)
    return issuer.access_token(user, at)[0]


async def test_an_access_token_that_is_not_ours_as_it_was_issued_is_refused(
    world: Users, config: SubgraphConfig, tmp_path: Path
) -> None:
    ada, grace = await world.sign_up("ada"), await world.sign_up("grace")
    now, ours = datetime.now(UTC), config.tokens
    (tmp_path / "else").mkdir()
    other = config_in(tmp_path / "else")
    head, claims, signature = ada.access.split(".")
    bad = {
        "another issuer": issued(config, replace(ours, issuer="https://else.example"), ada.id, now),
        "another audience": issued(config, replace(ours, audience="else"), ada.id, now),
        "another key": issued(other, ours, ada.id, now),
        "expired": issued(config, ours, ada.id, now - timedelta(hours=1)),
        "from the future": issued(config, ours, ada.id, now + timedelta(hours=1)),
        "another's name": of_claims(ada.access, sub=grace.id),
        "more roles": of_claims(ada.access, roles=["ROLE_ADMIN"]),
        "a tenant": of_claims(ada.access, tenant=grace.id),
        "longer": of_claims(ada.access, exp=4_000_000_000),
        "another's signature": f"{head}.{claims}.{grace.access.split('.')[2]}",
        "cut": ada.access[:-4],
        "a changed byte": f"{head}.{claims}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}",
        "no signature": f"{head}.{claims}.",
        "the refresh token": ada.refresh,
    }
    reasons = {}
    for name, token in bad.items():
        answer = await world.subgraph.execute(ME, headers={"Authorization": f"Bearer {token}"})
        (error,) = answer["errors"]
        assert (answer["data"], error["extensions"]["code"]) == ({"me": None}, "UNAUTHENTICATED"), name
        reasons[name] = error["message"]
    assert {name for name, said in reasons.items() if "expired" in said} == {"expired"}, (
        "only who had a good one is told to refresh it"
    )
    assert (await ada.data(ME))["me"] == {"id": ada.id}


async def test_an_access_token_is_no_good_where_another_kind_is_asked_for(safe: Safe) -> None:
    for kind in KINDS:
        never = await safe.present(kind, new_refresh_token())
        assert await safe.present(kind, safe.eve.access) == never

"""The users subgraph as its clients and its router see it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from db.config import DomainStore
from db.postgres import connect
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.subgraph import Subgraph
from subgraphs.registry import build_domain
from tests.subgraphs.support import Person, code, config_in, data, error

SIGN_UP = """mutation($input: SignUpInput!) { signUp(input: $input) {
    accessToken refreshToken user { id username email displayName roles } } }"""
LOGIN = """mutation($name: String!, $password: String = "correct horse") {
    login(input: {usernameOrEmail: $name, password: $password}) { accessToken user { id } } }"""
REFRESH = "mutation($token: String!) { refreshLogin(refreshToken: $token) { refreshToken } }"
ME = "{ me { id username email } }"


@pytest.fixture
def config(tmp_path: Path) -> SubgraphConfig:
    return config_in(tmp_path)


@pytest.fixture
async def users(stores: Mapping[str, DomainStore], config: SubgraphConfig) -> AsyncIterator[Subgraph]:
    async with build_domain("users", config, stores["users"]) as subgraph:
        yield subgraph


def details(name: str) -> dict[str, str]:
    return {"username": name, "email": f"{name}@plait.example", "password": "correct horse"}


async def sign_up(users: Subgraph, name: str, headers: Mapping[str, str] | None = None) -> Any:
    return (await data(users, SIGN_UP, headers, input=details(name)))["signUp"]


def bearer(login: Any) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {login['accessToken']}"}


async def test_somebody_signs_up_logs_in_and_is_known(users: Subgraph) -> None:
    login = await sign_up(users, "ada")
    assert login["user"]["email"] == "ada@plait.example", "it is the new user's own"
    assert login["user"]["roles"] == ["ROLE_USER"]
    me = {"id": login["user"]["id"], "username": "ada", "email": "ada@plait.example"}
    assert (await data(users, ME, bearer(login)))["me"] == me
    for name in ("ADA", "Ada@Plait.example"):
        again = (await data(users, LOGIN, name=name))["login"]
        assert (await data(users, ME, bearer(again)))["me"] == me


async def test_me_is_null_for_nobody_and_an_error_for_a_bad_token(users: Subgraph) -> None:
    assert await data(users, ME) == {"me": None}
    assert await code(users, ME, {"Authorization": "Bearer forged"}) == "UNAUTHENTICATED"


async def test_an_expired_token_does_not_keep_one_from_refreshing(users: Subgraph) -> None:
    login = await sign_up(users, "ada")
    stale = {"Authorization": "Bearer expired.long.ago"}
    assert (await data(users, REFRESH, stale, token=login["refreshToken"]))["refreshLogin"]["refreshToken"]


async def test_a_spent_refresh_token_ends_the_login(users: Subgraph) -> None:
    first = (await sign_up(users, "ada"))["refreshToken"]
    second = (await data(users, REFRESH, token=first))["refreshLogin"]["refreshToken"]
    assert await code(users, REFRESH, token=first) == "UNAUTHENTICATED"
    assert await code(users, REFRESH, token=second) == "UNAUTHENTICATED"


async def test_where_a_login_came_from_is_kept_and_the_token_is_not(
    users: Subgraph, stores: Mapping[str, DomainStore]
) -> None:
    headers = {"X-Forwarded-For": "203.0.113.9, 2001:db8::7", "User-Agent": "Firefox " + "x" * 300}
    login = await sign_up(users, "ada", headers)
    database = connect(stores["users"])
    async with database.read() as session:
        (row,) = await session.execute(text("SELECT * FROM refresh_tokens"))
    await database.close()
    assert str(row.ip_address) == "2001:db8::7"
    assert (row.device_info[:9], len(row.device_info)) == ("Firefox x", 255)
    assert login["refreshToken"] not in str(row)


async def test_of_those_who_sign_up_at_once_with_a_name_the_others_hear_of_the_conflict(
    users: Subgraph,
) -> None:
    tries = [details("ada") | {"email": f"{number}@plait.example"} for number in range(6)]
    answers = await asyncio.gather(*(users.execute(SIGN_UP, {"input": each}) for each in tries))
    refused = [answer["errors"][0]["extensions"] for answer in answers if "errors" in answer]
    assert refused == [{"code": "CONFLICT", "field": "username"}] * 5


async def test_an_email_that_is_known_is_a_conflict(users: Subgraph) -> None:
    await sign_up(users, "ada")
    problem = await error(users, SIGN_UP, input=details("grace") | {"email": "ADA@plait.example"})
    assert problem["extensions"] == {"code": "CONFLICT", "field": "email"}


async def test_an_unknown_name_and_a_wrong_password_are_told_alike(users: Subgraph) -> None:
    await sign_up(users, "ada")
    wrong = await error(users, LOGIN, name="ada", password="wrong")
    unknown = await error(users, LOGIN, name="nobody", password="wrong")
    assert wrong == unknown
    assert wrong["extensions"] == {"code": "UNAUTHENTICATED"}


async def test_logging_out_everywhere_ends_every_login(users: Subgraph) -> None:
    first = await sign_up(users, "ada")
    second = (await data(users, LOGIN.replace("accessToken", "accessToken refreshToken"), name="ada"))[
        "login"
    ]
    assert await code(users, "mutation { logoutEverywhere }") == "UNAUTHENTICATED"
    await data(users, "mutation { logoutEverywhere }", bearer(first))
    for login in (first, second):
        assert await code(users, REFRESH, token=login["refreshToken"]) == "UNAUTHENTICATED"


async def test_an_email_is_shown_to_its_owner_and_administrators(
    users: Subgraph, config: SubgraphConfig
) -> None:
    ada, grace = await sign_up(users, "ada"), await sign_up(users, "grace")
    admin = Person(config, roles=frozenset({"ROLE_ADMIN"}))
    query = "query($id: ID!) { user(id: $id) { email } }"
    for headers, seen in (
        (bearer(ada), "ada@plait.example"),
        (bearer(grace), None),
        (admin.headers, "ada@plait.example"),
    ):
        assert (await data(users, query, headers, id=ada["user"]["id"]))["user"]["email"] == seen
    assert (await data(users, query, id=ada["user"]["id"]))["user"]["email"] is None


async def test_a_profile_is_its_owners(users: Subgraph) -> None:
    update = "mutation($input: UpdateProfileInput!) { updateProfile(input: $input) { displayName bio } }"
    ada = await sign_up(users, "ada")
    changed = await data(users, update, bearer(ada), input={"firstName": "Ada", "bio": "Countess"})
    assert changed["updateProfile"] == {"displayName": "Ada", "bio": "Countess"}
    cleared = await data(users, update, bearer(ada), input={"firstName": None})
    assert cleared["updateProfile"] == {"displayName": "ada", "bio": "Countess"}
    assert await code(users, update, input={"bio": "x"}) == "UNAUTHENTICATED"
    problem = await error(users, update, bearer(ada), input={"bio": "x" * 501, "avatarUrl": "javascript:x"})
    assert set(problem["extensions"]["fields"]) == {"bio", "avatarUrl"}


async def test_users_follow_each_other(users: Subgraph) -> None:
    follow = """mutation($id: ID!) { followUser(userId: $id) {
        followerCount viewerFollows followers { nodes { username } } } }"""
    ada, grace = await sign_up(users, "ada"), await sign_up(users, "grace")
    followed = (await data(users, follow, bearer(grace), id=ada["user"]["id"]))["followUser"]
    assert followed == {
        "followerCount": 1,
        "viewerFollows": True,
        "followers": {"nodes": [{"username": "grace"}]},
    }
    assert await code(users, follow, id=ada["user"]["id"]) == "UNAUTHENTICATED"
    assert await code(users, follow, bearer(ada), id=ada["user"]["id"]) == "BAD_USER_INPUT"
    assert await code(users, follow, bearer(ada), id=str(uuid4())) == "NOT_FOUND"
    unfollow = "mutation($id: ID!) { unfollowUser(userId: $id) { followerCount viewerFollows } }"
    left = (await data(users, unfollow, bearer(grace), id=ada["user"]["id"]))["unfollowUser"]
    assert left == {"followerCount": 0, "viewerFollows": False}


async def test_a_user_resolves_by_each_of_its_keys(
    users: Subgraph, stores: Mapping[str, DomainStore]
) -> None:
    ada = await sign_up(users, "Ada")
    database = connect(stores["users"])
    async with database.write() as session:
        await session.execute(text("UPDATE users SET telegram_id = 9223372036854775807"))
    await database.close()
    query = "query($r: [_Any!]!) { _entities(representations: $r) { ... on User { id telegramId } } }"
    keys: list[dict[str, object]] = [
        {"id": ada["user"]["id"]},
        {"username": "ada"},
        {"telegramId": "9223372036854775807"},
        {"telegramId": 9223372036854775807},
        {"telegramId": "99999999999999999999"},
        {"telegramId": "-1"},
        {"telegramId": "٣"},
        {"username": "nobody"},
        {},
    ]
    found = (await data(users, query, r=[{"__typename": "User"} | key for key in keys]))["_entities"]
    assert found == [{"id": ada["user"]["id"], "telegramId": "9223372036854775807"}] * 4 + [None] * 5


async def test_a_token_of_an_account_that_is_gone_is_nobody(users: Subgraph, config: SubgraphConfig) -> None:
    assert await data(users, ME, Person(config).headers) == {"me": None}
    update = 'mutation { updateProfile(input: {bio: "x"}) { id } }'
    assert await code(users, update, Person(config).headers) == "NOT_FOUND"


async def test_keys_that_cannot_be_read_are_our_fault(
    stores: Mapping[str, DomainStore], config: SubgraphConfig
) -> None:
    elsewhere = replace(config, tokens=replace(config.tokens, jwks="/nowhere/jwks.json"))
    async with build_domain("users", elsewhere, stores["users"]) as users:
        assert await code(users, ME, Person(config).headers) == "SERVICE_UNAVAILABLE"
        assert await data(users, ME) == {"me": None}


@pytest.mark.parametrize(
    "odd", ["", "\0", "a\0b", "\ud800", "x" * 5000, "'; DROP TABLE users", "%_", "é", "😀"]
)
async def test_odd_text_finds_nobody_and_breaks_nothing(users: Subgraph, odd: str) -> None:
    by_name = "query($name: String!) { userByUsername(username: $name) { id } }"
    assert await data(users, by_name, name=odd) == {"userByUsername": None}
    entities = "query($r: [_Any!]!) { _entities(representations: $r) { ... on User { id } } }"
    assert await data(users, entities, r=[{"__typename": "User", "username": odd}]) == {"_entities": [None]}
    assert await code(users, LOGIN, name=odd, password=odd) == "UNAUTHENTICATED"
    assert await code(users, REFRESH, token=odd) == "UNAUTHENTICATED"
    assert (
        await code(users, "query($a: String!) { users(after: $a) { nodes { id } } }", a=odd)
        == "BAD_USER_INPUT"
    )
    assert await code(users, "query($id: ID!) { user(id: $id) { id } }", id=odd) == "BAD_USER_INPUT"
    problem = await error(
        users, SIGN_UP, input=dict.fromkeys(("username", "email", "password", "firstName"), odd)
    )
    assert problem["extensions"]["code"] == "BAD_USER_INPUT"

"""The users subgraph as its clients and its router see it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
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
from tests.subgraphs.support import Person, act, code, config_in, data, denied, refused

LOGIN_FIELDS = "login { accessToken refreshToken user { id username email displayName roles } }"
REFRESHED = "login { refreshToken }"
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
    payload = await act(users, "signUp", headers, LOGIN_FIELDS, **details(name))
    assert payload["errors"] == []
    return payload["login"]


async def log_in(users: Subgraph, name: str, password: str = "correct horse") -> Any:
    return await act(users, "login", None, LOGIN_FIELDS, usernameOrEmail=name, password=password)


def bearer(login: Any) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {login['accessToken']}"}


async def test_somebody_signs_up_logs_in_and_is_known(users: Subgraph) -> None:
    login = await sign_up(users, "ada")
    assert login["user"]["email"] == "ada@plait.example", "it is the new user's own"
    assert login["user"]["roles"] == ["USER"]
    me = {"id": login["user"]["id"], "username": "ada", "email": "ada@plait.example"}
    assert (await data(users, ME, bearer(login)))["me"] == me
    again = (await log_in(users, "ADA"))["login"]
    assert (await data(users, ME, bearer(again)))["me"] == me


async def test_me_is_null_for_nobody_and_an_error_for_a_bad_token(users: Subgraph) -> None:
    assert await data(users, ME) == {"me": None}
    assert await code(users, ME, {"Authorization": "Bearer forged"}) == "UNAUTHENTICATED"


async def test_an_expired_token_does_not_keep_one_from_refreshing(users: Subgraph) -> None:
    login = await sign_up(users, "ada")
    stale = {"Authorization": "Bearer expired.long.ago"}
    token = login["refreshToken"]
    assert (await act(users, "refreshLogin", stale, REFRESHED, refreshToken=token))["login"]["refreshToken"]


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


async def test_of_those_who_sign_up_at_once_with_a_name_the_others_hear_that_it_is_taken(
    users: Subgraph,
) -> None:
    tries = [details("ada") | {"email": f"{number}@plait.example"} for number in range(6)]
    taken = "errors { code path ... on UsernameTaken { username } }"
    query = (
        f"mutation($input: SignUpInput!) {{ signUp(input: $input) {{ login {{ accessToken }} {taken} }} }}"
    )
    payloads = await asyncio.gather(*(data(users, query, input=each) for each in tries))
    refusals = [payload["signUp"]["errors"] for payload in payloads if payload["signUp"]["login"] is None]
    assert refusals == [[{"code": "USERNAME_TAKEN", "path": ["username"], "username": "ada"}]] * 5


async def test_an_address_that_has_an_account_is_not_told_from_one_that_has_none(users: Subgraph) -> None:
    await sign_up(users, "ada")
    taken = details("grace") | {"email": "ADA@plait.example"}
    for given in (taken, details("edith")):
        payload = await act(users, "signUp", None, LOGIN_FIELDS, **given)
        assert payload["errors"] == []
        assert payload["login"]["user"]["email"] == given["email"]


async def test_an_unknown_name_and_a_wrong_password_are_told_alike(users: Subgraph) -> None:
    await sign_up(users, "ada")
    wrong, unknown = await log_in(users, "ada", "wrong"), await log_in(users, "nobody", "wrong")
    assert wrong == unknown
    assert (wrong["login"], wrong["errors"][0]["__typename"]) == (None, "InvalidCredentials")


async def test_logging_out_everywhere_ends_every_login(users: Subgraph) -> None:
    first, second = await sign_up(users, "ada"), (await log_in(users, "ada"))["login"]
    assert await denied(users, "logoutEverywhere") == "UNAUTHENTICATED"
    assert (await act(users, "logoutEverywhere", bearer(first), "endedLogins"))["endedLogins"] == 2
    for login in (first, second):
        ended = await refused(users, "refreshLogin", refreshToken=login["refreshToken"])
        assert ended == [("LOGIN_ENDED", "refreshToken")]


async def test_what_concerns_a_person_alone_is_hidden_from_others(
    users: Subgraph, stores: Mapping[str, DomainStore], config: SubgraphConfig
) -> None:
    ada, grace = await sign_up(users, "ada"), await sign_up(users, "grace")
    await _link_telegram(stores["users"], ada["user"]["id"], 4711)
    admin = Person(config, roles=frozenset({"ROLE_ADMIN"}))
    query = "query($id: ID!) { user(id: $id) { email roles telegramAccount { id } } }"
    shown = {"email": "ada@plait.example", "roles": ["USER"], "telegramAccount": {"id": "4711"}}
    hidden = dict.fromkeys(shown)
    for headers, seen in (
        (bearer(ada), shown),
        (admin.headers, shown),
        (bearer(grace), hidden),
        ({}, hidden),
    ):
        assert (await data(users, query, headers, id=ada["user"]["id"]))["user"] == seen


async def test_a_role_that_only_a_newer_version_knows_is_left_out(
    users: Subgraph, stores: Mapping[str, DomainStore]
) -> None:
    ada = await sign_up(users, "ada")
    database = connect(stores["users"])
    async with database.write() as session:
        await session.execute(text("UPDATE roles SET name = 'ROLE_GUEST' WHERE name = 'ROLE_USER'"))
    try:
        assert (await data(users, "{ me { roles } }", bearer(ada)))["me"] == {"roles": []}
    finally:
        async with database.write() as session:
            await session.execute(text("UPDATE roles SET name = 'ROLE_USER' WHERE name = 'ROLE_GUEST'"))
        await database.close()


async def test_a_profile_is_its_owners(users: Subgraph) -> None:
    ada, shown = await sign_up(users, "ada"), "user { displayName bio }"
    given = {"firstName": "  Ada ", "bio": "Countess\r\nand more "}
    changed = await act(users, "updateProfile", bearer(ada), shown, **given)
    assert changed["user"] == {"displayName": "Ada", "bio": "Countess\nand more"}
    cleared = await act(users, "updateProfile", bearer(ada), shown, firstName=None)
    assert cleared["user"] == {"displayName": "ada", "bio": "Countess\nand more"}
    assert await denied(users, "updateProfile", bio="x") == "UNAUTHENTICATED"
    wrong = {"bio": "x" * 501, "avatarUrl": "javascript:x", "firstName": "\u200b"}
    paths = {path for _, path in await refused(users, "updateProfile", bearer(ada), **wrong)}
    assert paths == {"bio", "avatarUrl", "firstName"}


async def test_ones_picture_is_anywhere_on_the_web_or_uploaded_as_ones_own(users: Subgraph) -> None:
    ada, grace = await sign_up(users, "ada"), await sign_up(users, "grace")
    me, other = [(await data(users, "{ me { id } }", bearer(one)))["me"]["id"] for one in (ada, grace)]
    path = "/media/profile-images/{}/avatars/00000000-0000-4000-8000-000000000001.{}"
    for address in (path.format(me, "webp"), "https://plait.example/me.png", None):
        changed = await act(users, "updateProfile", bearer(ada), "user { avatarUrl }", avatarUrl=address)
        assert changed == {"user": {"avatarUrl": address}, "errors": []}
    bad = (
        path.format(other, "webp"),
        path.format(me, "svg"),
        "/media/documents/x",
        path.format(me, "jpg/.."),
    )
    for address in bad:
        assert await refused(users, "updateProfile", bearer(ada), avatarUrl=address) == [
            ("INVALID_INPUT", "avatarUrl")
        ]


async def test_users_follow_each_other(users: Subgraph) -> None:
    shown = """user { followerCount viewerFollows
        followers { totalCount edges { followedAt node { username followingCount } } } }"""
    ada, grace = await sign_up(users, "ada"), await sign_up(users, "grace")
    wanted = {"userId": ada["user"]["id"]}
    followed = (await act(users, "followUser", bearer(grace), shown, **wanted))["user"]
    (edge,) = followed["followers"]["edges"]
    assert (followed["followerCount"], followed["viewerFollows"]) == (1, True)
    assert followed["followers"]["totalCount"] == 1
    assert edge["node"] == {"username": "grace", "followingCount": 1}
    assert edge["followedAt"].endswith("Z")
    assert await denied(users, "followUser", **wanted) == "UNAUTHENTICATED"
    assert await refused(users, "followUser", bearer(ada), **wanted) == [("INVALID_INPUT", "userId")]
    assert await refused(users, "followUser", bearer(ada), userId=str(uuid4())) == [("NOT_FOUND", "userId")]
    left = await act(users, "unfollowUser", bearer(grace), "user { followerCount viewerFollows }", **wanted)
    assert left["user"] == {"followerCount": 0, "viewerFollows": False}


async def test_a_refused_mutation_takes_nothing_from_its_neighbours(users: Subgraph) -> None:
    ada, grace = await sign_up(users, "ada"), await sign_up(users, "grace")
    query = """mutation($a: ID!, $b: ID!) {
        one: followUser(input: {userId: $a}) { user { username } errors { code } }
        two: followUser(input: {userId: $b}) { user { username } errors { code } } }"""
    answer = await data(users, query, bearer(ada), a=grace["user"]["id"], b=ada["user"]["id"])
    assert answer["one"] == {"user": {"username": "grace"}, "errors": []}
    assert answer["two"] == {"user": None, "errors": [{"code": "INVALID_INPUT"}]}


async def test_people_are_listed_as_asked_and_counted_on_demand(users: Subgraph) -> None:
    for name in ("Zoe", "ada", "Bob"):
        await sign_up(users, name)
    query = """query($by: UserOrder!, $after: String) { users(orderBy: $by, first: 2, after: $after) {
        totalCount nodes { username } pageInfo { endCursor hasNextPage } } }"""
    names = {
        "NEWEST": ["Bob", "ada", "Zoe"],
        "OLDEST": ["Zoe", "ada", "Bob"],
        "USERNAME": ["ada", "Bob", "Zoe"],
    }
    for order, expected in names.items():
        first = (await data(users, query, by=order))["users"]
        rest = (await data(users, query, by=order, after=first["pageInfo"]["endCursor"]))["users"]
        assert [user["username"] for user in first["nodes"] + rest["nodes"]] == expected
        assert (first["totalCount"], rest["pageInfo"]["hasNextPage"]) == (3, False)
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    later = "query($at: DateTime!) { users(filter: {joinedAfter: $at}) { totalCount nodes { id } } }"
    assert (await data(users, later, at=tomorrow))["users"] == {"totalCount": 0, "nodes": []}


async def test_a_user_resolves_by_each_of_its_keys(
    users: Subgraph, stores: Mapping[str, DomainStore]
) -> None:
    ada = await sign_up(users, "Ada")
    await _link_telegram(stores["users"], ada["user"]["id"], 9223372036854775807)
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
    assert await refused(users, "updateProfile", Person(config).headers, bio="x") == [("NOT_FOUND", "")]


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
    by_name = "query($name: String!) { user(username: $name) { id } }"
    assert await data(users, by_name, name=odd) == {"user": None}
    entities = "query($r: [_Any!]!) { _entities(representations: $r) { ... on User { id } } }"
    assert await data(users, entities, r=[{"__typename": "User", "username": odd}]) == {"_entities": [None]}
    assert (await log_in(users, odd, odd))["errors"][0]["code"] == "INVALID_CREDENTIALS"
    assert await refused(users, "refreshLogin", refreshToken=odd) == [("LOGIN_ENDED", "refreshToken")]
    assert (
        await code(users, "query($a: String!) { users(after: $a) { nodes { id } } }", a=odd)
        == "BAD_USER_INPUT"
    )
    assert await code(users, "query($id: ID!) { user(id: $id) { id } }", id=odd) == "BAD_USER_INPUT"
    given = dict.fromkeys(("username", "email", "password", "firstName"), odd)
    assert "INVALID_INPUT" in dict(await refused(users, "signUp", **given))


async def test_a_user_is_asked_for_by_id_or_by_name_and_not_by_both(users: Subgraph) -> None:
    for arguments in ("", '(id: "x", username: "x")'):
        assert await code(users, f"{{ user{arguments} {{ id }} }}") == "BAD_USER_INPUT"


async def test_a_read_after_ones_own_write_goes_to_the_primary(
    users: Subgraph, stores: Mapping[str, DomainStore], config: SubgraphConfig
) -> None:
    """With a replica that is never there, a request that writes still reads what it selects."""
    ada, grace = await sign_up(users, "ada"), await sign_up(users, "grace")
    behind = replace(stores["users"], replica_url="postgresql://plait_users@127.0.0.1:1/nowhere")
    selection = "user { username followerCount viewerFollows followers { nodes { username } } }"
    async with build_domain("users", config, behind) as lagging:
        wanted = {"userId": ada["user"]["id"]}
        followed = (await act(lagging, "followUser", bearer(grace), selection, **wanted))["user"]
        again = await act(lagging, "refreshLogin", None, REFRESHED, refreshToken=grace["refreshToken"])
        assert await code(lagging, "{ users { nodes { id } } }") == "SERVICE_UNAVAILABLE"
    assert (followed["followerCount"], followed["viewerFollows"]) == (1, True)
    assert again["login"]["refreshToken"]


async def _link_telegram(store: DomainStore, user: str, telegram_id: int) -> None:
    database = connect(store)
    async with database.write() as session:
        linked = text("UPDATE users SET telegram_id = :number WHERE id = CAST(:id AS uuid)")
        await session.execute(linked, {"number": telegram_id, "id": user})
    await database.close()

"""Roles and programs' tokens: what they open, and that losing them closes it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from db.config import DomainStore
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.subgraph import Subgraph
from subgraphs.registry import build_domain
from tests.subgraphs.support import act, code, denied, refused
from tests.subgraphs.users.people import PASSWORD, Somebody, Users

ME = "{ me { roles } }"
SECRET = "secret { token apiToken { id name scopes lastUsedAt } }"


@pytest.fixture
async def catalog(stores: Mapping[str, DomainStore], config: SubgraphConfig) -> AsyncIterator[Subgraph]:
    async with build_domain("catalog", config, stores["catalog"]) as subgraph:
        yield subgraph


def in_days(days: float) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


async def token_of(owner: Somebody, *scopes: str) -> Any:
    given = {"name": "CI", "scopes": list(scopes), "expiresAt": in_days(30), "password": PASSWORD}
    return (await owner.act("createApiToken", SECRET, **given))["secret"]


async def program(owner: Somebody, secret: Any) -> Somebody:
    payload = await act(
        owner.subgraph, "exchangeApiToken", None, "access { accessToken }", token=secret["token"]
    )
    assert payload["errors"] == []
    return replace(owner, access=payload["access"]["accessToken"])


async def test_a_role_opens_in_every_domain_what_it_should_and_closes_it_when_taken(
    world: Users, catalog: Subgraph
) -> None:
    admin, ada = await world.admin("root"), await world.sign_up("ada")
    assert await denied(catalog, "createGenre", ada.headers, name="Jazz") == "FORBIDDEN"
    granted = await admin.act("grantRole", "user { roles }", userId=ada.id, role="ADMIN")
    assert granted["user"]["roles"] == ["ADMIN", "USER"]
    ada = await ada.refreshed()
    assert await refused(catalog, "createGenre", ada.headers, name="Jazz") == []
    await admin.act("takeRole", "user { roles }", userId=ada.id, role="ADMIN")
    assert await denied(world.subgraph, "grantRole", ada.headers, userId=ada.id, role="ADMIN") == (
        "UNAUTHENTICATED"
    )
    again = await ada.refreshed()
    assert (await again.data(ME))["me"]["roles"] == ["USER"]
    assert await again.denied("grantRole", userId=ada.id, role="ADMIN") == "FORBIDDEN"
    assert await code(world.subgraph, ME, ada.headers) == "UNAUTHENTICATED", (
        "the login goes on, not its token"
    )


async def test_roles_are_given_and_taken_by_administrators_alone(world: Users) -> None:
    admin, ada = await world.admin("root"), await world.sign_up("ada")
    for mutation in ("grantRole", "takeRole"):
        assert await ada.denied(mutation, userId=ada.id, role="ADMIN") == "FORBIDDEN"
        assert await denied(world.subgraph, mutation, userId=ada.id, role="ADMIN") == "UNAUTHENTICATED"
        nobody = await admin.refused(mutation, userId="00000000-0000-0000-0000-000000000001", role="TEACHER")
        assert nobody == [("NOT_FOUND", "userId")]
    assert await admin.refused("takeRole", userId=ada.id, role="USER") == [("INVALID_INPUT", "role")]


async def test_one_administrator_stays(world: Users) -> None:
    one, two = await world.admin("one"), await world.admin("two")
    await asyncio.gather(
        refused(world.subgraph, "takeRole", one.headers, userId=two.id, role="ADMIN"),
        refused(world.subgraph, "takeRole", two.headers, userId=one.id, role="ADMIN"),
    )
    left = await world.run(
        "SELECT 1 FROM user_roles NATURAL JOIN (SELECT id role_id, name FROM roles) r "
        "WHERE r.name = 'ROLE_ADMIN'"
    )
    assert len(left) == 1


async def test_every_write_leaves_a_record_of_who_and_on_which_request(world: Users) -> None:
    admin, ada = await world.admin("root"), await world.sign_up("ada")
    traced = dict(ada.headers) | {"x-request-id": "r-1"}
    for mutation, given in (
        ("followUser", {"userId": admin.id}),
        ("unfollowUser", {"userId": admin.id}),
        ("unfollowUser", {"userId": admin.id}),
        ("updateProfile", {"bio": "secret thoughts"}),
        ("changePassword", {"currentPassword": PASSWORD, "newPassword": "secret horse"}),
    ):
        assert await refused(world.subgraph, mutation, traced, **given) == []
    records = await world.run(
        "SELECT action, entity, changes FROM audit WHERE request_id = 'r-1' AND actor = :ada ORDER BY id",
        ada=ada.id,
    )
    assert records == [
        ("follow", "user", {}),
        ("unfollow", "user", {}),
        ("update", "user", {"bio": "(changed)"}),
        ("update", "user", {"password": "(hidden)"}),
    ]
    await admin.act("grantRole", userId=ada.id, role="TEACHER")
    last = await world.run("SELECT actor, action, entity_id, changes FROM audit ORDER BY id DESC LIMIT 1")
    assert last == [(admin.id, "grant", ada.id, {"role": "TEACHER"})]


async def test_a_program_does_what_its_token_says_in_its_owners_name(world: Users, catalog: Subgraph) -> None:
    admin = await world.admin("root")
    reader = await program(admin, await token_of(admin, "READ"))
    assert (await reader.data(ME))["me"] == {"roles": ["ADMIN", "USER"]}
    assert await denied(catalog, "createArtist", reader.headers, name="Queen") == "FORBIDDEN"
    writer = await program(admin, await token_of(admin, "WRITE"))
    assert await refused(catalog, "createArtist", writer.headers, name="Queen") == []
    assert await denied(catalog, "createGenre", writer.headers, name="Jazz") == "FORBIDDEN"
    full = await program(admin, await token_of(admin, "WRITE", "ADMIN"))
    assert await refused(catalog, "createGenre", full.headers, name="Jazz") == []


async def test_a_revoked_token_takes_its_access_tokens_with_it(world: Users, catalog: Subgraph) -> None:
    ada, eve = await world.sign_up("ada"), await world.sign_up("eve")
    secret = await token_of(ada, "WRITE")
    running, token = await program(ada, secret), secret["apiToken"]["id"]
    assert await eve.refused("revokeApiToken", apiTokenId=token) == [("NOT_FOUND", "apiTokenId")]
    await ada.act("revokeApiToken", "apiToken { id }", apiTokenId=token)
    assert await denied(catalog, "createArtist", running.headers, name="Queen") == "UNAUTHENTICATED"
    assert await refused(world.subgraph, "exchangeApiToken", token=secret["token"]) == [
        ("TOKEN_UNUSABLE", "token")
    ]
    assert (await ada.data("{ me { apiTokens { id } } }"))["me"]["apiTokens"] == []
    await ada.act("revokeApiToken", apiTokenId=token)


async def test_an_api_token_is_kept_as_a_hash_listed_for_its_owner_and_expires(world: Users) -> None:
    ada, eve = await world.sign_up("ada"), await world.admin("eve")
    secret = await token_of(ada, "READ")
    assert secret["token"] not in str(await world.run("SELECT * FROM api_tokens"))
    assert secret["token"] not in str(await world.run("SELECT * FROM audit"))
    listed = "query($id: ID!) { user(id: $id) { apiTokens { name scopes } } }"
    assert (await ada.data(listed, id=ada.id))["user"]["apiTokens"] == [{"name": "CI", "scopes": ["READ"]}]
    assert (await eve.data(listed, id=ada.id))["user"]["apiTokens"] is None
    await world.run("UPDATE api_tokens SET expires_at = now()")
    expired = await refused(world.subgraph, "exchangeApiToken", token=secret["token"])
    assert expired == [("TOKEN_UNUSABLE", "token")]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"name": ""}, ("INVALID_INPUT", "name")),
        ({"scopes": []}, ("INVALID_INPUT", "scopes")),
        ({"scopes": ["ADMIN"]}, ("INVALID_INPUT", "scopes")),
        ({"expiresAt": in_days(-1)}, ("INVALID_INPUT", "expiresAt")),
        ({"expiresAt": in_days(400)}, ("INVALID_INPUT", "expiresAt")),
        ({"password": "wrong"}, ("INVALID_CREDENTIALS", "password")),
    ],
    ids=["no name", "no scope", "not an administrator", "over already", "too long", "wrong password"],
)
async def test_an_api_token_that_should_not_be_is_refused(
    world: Users, changes: dict[str, Any], problem: tuple[str, str]
) -> None:
    ada = await world.sign_up("ada")
    given = {"name": "CI", "scopes": ["READ"], "expiresAt": in_days(30), "password": PASSWORD}
    assert await ada.refused("createApiToken", **(given | changes)) == [problem]

"""Logins as sessions: an access token is no good once its login is over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

import pytest

from db.config import DomainStore
from db.postgres import Database
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.subgraph import Subgraph
from subgraphs.registry import build_domain
from subgraphs.users.worker import tasks
from tests.subgraphs.support import code, denied, refused
from tests.subgraphs.users.people import Users
from tests.support.valkey import empty_redis, shared_redis

ME = "{ me { username } }"

SESSIONS = "{ me { sessions { id ipAddress device createdAt lastSeenAt isCurrent } } }"
PHONE = {"X-Forwarded-For": "203.0.113.9", "User-Agent": "Phone"}
DAY_SECONDS = 86_400
NOWHERE = "redis://127.0.0.1:1"


@pytest.fixture
async def posts(stores: Mapping[str, DomainStore], config: SubgraphConfig) -> AsyncIterator[Subgraph]:
    async with build_domain("posts", config, stores["posts"]) as subgraph:
        yield subgraph


async def flush() -> None:
    async with empty_redis():
        pass


async def kept_sessions() -> list[tuple[str, int]]:
    """Their keys, and for how many seconds yet."""
    async with shared_redis() as store, store.use() as client:
        keys = await client.keys("*session:*")
        return [(key.decode(), await client.ttl(key)) for key in keys]


async def test_a_token_dies_with_its_login_in_every_domain(world: Users, posts: Subgraph) -> None:
    ada = await world.sign_up("ada")
    assert await refused(world.subgraph, "logout", refreshToken=ada.refresh) == []
    assert await code(world.subgraph, ME, ada.headers) == "UNAUTHENTICATED"
    assert await denied(posts, "createPost", ada.headers, content="still here") == "UNAUTHENTICATED"


async def test_all_tokens_of_a_login_share_one_key_that_lives_a_day_and_goes_with_the_logout(
    stores: Mapping[str, DomainStore], config: SubgraphConfig, database: Database
) -> None:
    """Seed 002's lifetime, by PLAIT_REFRESH_TOKEN_SECONDS."""
    assert config.signing is not None
    of_a_day = replace(config, signing=replace(config.signing, refresh_seconds=DAY_SECONDS))
    async with build_domain("users", of_a_day, stores["users"]) as subgraph:
        world = Users(subgraph, of_a_day, database)
        ada = await world.sign_up("ada")
        again = await ada.refreshed()
        ((login,),) = await world.run("SELECT id FROM logins")
        ((key, lives_seconds),) = await kept_sessions()
        assert key == f"session:{login}"
        assert DAY_SECONDS - 300 < lives_seconds <= DAY_SECONDS
        assert await refused(subgraph, "logout", refreshToken=again.refresh) == []
        assert await kept_sessions() == []
        for tokens in (ada, again):
            assert await code(subgraph, ME, tokens.headers) == "UNAUTHENTICATED"


async def test_a_token_is_good_while_its_login_goes_on(world: Users, posts: Subgraph) -> None:
    ada = await world.sign_up("ada")
    there = ada.at(posts)
    await there.act("createPost", content="Hello")
    again = await ada.refreshed()
    for tokens in (ada, again):
        await tokens.at(posts).act("createPost", content="Hello again")


async def test_whoever_logged_in_sees_where_and_ends_one_of_them(world: Users) -> None:
    here = await world.sign_up("ada", {"User-Agent": "Laptop"})
    there = await world.log_in("ada", headers=PHONE)
    phone, laptop = (await here.data(SESSIONS))["me"]["sessions"]
    assert (phone["ipAddress"], phone["device"], phone["isCurrent"]) == ("203.0.113.9", "Phone", False)
    assert (laptop["device"], laptop["isCurrent"]) == ("Laptop", True)
    ended = await here.act("endSession", "session { id device }", sessionId=phone["id"])
    assert ended["session"] == {"id": phone["id"], "device": "Phone"}
    assert await code(world.subgraph, ME, there.headers) == "UNAUTHENTICATED"
    assert await refused(world.subgraph, "refreshLogin", refreshToken=there.refresh) == [
        ("LOGIN_ENDED", "refreshToken")
    ]
    assert [each["device"] for each in (await here.data(SESSIONS))["me"]["sessions"]] == ["Laptop"]
    await here.act("endSession", sessionId=phone["id"])


async def test_sessions_are_shown_to_their_owner_and_ended_by_nobody_else(world: Users) -> None:
    ada, eve = await world.sign_up("ada"), await world.admin("eve")
    ((login,),) = await world.run("SELECT id FROM logins WHERE user_id = CAST(:id AS uuid)", id=ada.id)
    query = "query($id: ID!) { user(id: $id) { sessions { id } } }"
    assert (await eve.data(query, id=ada.id))["user"]["sessions"] is None
    assert await eve.refused("endSession", sessionId=str(login)) == [("NOT_FOUND", "sessionId")]
    assert await eve.refused("endSession", sessionId="nonsense") == [("INVALID_INPUT", "sessionId")]
    assert await denied(world.subgraph, "endSession", sessionId=str(login)) == "UNAUTHENTICATED"
    assert (await ada.data(ME))["me"]["username"] == "ada"


async def test_a_refresh_moves_when_a_login_was_last_seen(world: Users) -> None:
    ada = await world.sign_up("ada")
    ((before,),) = await world.run("SELECT last_seen_at FROM logins")
    await ada.refreshed()
    ((after,),) = await world.run("SELECT last_seen_at FROM logins")
    assert after > before


async def test_a_stolen_refresh_token_takes_the_access_tokens_with_it(world: Users) -> None:
    ada = await world.sign_up("ada")
    again = await ada.refreshed()
    await world.run("UPDATE refresh_tokens SET spent_at = spent_at - interval '1 minute'")
    await refused(world.subgraph, "refreshLogin", refreshToken=ada.refresh)
    assert await code(world.subgraph, ME, again.headers) == "UNAUTHENTICATED"


async def test_a_valkey_that_lost_everything_ends_sessions_until_they_are_refreshed(world: Users) -> None:
    ada = await world.sign_up("ada")
    await flush()
    assert await code(world.subgraph, ME, ada.headers) == "UNAUTHENTICATED"
    again = await ada.refreshed()
    assert (await again.data(ME))["me"] == {"username": "ada"}


async def test_without_redis_reads_go_on_and_writes_do_not(
    world: Users, stores: Mapping[str, DomainStore], config: SubgraphConfig
) -> None:
    ada = await world.sign_up("ada")
    async with build_domain("users", config, replace(stores["users"], redis=NOWHERE)) as alone:
        assert (await ada.at(alone).data(ME))["me"] == {"username": "ada"}
        assert await denied(alone, "updateProfile", ada.headers, bio="x") == "SERVICE_UNAVAILABLE"
        assert (await ada.at(alone).refreshed()).access
        named = (
            "query Read { me { username } } mutation Write { updateProfile(input: {}) { errors { code } } }"
        )
        for name, good in (("Read", True), ("Write", False)):
            answer = await alone.execute(named, operation_name=name, headers=ada.headers)
            assert ("errors" not in answer) == good


async def test_a_logout_while_redis_is_away_ends_the_session_when_it_is_back(
    world: Users, stores: Mapping[str, DomainStore], config: SubgraphConfig, database: Database
) -> None:
    from db.clients import open_clients

    ada = await world.sign_up("ada")
    async with build_domain("users", config, replace(stores["users"], redis=NOWHERE)) as alone:
        await refused(alone, "logout", refreshToken=ada.refresh)
    async with open_clients(stores["users"], {"redis"}) as clients:
        (queue,) = [task for task in tasks(config, clients) if task.name == "end sessions"]
        while await queue.step():
            pass
    assert await code(world.subgraph, ME, ada.headers) == "UNAUTHENTICATED"


async def test_a_logout_and_a_refresh_at_once_leave_no_login_that_goes_on(world: Users) -> None:
    for number in range(5):
        ada = await world.sign_up(f"ada{number}")
        tokens = {"refreshToken": ada.refresh}
        await asyncio.gather(
            refused(world.subgraph, "refreshLogin", **tokens), refused(world.subgraph, "logout", **tokens)
        )
        going_on = "SELECT 1 FROM refresh_tokens t JOIN logins l ON l.id = t.family_id WHERE NOT t.revoked"
        assert await world.run(f"{going_on} AND l.user_id = CAST(:id AS uuid)", id=ada.id) == []

"""Stores that die, hang, fill up and come back while the whole graph is asked: what is answered, and that
nothing confirmed is lost. docs/domains.md has the table.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from db import postgres, redis
from db.config import DomainStore
from router import Router
from subgraphs.kit import liveness
from subgraphs.users.limits import LOGIN_BY_ACCOUNT
from tests.subgraphs.mesh import meshed
from tests.subgraphs.test_away import OWN, READ, ask, fill
from tests.support.gate import Gate, gate_to
from tests.support.postgres import SHARED, administer, shared_server
from tests.support.valkey import shared_valkey

ANSWER_SECONDS = 2.0
WITHIN_SECONDS = 40.0
"""Connecting and the statement have two seconds each here; the rest is for a busy machine."""
POST = "mutation($text: String!) { createPost(input: {content: $text}) { post { id } errors { code } } }"
AWAY = {"SERVICE_UNAVAILABLE"}
POSTS = "{ posts { nodes { content } } }"
NEEDS_NO_STORE = {"tickets", "payments", "media", "notifications"}
"""What these show to everybody is in none of their tables: rules, keys, a number that Valkey keeps."""
STORED = {domain: field for domain, field in OWN.items() if domain not in NEEDS_NO_STORE}
LISTS = """{ users { nodes { username } } posts { nodes { content } } artists { nodes { name } }
    teachers { nodes { id } } students { nodes { id } } groups { nodes { name } } lessons { nodes { title } }
    newPostCount events { nodes { title } } }"""
FAULTS: Mapping[str, Callable[[Gate], None]] = {"killed": Gate.shut, "hangs": Gate.hang}
every_fault = pytest.mark.parametrize("fault", FAULTS)


@dataclass(frozen=True)
class Gated:
    stores: Mapping[str, DomainStore]
    postgres: Gate
    valkey: Gate

    def only(self, domain: str) -> Mapping[str, DomainStore]:
        """The gate of PostgreSQL is in front of one domain's database alone."""
        direct = shared_server().url
        return {
            name: store if name == domain else replace(store, url=direct(SHARED, store.role))
            for name, store in self.stores.items()
        }


@asynccontextmanager
async def world(stores: Mapping[str, DomainStore], folder: Path) -> AsyncIterator[Router]:
    """A router over all domains, nobody's workers running."""
    async with meshed(stores, folder) as mesh:
        yield mesh.router


@pytest.fixture
async def gated(stores: Mapping[str, DomainStore], monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Gated]:
    monkeypatch.setattr(postgres, "STATEMENT_SECONDS", ANSWER_SECONDS)
    monkeypatch.setattr(postgres, "CONNECT_SECONDS", ANSWER_SECONDS)
    monkeypatch.setattr(redis, "ANSWER_SECONDS", ANSWER_SECONDS)
    async with (
        gate_to(str(shared_server().socket / ".s.PGSQL.5432")) as database,
        gate_to(shared_valkey().url.removeprefix("unix://")) as valkey,
    ):
        reached = {
            name: replace(
                store,
                url=f"postgresql://{store.role}@127.0.0.1:{database.port}/{SHARED}",
                redis=f"redis://127.0.0.1:{valkey.port}",
            )
            for name, store in stores.items()
        }
        yield Gated(reached, database, valkey)


def codes(answer: Mapping[str, Any]) -> set[str]:
    return {error["extensions"]["code"] for error in answer.get("errors", ())}


async def timed(router: Router, query: str, headers: Mapping[str, str], **variables: Any) -> dict[str, Any]:
    began = time.monotonic()
    answer = await ask(router, query, headers, **variables)
    assert time.monotonic() - began < WITHIN_SECONDS
    assert "Traceback" not in str(answer)
    return answer


async def again(router: Router, query: str, headers: Mapping[str, str]) -> dict[str, Any]:
    """As a client that tries again: the answer without errors, in bounded time."""
    async with asyncio.timeout(60):
        while True:
            answer = await ask(router, query, headers)
            if "errors" not in answer:
                return answer
            await asyncio.sleep(0.1)


@every_fault
async def test_postgresql_away_is_said_and_all_is_there_when_it_is_back(
    gated: Gated, tmp_path: Path, fault: str
) -> None:
    async with world(gated.stores, tmp_path) as router:
        headers = await fill(router)
        whole = await again(router, READ, headers)
        FAULTS[fault](gated.postgres)
        for _ in range(2):
            answer = await timed(router, READ, headers)
            assert answer["data"] == whole["data"] | dict.fromkeys(STORED.values())
            assert codes(answer) == AWAY
        lost = await timed(router, POST, headers, text="not confirmed")
        assert (lost["data"], codes(lost)) == ({"createPost": None}, AWAY)
        await gated.postgres.open()
        assert await again(router, READ, headers) == whole


@every_fault
@pytest.mark.parametrize("domain", STORED)
async def test_one_domains_database_away_takes_nobody_elses_data_with_it(
    gated: Gated, tmp_path: Path, fault: str, domain: str
) -> None:
    async with world(gated.only(domain), tmp_path) as router:
        headers = await fill(router)
        whole = (await again(router, LISTS, headers))["data"]
        FAULTS[fault](gated.postgres)
        answer = await timed(router, LISTS, headers)
        assert codes(answer) == AWAY
        assert answer["data"] == whole | {OWN[domain]: None}
        await gated.postgres.open()
        assert (await again(router, LISTS, headers))["data"] == whole


@every_fault
async def test_a_pool_full_of_hung_requests_recovers(
    gated: Gated, tmp_path: Path, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More at once than there are connections: those that wait for one are told so, too."""
    monkeypatch.setattr(postgres, "POOL_SECONDS", ANSWER_SECONDS / 2)
    many = [f"{{ posts(first: {number + 1}) {{ nodes {{ content }} }} }}" for number in range(60)]
    async with world(gated.stores, tmp_path) as router:
        headers = await fill(router)
        FAULTS[fault](gated.postgres)
        answers = await asyncio.gather(*(timed(router, query, headers) for query in many))
        assert [codes(answer) for answer in answers] == [AWAY] * len(many)
        await gated.postgres.open()
        await again(router, POSTS, headers)
        answers = await asyncio.gather(*(again(router, query, headers) for query in many))
        assert {len(answer["data"]["posts"]["nodes"]) for answer in answers} == {1}


async def test_a_full_disk_refuses_writes_and_serves_reads(gated: Gated, tmp_path: Path) -> None:
    """Raised with the state PostgreSQL gives it: a test must not fill the machine's disk."""
    full = """CREATE FUNCTION posts.full_disk() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$"""
    trigger = "CREATE TRIGGER full_disk BEFORE INSERT ON posts.posts EXECUTE FUNCTION posts.full_disk()"
    async with world(gated.stores, tmp_path) as router:
        headers = await fill(router)
        whole = await again(router, READ, headers)
        await administer(shared_server(), full, trigger, database=SHARED)
        try:
            answer = await timed(router, POST, headers, text="too much")
            assert (answer["data"], codes(answer)) == ({"createPost": None}, AWAY)
            assert await ask(router, READ, headers) == whole
        finally:
            await administer(shared_server(), "DROP FUNCTION posts.full_disk CASCADE", database=SHARED)
        assert "errors" not in await ask(router, POST, headers, text="room again")


@pytest.mark.parametrize(
    ("mutation", "given", "twice"),
    [
        ("createPost", {"content": "said"}, 2),
        ("createPost", {"content": "said", "idempotencyKey": "once"}, 1),
        ("attendEvent", {"eventId": "event"}, 1),
        ("followUser", {"userId": "user"}, 1),
        ("refreshLogin", {"refreshToken": "refresh"}, 1),
    ],
)
async def test_a_write_whose_commit_is_not_answered_is_no_success_and_its_repeat_as_promised(
    gated: Gated, tmp_path: Path, mutation: str, given: Mapping[str, str], twice: int
) -> None:
    """It has happened, which nobody can know: who promises that the same twice is once keeps it."""
    async with world(gated.stores, tmp_path) as router:
        facts = await made(router)
        kind = f"{mutation[0].upper()}{mutation[1:]}Input"
        query = f"mutation($input: {kind}!) {{ {mutation}(input: $input) {{ errors {{ code }} }} }}"
        filled = {name: facts.get(value, value) for name, value in given.items()}
        headers = {"authorization": f"Bearer {facts['access']}"}
        gated.postgres.cut_after(b"COMMIT")
        answer = await timed(router, query, headers, input=filled)
        assert gated.postgres.cuts == 1
        assert (answer["data"], codes(answer)) == ({mutation: None}, AWAY)
        repeated = await ask(router, query, headers, input=filled)
        assert repeated == {"data": {mutation: {"errors": []}}}
        counted = await ask(router, COUNTED, headers, event=facts["event"], user=facts["user"])
    assert counts(counted["data"])[mutation] == twice


async def made(router: Router) -> dict[str, str]:
    """Ada's tokens, her event, and somebody to follow."""
    sign_up = """mutation($input: SignUpInput!) { signUp(input: $input) {
        login { accessToken refreshToken user { id } } } }"""
    logins = {}
    for name in ("ada", "grace"):
        given = {"username": name, "email": f"{name}@plait.example", "password": "correct horse"}
        answer = await ask(router, sign_up, input=given)
        logins[name] = answer["data"]["signUp"]["login"]
    headers = {"authorization": f"Bearer {logins['ada']['accessToken']}"}
    starts = datetime.now(UTC) + timedelta(hours=1)
    event = """mutation($a: DateTime!, $b: DateTime!) {
        createEvent(input: {title: "Concert", startsAt: $a, endsAt: $b}) { event { id } } }"""
    times = {"a": starts.isoformat(), "b": (starts + timedelta(hours=1)).isoformat()}
    answer = await ask(router, event, headers, **times)
    return {
        "access": logins["ada"]["accessToken"],
        "refresh": logins["ada"]["refreshToken"],
        "user": logins["grace"]["user"]["id"],
        "event": answer["data"]["createEvent"]["event"]["id"],
    }


COUNTED = """query($event: ID!, $user: ID!) { posts { nodes { content } } me { sessions { id } }
    event(id: $event) { attendees { nodes { username } } } user(id: $user) { followerCount } }"""


def counts(data: Mapping[str, Any]) -> Mapping[str, int]:
    return {
        "createPost": len(data["posts"]["nodes"]),
        "attendEvent": len(data["event"]["attendees"]["nodes"]),
        "followUser": data["user"]["followerCount"],
        "refreshLogin": len(data["me"]["sessions"]),
    }


VALKEY = {**FAULTS, "full": None}
LOGIN = """mutation { login(input: {usernameOrEmail: "ada", password: "correct horse"}) {
    login { accessToken } errors { code } } }"""
REFRESH = """mutation($token: String!) { refreshLogin(input: {refreshToken: $token}) {
    login { accessToken } errors { code } } }"""


@pytest.mark.parametrize("fault", VALKEY)
async def test_valkey_away_or_full_is_as_the_table_of_logins_says(
    gated: Gated, tmp_path: Path, fault: str
) -> None:
    async with world(gated.stores, tmp_path) as router:
        facts = await made(router)
        headers = {"authorization": f"Bearer {facts['access']}"}
        await _break_valkey(gated, fault)
        try:
            read = await timed(router, "{ me { username } posts { nodes { content } } }", headers)
            assert read == {"data": {"me": {"username": "ada"}, "posts": {"nodes": []}}}
            wrote = await timed(router, POST, headers, text="a token that posts has not seen yet")
            assert codes(wrote) == (set() if fault == "full" else AWAY)
            assert codes(await timed(router, LOGIN, {})) == {"RATE_LIMITED"}
            refreshed = await timed(router, REFRESH, {}, token=facts["refresh"])
            assert refreshed["data"]["refreshLogin"]["errors"] == []
        finally:
            await _mend_valkey(gated)
        await asyncio.sleep(liveness.PAUSE_SECONDS)
        assert "errors" not in await again(router, LOGIN, {})
        assert "errors" not in await ask(router, POST, headers, text="it is back")


async def _break_valkey(gated: Gated, fault: str) -> None:
    if fault == "full":
        await _set_memory("1")
    else:
        FAULTS[fault](gated.valkey)


async def _mend_valkey(gated: Gated) -> None:
    await gated.valkey.open()
    await _set_memory("0")


async def _set_memory(most: str) -> None:
    async with AsyncExitStack() as stack:
        store = redis.connect(shared_valkey().url)
        stack.push_async_callback(store.close)
        async with store.use() as client:
            await client.config_set("maxmemory", most)


async def test_valkey_emptied_in_the_middle_is_as_the_table_of_logins_says(
    gated: Gated, tmp_path: Path
) -> None:
    async with world(gated.stores, tmp_path) as router:
        facts = await made(router)
        headers = {"authorization": f"Bearer {facts['access']}"}
        guess = LOGIN.replace("correct horse", "a guess")
        for _ in range(LOGIN_BY_ACCOUNT.count):
            assert codes(await ask(router, guess)) == set()
        assert codes(await ask(router, guess)) == {"RATE_LIMITED"}
        async with redis_of(gated) as client:
            await client.flushall()
        assert "errors" not in await ask(router, POSTS, headers), "what is public is shown to anybody"
        assert codes(await ask(router, POST, headers, text="x")) == {"UNAUTHENTICATED"}
        again = await ask(router, REFRESH, token=facts["refresh"])
        fresh = {"authorization": f"Bearer {again['data']['refreshLogin']['login']['accessToken']}"}
        assert "errors" not in await ask(router, POST, fresh, text="x")
        assert codes(await ask(router, guess)) == set(), "limits start from zero"


@asynccontextmanager
async def redis_of(gated: Gated) -> AsyncIterator[Any]:
    store = redis.connect(f"redis://127.0.0.1:{gated.valkey.port}")
    async with store.use() as client:
        yield client
    await store.close()

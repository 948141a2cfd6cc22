"""The badge, from the request to its end, and who may do which step."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import text

from db.config import DomainStore
from db.postgres import Database, connect
from subgraphs.catalog.repository.departures import forget_manager
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.subgraph import Subgraph
from tests.subgraphs.catalog.test_graphql import artist_of, join
from tests.subgraphs.support import Person, act, build_over, code, config_in, data, denied, refused

SHOWN = """query($id: ID!) { artist(id: $id) { isVerified verification {
    status statement reason decidedAt requestedBy { id } artist { id } } } }"""
QUEUE = """query($status: ArtistVerificationStatus) { artistVerifications(status: $status) {
    totalCount nodes { id } } }"""


@pytest.fixture
def config(tmp_path: Path) -> SubgraphConfig:
    return config_in(tmp_path)


@pytest.fixture
async def database(stores: Mapping[str, DomainStore]) -> AsyncIterator[Database]:
    database = connect(stores["catalog"])
    yield database
    await database.close()


@pytest.fixture
def catalog(database: Database, config: SubgraphConfig) -> Subgraph:
    return build_over(database, "catalog", config)


async def test_a_badge_is_asked_for_refused_with_a_reason_granted_and_taken_back(
    catalog: Subgraph, config: SubgraphConfig, database: Database
) -> None:
    ada, admin = Person(config), Person(config, roles=frozenset({"ROLE_ADMIN"}))
    editor, stranger = Person(config), Person(config)
    artist = await artist_of(catalog, ada)
    await join(catalog, artist, ada, editor, "EDIT_PROFILE")
    ask = {"artistId": artist, "statement": " It is us. "}
    for who in (editor, stranger):
        assert await denied(catalog, "requestArtistVerification", who.headers, **ask) == "FORBIDDEN"
    asked = await asyncio.gather(
        *(refused(catalog, "requestArtistVerification", ada.headers, **ask) for _ in range(5))
    )
    assert sorted(asked) == [[], *[[("CONFLICT", "artistId")]] * 4], "once, also at once"
    (waiting,) = (await data(catalog, QUEUE, admin.headers))["artistVerifications"]["nodes"]
    no = {"verificationId": waiting["id"], "grant": False, "reason": "Who is us?"}
    assert await denied(catalog, "decideArtistVerification", ada.headers, **no) == "FORBIDDEN"
    mute = await refused(catalog, "decideArtistVerification", admin.headers, **no | {"reason": None})
    assert mute == [("INVALID_INPUT", "reason")]
    assert await refused(catalog, "decideArtistVerification", admin.headers, **no) == []
    again = await refused(catalog, "decideArtistVerification", admin.headers, **no)
    assert again == [("CONFLICT", "verificationId")]
    seen = (await data(catalog, SHOWN, editor.headers, id=artist))["artist"]
    told = seen["verification"]
    assert (seen["isVerified"], told["status"], told["reason"]) == (False, "REFUSED", "Who is us?")
    assert (told["statement"], told["requestedBy"]["id"]) == ("It is us.", str(ada.id))
    hidden = {"isVerified": False, "verification": None}
    for headers in (None, stranger.headers):
        assert (await data(catalog, SHOWN, headers, id=artist))["artist"] == hidden

    shown = "verification { id }"
    request = (await act(catalog, "requestArtistVerification", ada.headers, shown, **ask))["verification"]
    yes = {"verificationId": request["id"], "grant": True}
    assert await refused(catalog, "decideArtistVerification", admin.headers, **yes) == []
    assert (await data(catalog, SHOWN, id=artist))["artist"]["isVerified"] is True
    back = {"artistId": artist, "reason": "It was not."}
    assert await denied(catalog, "revokeArtistVerification", ada.headers, **back) == "FORBIDDEN"
    assert await refused(catalog, "revokeArtistVerification", admin.headers, **back) == []
    assert await refused(catalog, "revokeArtistVerification", admin.headers, **back) == [
        ("NOT_FOUND", "artistId")
    ]
    seen = (await data(catalog, SHOWN, ada.headers, id=artist))["artist"]
    assert (seen["isVerified"], seen["verification"]["status"]) == (False, "REVOKED")
    async with database.write() as session:
        await forget_manager(session, ada.id)
        rows = await session.execute(text("SELECT DISTINCT requested_by FROM artist_verifications"))
        assert rows.scalars().all() == [None]


async def test_the_queue_of_requests_is_for_editors(catalog: Subgraph, config: SubgraphConfig) -> None:
    assert await code(catalog, QUEUE, Person(config).headers) == "FORBIDDEN"
    assert await code(catalog, QUEUE) == "UNAUTHENTICATED"

"""Each subgraph taken away in turn: what is left of operations over all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from router import Router
from subgraphs.registry import DOMAINS
from tests.subgraphs.mesh import Mesh, supergraph

READ = """{
    uploadRules { purpose contentTypes }
    users { nodes { username avatar { url } posts { nodes { content } } hostedEvents { nodes { title } }
        attending { nodes { title } } managedArtists { nodes { name } } } }
    posts { nodes { media { url } content permalink author { username } event { title } likeCount
        likes { nodes { username } } comments { nodes { text author { username } } } } }
    artists { nodes { name playCount monthlyListeners
        tracks { nodes { title playCount processing { status } } }
        managers { nodes { username } edges { permissions node { username } } } } }
    teachers { nodes { displayName languages { language } } } students { nodes { displayName } }
    groups { nodes { name } } lessons { nodes { title } } newPostCount unreadNotificationCount
    attendanceKeys { algorithm } paymentMethods
    events { nodes { title ticketTypes { name } host { username } organization { name }
        analytics { funnel { views } }
        posts { nodes { content } }
        attendees { nodes { username } edges { status node { username } } } } } }"""
SHOWS_NOBODY = ("interactions", "processing", "streaming", "analytics")
OWN = {name: name for name in DOMAINS if name not in SHOWS_NOBODY} | {
    "catalog": "artists",
    "calendar": "lessons",
    "feed": "newPostCount",
    "notifications": "unreadNotificationCount",
    "tickets": "attendanceKeys",
    "payments": "paymentMethods",
    "media": "uploadRules",
}
"""The root field of each subgraph that shows something to everybody."""


class Away:
    """Refuses every connection."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        raise ConnectionError("nobody is there")


@asynccontextmanager
async def without(mesh: Mesh, away: str) -> AsyncIterator[Router]:
    """A router over the same services but one."""
    subgraphs: dict[str, Any] = {**mesh.subgraphs, away: Away()}
    async with Router(supergraph(), subgraphs=subgraphs) as router:
        yield router


async def ask(
    router: Router, query: str, headers: Mapping[str, str] | None = None, **variables: Any
) -> dict[str, Any]:
    return await router.execute({"query": query, "variables": variables}, headers=dict(headers or {}))


async def fill(router: Router) -> Mapping[str, str]:
    """Somebody with a post about an event of theirs, an artist and a place at the event."""
    made = await ask(
        router,
        """mutation { signUp(input: {
            username: "ada", email: "ada@plait.example", password: "correct horse"}) {
            login { accessToken } } }""",
    )
    headers = {"authorization": f"Bearer {made['data']['signUp']['login']['accessToken']}"}
    starts = datetime.now(UTC) + timedelta(hours=1)
    times = {"a": starts.isoformat(), "b": (starts + timedelta(hours=1)).isoformat()}
    event = await ask(
        router,
        """mutation($a: DateTime!, $b: DateTime!) {
            createEvent(input: {title: "Concert", startsAt: $a, endsAt: $b}) { event { id } } }""",
        headers,
        **times,
    )
    given = """mutation($id: ID!) { attendEvent(input: {eventId: $id}) { errors { code } }
        createPost(input: {content: "Come", eventId: $id}) { post { id } errors { code } }
        createArtist(input: {name: "Queen"}) { artist { id } errors { code } } }"""
    answer = await ask(router, given, headers, id=event["data"]["createEvent"]["event"]["id"])
    assert "errors" not in answer
    said = """mutation($id: ID!) { likePost(input: {postId: $id}) { errors { code } }
        createComment(input: {postId: $id, text: "Yes"}) { errors { code } } }"""
    liked = await ask(router, said, headers, id=answer["data"]["createPost"]["post"]["id"])
    assert "errors" not in liked
    album = """mutation($id: ID!) { createAlbum(input: {artistId: $id, title: "Debut",
        releaseDate: "2026-05-01", coverUrl: "https://x.example/c.jpg"}) { album { id } } }"""
    made = await ask(router, album, headers, id=answer["data"]["createArtist"]["artist"]["id"])
    track = """mutation($id: ID!) { createTrack(input: {albumId: $id, title: "One", durationSeconds: 60,
        trackNumber: 1}) { errors { code } } }"""
    answer = await ask(router, track, headers, id=made["data"]["createAlbum"]["album"]["id"])
    assert answer == {"data": {"createTrack": {"errors": []}}}
    return headers


async def test_an_operation_over_all_subgraphs_is_answered_whole(mesh: Mesh) -> None:
    headers = await fill(mesh.router)
    answer = await ask(mesh.router, READ, headers)
    assert "errors" not in answer, answer["errors"]
    (post,) = answer["data"]["posts"]["nodes"]
    assert post["event"] == {"title": "Concert"}
    assert (post["likeCount"], post["likes"]["nodes"]) == (1, [{"username": "ada"}])
    assert post["comments"]["nodes"] == [{"text": "Yes", "author": {"username": "ada"}}]
    (user,) = answer["data"]["users"]["nodes"]
    assert user == {
        "username": "ada",
        "avatar": None,
        "posts": {"nodes": [{"content": "Come"}]},
        "hostedEvents": {"nodes": [{"title": "Concert"}]},
        "attending": {"nodes": [{"title": "Concert"}]},
        "managedArtists": {"nodes": [{"name": "Queen"}]},
    }


@pytest.mark.parametrize("away", DOMAINS)
async def test_a_subgraph_that_is_away_takes_nobody_elses_data_with_it(mesh: Mesh, away: str) -> None:
    headers = await fill(mesh.router)
    whole = (await ask(mesh.router, READ, headers))["data"]
    async with without(mesh, away) as router:
        answer = await ask(router, READ, headers)
    assert answer["data"] is not None
    assert answer["errors"]
    left = answer["data"]
    for domain, field in OWN.items():
        if domain == away:
            assert left[field] is None
        else:
            assert left[field] is not None, field
            assert _is_what_is_left(left[field], whole[field]), field


async def test_a_mutation_in_a_subgraph_that_is_away_takes_nothing_from_its_neighbour(mesh: Mesh) -> None:
    query = """mutation { createPost(input: {content: "One"}) { post { content } errors { code } }
        createArtist(input: {name: "Two"}) { artist { name } } }"""
    headers = await fill(mesh.router)
    async with without(mesh, "catalog") as router:
        answer = await ask(router, query, headers)
    assert answer["data"] == {"createPost": {"post": {"content": "One"}, "errors": []}, "createArtist": None}
    assert all(error.get("path", [None])[0] == "createArtist" for error in answer["errors"])


async def test_a_post_about_an_event_that_nobody_may_see_is_no_error(mesh: Mesh) -> None:
    post = """mutation($id: ID!) { createPost(input: {content: "x", eventId: $id}) {
        post { event { id title } } } }"""
    headers = await fill(mesh.router)
    missing = "00000000-0000-4000-8000-000000000000"
    answer = await ask(mesh.router, post, headers, id=missing)
    listed = await ask(mesh.router, "{ posts { nodes { content event { id title } } } }")
    assert answer == {"data": {"createPost": {"post": {"event": None}}}}
    assert "errors" not in listed
    assert [each["event"] is None for each in listed["data"]["posts"]["nodes"]] == [True, False]


async def test_everybodys_number_on_telegram_is_not_in_the_graph(mesh: Mesh) -> None:
    answer = await ask(mesh.router, "{ users { nodes { telegramId } } }")
    assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


def _is_what_is_left(left: Any, whole: Any) -> bool:
    """The same, with null in places, but no object of a list is lost and none loses a scalar of its own."""
    if left is None:
        return True
    if isinstance(left, dict):
        return left.keys() == whole.keys() and all(_is_what_is_left(left[key], whole[key]) for key in left)
    if isinstance(left, list):
        return len(left) == len(whole) and all(map(_is_what_is_left, left, whole))
    return bool(left == whole)

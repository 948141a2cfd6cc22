"""Polls: asked with a post, answered by who sees it, counted exactly, until they close."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
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
from subgraphs.posts.repository.departures import forget_author
from subgraphs.registry import build_domain
from tests.subgraphs.support import Person, act, config_in, data, denied, refused

POLL = "poll { options { id text voteCount viewerHasVoted } allowsSeveral closesAt isClosed voteCount }"
OPTIONS = ("Tea", "Coffee", "Water")


@pytest.fixture
def config(tmp_path: Path) -> SubgraphConfig:
    return config_in(tmp_path)


@pytest.fixture
async def posts(stores: Mapping[str, DomainStore], config: SubgraphConfig) -> AsyncIterator[Subgraph]:
    async with build_domain("posts", config, stores["posts"]) as subgraph:
        yield subgraph


@pytest.fixture
def ada(config: SubgraphConfig) -> Person:
    return Person(config)


@pytest.fixture
def grace(config: SubgraphConfig) -> Person:
    return Person(config)


async def ask(posts: Subgraph, author: Person, poll: Mapping[str, Any] | None = None, **rest: Any) -> Any:
    """The post that asks, and the ids of its options by their text."""
    given = {"content": "What do you drink?", "poll": {"options": list(OPTIONS)} | dict(poll or {})} | rest
    payload = await act(posts, "createPost", author.headers, f"post {{ id type {POLL} }}", **given)
    assert payload["errors"] == []
    post = payload["post"]
    return post, {option["text"]: option["id"] for option in post["poll"]["options"]}


async def vote(posts: Subgraph, voter: Person, post: Any, *options: str) -> Any:
    given = {"postId": post["id"], "optionIds": list(options)}
    payload = await act(posts, "voteInPoll", voter.headers, f"post {{ {POLL} }}", **given)
    assert payload["errors"] == []
    return payload["post"]["poll"]


def counts(poll: Any) -> dict[str, int]:
    return {option["text"]: option["voteCount"] for option in poll["options"]}


async def run(stores: Mapping[str, DomainStore], statement: str) -> list[Any]:
    database = connect(stores["posts"])
    async with database.write() as session:
        result = await session.execute(text(statement))
        rows = [tuple(row) for row in result] if result.returns_rows else []
    await database.close()
    return rows


async def test_a_poll_is_asked_and_shown_in_its_order(posts: Subgraph, ada: Person) -> None:
    closes = (datetime.now(UTC) + timedelta(days=1)).replace(microsecond=0)
    post, _ = await ask(posts, ada, {"closesAt": closes.isoformat()}, content="")
    assert post["type"] == "POLL"
    query = f"query($id: ID!) {{ post(id: $id) {{ {POLL} }} }}"
    shown = (await data(posts, query, id=post["id"]))["post"]["poll"]
    assert [option["text"] for option in shown["options"]] == list(OPTIONS)
    assert {option["viewerHasVoted"] for option in shown["options"]} == {None}
    assert (shown["allowsSeveral"], shown["isClosed"], shown["voteCount"]) == (False, False, 0)
    assert datetime.fromisoformat(shown["closesAt"]) == closes


async def test_one_votes_otherwise_and_takes_it_back(posts: Subgraph, ada: Person, grace: Person) -> None:
    post, ids = await ask(posts, ada)
    assert counts(await vote(posts, grace, post, ids["Tea"])) == {"Tea": 1, "Coffee": 0, "Water": 0}
    again = await vote(posts, grace, post, ids["Tea"])
    assert counts(again) == {"Tea": 1, "Coffee": 0, "Water": 0}, "twice is once"
    assert [option["viewerHasVoted"] for option in again["options"]] == [True, False, False]
    await vote(posts, ada, post, ids["Coffee"])
    assert counts(await vote(posts, grace, post, ids["Coffee"])) == {"Tea": 0, "Coffee": 2, "Water": 0}
    assert counts(await vote(posts, grace, post)) == {"Tea": 0, "Coffee": 1, "Water": 0}


async def test_several_are_chosen_where_that_is_allowed(posts: Subgraph, ada: Person, grace: Person) -> None:
    post, ids = await ask(posts, ada, {"allowsSeveral": True})
    poll = await vote(posts, grace, post, ids["Tea"], ids["Water"])
    assert (counts(poll), poll["voteCount"]) == ({"Tea": 1, "Coffee": 0, "Water": 1}, 2)
    assert counts(await vote(posts, grace, post, ids["Water"], ids["Coffee"])) == {
        "Tea": 0,
        "Coffee": 1,
        "Water": 1,
    }
    one, ids = await ask(posts, ada)
    given = {"postId": one["id"], "optionIds": [ids["Tea"], ids["Water"]]}
    assert await refused(posts, "voteInPoll", grace.headers, **given) == [("INVALID_INPUT", "optionIds")]


async def test_many_votes_at_once_are_counted_exactly(
    posts: Subgraph, config: SubgraphConfig, ada: Person, stores: Mapping[str, DomainStore]
) -> None:
    post, ids = await ask(posts, ada)
    voters = [Person(config) for _ in range(8)]
    changing = [vote(posts, voter, post, ids[choice]) for voter in voters for choice in OPTIONS]
    await asyncio.gather(*changing)
    assert await run(stores, "SELECT sum(vote_count), count(*) FROM poll_options") == [(8, 3)]
    kept = "SELECT count(*), count(DISTINCT user_id) FROM poll_votes"
    assert await run(stores, kept) == [(8, 8)], "one vote each, however often they changed it"
    wrong = """SELECT o.id FROM poll_options o WHERE vote_count <>
        (SELECT count(*) FROM poll_votes v WHERE v.option_id = o.id)"""
    assert await run(stores, wrong) == []


async def test_a_closed_poll_takes_no_votes_and_says_since_when(
    posts: Subgraph, ada: Person, grace: Person, stores: Mapping[str, DomainStore]
) -> None:
    closes = datetime.now(UTC) + timedelta(days=1)
    post, ids = await ask(posts, ada, {"closesAt": closes.isoformat()})
    await vote(posts, grace, post, ids["Tea"])
    await run(stores, "UPDATE polls SET closes_at = now() - interval '1 minute'")
    query = """mutation($input: VoteInPollInput!) { voteInPoll(input: $input) {
        post { id } errors { code path ... on PollClosed { closedAt } } } }"""
    for options in ([ids["Coffee"]], []):
        given = {"postId": post["id"], "optionIds": options}
        payload = (await data(posts, query, grace.headers, input=given))["voteInPoll"]
        (closed,) = payload["errors"]
        assert (payload["post"], closed["code"], closed["path"]) == (None, "POLL_CLOSED", ["postId"])
        assert datetime.fromisoformat(closed["closedAt"]) < datetime.now(UTC)
    shown = f"query($id: ID!) {{ post(id: $id) {{ {POLL} }} }}"
    poll = (await data(posts, shown, grace.headers, id=post["id"]))["post"]["poll"]
    assert (counts(poll), poll["isClosed"]) == ({"Tea": 1, "Coffee": 0, "Water": 0}, True)


@pytest.mark.parametrize(
    ("poll", "path"),
    [
        ({"options": ["One"]}, "poll.options"),
        ({"options": [str(n) for n in range(11)]}, "poll.options"),
        ({"options": ["Tea", " tEA "]}, "poll.options"),
        ({"options": ["Tea", " "]}, "poll.options.1"),
        ({"options": ["Tea", "x" * 101]}, "poll.options.1"),
        ({"closesAt": "2020-01-01T00:00:00Z"}, "poll.closesAt"),
        ({"closesAt": "2999-01-01T00:00:00Z"}, "poll.closesAt"),
    ],
)
async def test_a_poll_that_breaks_rules_says_which(
    posts: Subgraph, ada: Person, poll: dict[str, Any], path: str
) -> None:
    given = {"poll": {"options": list(OPTIONS)} | poll}
    assert await refused(posts, "createPost", ada.headers, **given) == [("INVALID_INPUT", path)]


@pytest.mark.parametrize("more", [{"eventId": str(uuid4())}, {"images": [{"url": "https://x.example/1"}]}])
async def test_a_poll_comes_with_text_alone(posts: Subgraph, ada: Person, more: Any) -> None:
    given = {"poll": {"options": list(OPTIONS)}} | more
    assert await refused(posts, "createPost", ada.headers, **given) == [("INVALID_INPUT", "poll")]


async def test_who_does_not_see_the_post_does_not_vote(posts: Subgraph, ada: Person, grace: Person) -> None:
    post, ids = await ask(posts, ada, visibility="PRIVATE")
    hidden = {"postId": post["id"], "optionIds": [ids["Tea"]]}
    assert await refused(posts, "voteInPoll", grace.headers, **hidden) == [("NOT_FOUND", "postId")]
    assert await denied(posts, "voteInPoll", None, **hidden) == "UNAUTHENTICATED"
    plain = await act(posts, "createPost", ada.headers, "post { id poll { voteCount } }", content="Hi")
    assert plain["post"]["poll"] is None
    given = {"postId": plain["post"]["id"], "optionIds": [ids["Tea"]]}
    assert await refused(posts, "voteInPoll", grace.headers, **given) == [("NOT_FOUND", "postId")]


async def test_an_option_of_another_poll_is_none_of_this_one(
    posts: Subgraph, ada: Person, grace: Person
) -> None:
    post, _ = await ask(posts, ada)
    _, others = await ask(posts, ada)
    for option in (others["Tea"], str(uuid4())):
        given = {"postId": post["id"], "optionIds": [option]}
        assert await refused(posts, "voteInPoll", grace.headers, **given) == [("NOT_FOUND", "optionIds")]
    twice = {"postId": post["id"], "optionIds": [option, option]}
    assert await refused(posts, "voteInPoll", grace.headers, **twice) == [("INVALID_INPUT", "optionIds")]


async def test_editing_the_text_leaves_the_poll(posts: Subgraph, ada: Person, grace: Person) -> None:
    post, ids = await ask(posts, ada)
    await vote(posts, grace, post, ids["Tea"])
    given = {"postId": post["id"], "content": ""}
    edited = await act(posts, "updatePost", ada.headers, f"post {{ type {POLL} }}", **given)
    assert edited["errors"] == []
    assert (edited["post"]["type"], counts(edited["post"]["poll"])["Tea"]) == ("POLL", 1)


async def test_votes_go_with_who_is_gone_and_with_their_post(
    posts: Subgraph, ada: Person, grace: Person, stores: Mapping[str, DomainStore]
) -> None:
    post, ids = await ask(posts, ada)
    await vote(posts, grace, post, ids["Tea"])
    await vote(posts, ada, post, ids["Tea"])
    database = connect(stores["posts"])
    for _ in range(2):
        async with database.write() as session:
            await forget_author(session, grace.id)
        assert await run(stores, "SELECT sum(vote_count) FROM poll_options") == [(1,)]
    await database.close()
    await act(posts, "deletePost", ada.headers, postId=post["id"])
    left = "SELECT (SELECT count(*) FROM polls) + (SELECT count(*) FROM poll_votes)"
    assert await run(stores, left) == [(0,)]

"""Nested lists cost a fixed number of statements, however many parents there are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from db.config import DomainStore
from db.postgres import connect
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.demo import DemoSize, World, demo_id
from subgraphs.registry import demo_of
from tests.subgraphs.support import Person, build_over, config_in, data
from tests.support.postgres import sent_statements

SIZE = DemoSize(users=60, posts=400, artists=60, events=120)
ENTITIES = "query($r: [_Any!]!) { _entities(representations: $r) { ... on User { %s } } }"
FOLLOWS = """followers(first: 5) { nodes { username viewerFollows followerCount } }
    following(first: 5) { edges { followedAt node { id } } }"""
MUSIC = """managedArtists { nodes { name managers { edges { permissions node { id } } } viewerPermissions
    albums(first: 3) { nodes { title durationSeconds
        tracks { title genres { name } album { title } artists { role artist { name } } } } } } }"""
POSTS = (
    """posts(first: 3) { totalCount nodes { content images { url } viewerHasBookmarked bookmarkCount } }"""
)
EVENTS = """hostedEvents { nodes { title venue { name } attendeeCount viewerAttendance
    attendees(first: 3) { nodes { attending(first: 2) { edges { status node { id } } } } } } }"""


@pytest.mark.parametrize(
    ("domain", "selection", "statements"),
    [
        ("users", "followerCount " + FOLLOWS, 6),
        ("posts", POSTS, 5),
        ("catalog", MUSIC, 9),
        ("events", EVENTS, 6),
    ],
)
async def test_fifty_parents_cost_as_many_statements_as_two(
    domain: str, selection: str, statements: int, stores: Mapping[str, DomainStore], tmp_path: Path
) -> None:
    config = config_in(tmp_path)
    counts = {}
    for parents in (2, 50):
        counts[parents] = await _statements(domain, stores[domain], config, ENTITIES % selection, parents)
    assert counts == {2: statements, 50: statements}


async def _statements(
    domain: str, store: DomainStore, config: SubgraphConfig, query: str, parents: int
) -> int:
    database = connect(store)
    await demo_of(domain).seed(database, World(SIZE))
    subgraph = build_over(database, domain, config)
    users = [{"__typename": "User", "id": str(demo_id("user", number))} for number in range(1, parents + 1)]
    with sent_statements(database) as sent:
        answer: dict[str, Any] = await data(subgraph, query, Person(config).headers, r=users)
    await database.close()
    assert len([user for user in answer["_entities"] if user]) == parents
    return len(sent)

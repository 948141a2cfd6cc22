"""What posts said before, whom and what they name, and how they are found by their words.

posts alone, with what users would have told it put there by the test.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from db.clients import Stores, open_clients
from db.config import DomainStore
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.subgraph import Subgraph
from subgraphs.posts.repository.departures import forget_author
from subgraphs.posts.repository.tagging import Tagging
from subgraphs.registry import USES, build_domain
from tests.subgraphs.support import Person, act, code, config_in, data, denied, refused

SEARCH = """query($text: String!, $language: String, $first: Int, $after: String) {
    searchPosts(text: $text, language: $language, first: $first, after: $after) {
        totalCount pageInfo { hasNextPage endCursor } nodes { content } } }"""
TAGS = "id hashtags { name } mentions { label user { id } }"
EDITS = """query($id: ID!) { post(id: $id) { editedAt edits {
    totalCount nodes { content images { url } writtenAt replacedAt } } } }"""
MENTIONED = "SELECT payload->>'user_id' FROM outbox WHERE topic = 'posts.mention' ORDER BY id"
ONE = "query($id: ID!) { post(id: $id) { %s } }"


@dataclass(frozen=True)
class World:
    subgraph: Subgraph
    config: SubgraphConfig
    stores: Stores

    async def run(self, statement: str, **given: Any) -> list[Any]:
        async with self.stores.postgres.write() as session:
            result = await session.execute(text(statement), given)
            return [tuple(row) for row in result] if result.returns_rows else []

    async def person(self, name: str, language: str = "EN") -> Person:
        who = Person(self.config)
        await self.run("INSERT INTO names VALUES (:id, :name)", id=who.id, name=name)
        await self.run("INSERT INTO languages VALUES (:id, :language)", id=who.id, language=language)
        return who

    async def write(self, who: Person, content: str, selection: str = "id", **given: Any) -> Any:
        selection = f"post {{ {selection} }}"
        made = await act(self.subgraph, "createPost", who.headers, selection, content=content, **given)
        assert made["errors"] == []
        return made["post"]

    async def edit(self, who: Person, post: str, selection: str = "id", **given: Any) -> Any:
        selection = f"post {{ {selection} }}"
        edited = await act(self.subgraph, "updatePost", who.headers, selection, postId=post, **given)
        assert edited["errors"] == []
        return edited["post"]

    async def read(self, query: str, who: Person | None = None, **given: Any) -> Any:
        return await data(self.subgraph, query, None if who is None else who.headers, **given)

    async def search(self, who: Person, text: str, **given: Any) -> list[str]:
        found = (await self.read(SEARCH, who, text=text, **given))["searchPosts"]
        return [node["content"] for node in found["nodes"]]

    async def told(self) -> list[UUID]:
        return [UUID(user_id) for (user_id,) in await self.run(MENTIONED)]


@pytest.fixture
async def world(stores: Mapping[str, DomainStore], tmp_path: Path) -> AsyncIterator[World]:
    config, store = config_in(tmp_path), stores["posts"]
    async with (
        build_domain("posts", config, store) as subgraph,
        open_clients(store, USES["posts"]) as opened,
    ):
        yield World(subgraph, config, opened)


async def test_an_edit_keeps_what_was_there_and_a_change_of_readers_is_none(world: World) -> None:
    ada, picture = await world.person("ada"), {"url": "https://x.example/1.png"}
    post = (await world.write(ada, "first", images=[picture]))["id"]
    await world.edit(ada, post, visibility="FOLLOWERS", content="first")
    untouched = (await world.read(EDITS, ada, id=post))["post"]
    assert (untouched["editedAt"], untouched["edits"]["totalCount"]) == (None, 0)
    await world.edit(ada, post, content="second")
    await world.edit(ada, post, images=[])
    found = (await world.read(EDITS, ada, id=post))["post"]
    latest, first = found["edits"]["nodes"]
    assert found["edits"]["totalCount"] == 2
    assert [(each["content"], each["images"]) for each in (latest, first)] == [
        ("second", [picture]),
        ("first", [picture]),
    ]
    assert first["replacedAt"] == latest["writtenAt"] < latest["replacedAt"] == found["editedAt"]


async def test_an_edit_that_is_refused_keeps_nothing(world: World) -> None:
    ada, eve = await world.person("ada"), await world.person("eve")
    post = (await world.write(ada, "first"))["id"]
    refusal = await refused(world.subgraph, "updatePost", ada.headers, postId=post, content=" ")
    assert refusal == [("INVALID_INPUT", "content")]
    denial = await denied(world.subgraph, "updatePost", eve.headers, postId=post, content="x")
    assert denial == "FORBIDDEN"
    assert await world.run("SELECT * FROM post_edits") == []


async def test_whom_a_post_names_is_them_also_under_another_name(world: World) -> None:
    ada, grace = await world.person("ada"), await world.person("grace")
    post = await world.write(ada, "With @Grace and @nobody at #Tea, #tea and #Été", TAGS)
    assert post["hashtags"] == [{"name": "tea"}, {"name": "été"}]
    mentioned = [{"label": "Grace", "user": {"id": str(grace.id)}}]
    assert post["mentions"] == mentioned
    await world.run("UPDATE names SET username = 'hopper' WHERE id = :id", id=grace.id)
    await world.person("grace")
    assert (await world.read(ONE % TAGS, ada, id=post["id"]))["post"]["mentions"] == mentioned
    query = """query($r: [_Any!]!) { _entities(representations: $r) {
        ... on User { mentionedIn { totalCount nodes { id } } } } }"""
    (listed,) = (await world.read(query, ada, r=[{"__typename": "User", "id": str(grace.id)}]))["_entities"]
    assert listed["mentionedIn"] == {"totalCount": 1, "nodes": [{"id": post["id"]}]}


async def test_an_edit_names_others(world: World) -> None:
    ada, grace, eve = [await world.person(name) for name in ("ada", "grace", "eve")]
    post = await world.write(ada, "@grace #one", TAGS)
    edited = await world.edit(ada, post["id"], TAGS, content="@eve @grace #two")
    assert [each["label"] for each in edited["mentions"]] == ["eve", "grace"]
    assert edited["hashtags"] == [{"name": "two"}]
    listed = (await world.read('{ hashtag(name: "one") { posts { totalCount } } }'))["hashtag"]
    assert listed["posts"]["totalCount"] == 0
    assert await world.told() == [grace.id, eve.id], "who was told is not told again"


async def test_who_may_see_a_post_hears_of_being_named_there_and_nobody_else(world: World) -> None:
    people = {name: await world.person(name) for name in ("ada", "follower", "stranger", "blocked")}
    ada, follower = people["ada"], people["follower"]
    await world.run("INSERT INTO follows VALUES (:one, :other)", one=follower.id, other=ada.id)
    await world.run("INSERT INTO blocks VALUES (:one, :other)", one=ada.id, other=people["blocked"].id)
    everybody = "@follower @stranger @blocked @ada"
    await world.write(ada, everybody, visibility="PRIVATE")
    assert await world.told() == []
    await world.write(ada, everybody, visibility="FOLLOWERS")
    assert await world.told() == [follower.id]
    await world.write(ada, everybody)
    assert set((await world.told())[1:]) == {follower.id, people["stranger"].id}
    assert len(await world.told()) == 3


async def test_across_a_block_nobody_is_named(world: World) -> None:
    ada, grace, eve = [await world.person(name) for name in ("ada", "grace", "eve")]
    post = (await world.write(ada, "@grace"))["id"]
    await world.run("INSERT INTO blocks VALUES (:one, :other)", one=grace.id, other=eve.id)
    query = ONE % "mentions { label }"
    assert (await world.read(query, eve, id=post))["post"]["mentions"] == []
    assert (await world.read(query, ada, id=post))["post"]["mentions"] == [{"label": "grace"}]


async def test_who_is_gone_is_named_nowhere(world: World) -> None:
    ada, grace = await world.person("ada"), await world.person("grace")
    await world.write(ada, "@grace")
    async with world.stores.postgres.write() as session:
        await forget_author(session, grace.id)
    assert await world.run("SELECT * FROM post_mentions") == []


async def test_tags_of_posts_that_came_by_another_way_are_read_by_the_worker(world: World) -> None:
    ada, _grace = await world.person("ada"), await world.person("grace")
    copied = "INSERT INTO posts (id, author_id, content) VALUES (:id, :author, 'for @grace #copied')"
    await world.run(copied, id=uuid4(), author=ada.id)
    query = '{ hashtag(name: "copied") { posts { nodes { mentions { label } } } } }'
    assert (await world.read(query))["hashtag"]["posts"]["nodes"] == []
    assert await Tagging(world.stores.postgres).step()
    assert not await Tagging(world.stores.postgres).step()
    assert (await world.read(query))["hashtag"]["posts"]["nodes"] == [{"mentions": [{"label": "grace"}]}]
    assert await world.run("SELECT * FROM untagged") == []
    assert await world.told() == [], "nobody hears late of what was written long ago"


async def test_words_are_found_in_their_forms_in_the_language_of_the_post(world: World) -> None:
    ada, udo = await world.person("ada"), await world.person("udo", "DE")
    await world.write(ada, "Running along the river")
    await world.write(udo, "Alte Häuser am Fluss")
    await world.write(udo, "Бегущая строка", language="ru")
    assert await world.search(ada, "runs") == ["Running along the river"], "in one's own language"
    assert await world.search(udo, "Haus") == ["Alte Häuser am Fluss"]
    assert await world.search(ada, "häusern") == [], "English has no such forms"
    assert await world.search(ada, "häusern", language="DE") == ["Alte Häuser am Fluss"]
    assert await world.search(ada, "häuser") == ["Alte Häuser am Fluss"], "as it is written, in any"
    assert await world.search(ada, "бегущие", language="ru") == ["Бегущая строка"]
    posts = (await world.read("{ posts { nodes { language } } }"))["posts"]["nodes"]
    assert [each["language"] for each in posts] == ["ru", "de", "en"]


async def test_the_best_posts_come_first_and_pages_go_on_where_they_ended(world: World) -> None:
    ada, last = await world.person("ada"), "a long evening, and then after all of it: tea"
    for content in ("tea", "tea tea with tea", "coffee", last):
        await world.write(ada, content)
    best = await world.search(ada, "tea")
    assert best == ["tea tea with tea", "tea", last]
    first = (await world.read(SEARCH, ada, text="tea", first=2))["searchPosts"]
    assert first["totalCount"] == 3
    rest = await world.search(ada, "tea", first=2, after=first["pageInfo"]["endCursor"])
    assert [node["content"] for node in first["nodes"]] + rest == best
    assert await world.search(ada, '"tea with" -coffee') == ["tea tea with tea"]
    assert await world.search(ada, "evenings -tea") == []
    assert await world.search(ada, "the tea -evenings") == best[:2], "words that say nothing are passed over"
    assert sorted(await world.search(ada, "coffee or evening")) == [last, "coffee"]


async def test_what_is_edited_is_found_by_what_it_says_now(world: World) -> None:
    ada = await world.person("ada")
    post = (await world.write(ada, "apples"))["id"]
    await world.edit(ada, post, content="pears")
    assert (await world.search(ada, "apple"), await world.search(ada, "pear")) == ([], ["pears"])


async def test_a_text_or_a_language_that_nobody_could_mean_is_refused(world: World) -> None:
    for given in ({"text": ""}, {"text": " "}, {"text": "x" * 101}, {"text": "\x00"}, {"language": "e1"}):
        assert await code(world.subgraph, SEARCH, **{"text": "tea", **given}) == "BAD_USER_INPUT"
    ada = await world.person("ada")
    wrong = await refused(world.subgraph, "createPost", ada.headers, content="x", language="english!")
    assert wrong == [("INVALID_INPUT", "language")]


async def test_words_of_nothing_but_signs_find_nothing_and_break_nothing(world: World) -> None:
    ada = await world.person("ada")
    await world.write(ada, "the")
    for typed in ("!!!", "' : & | ! ()", '"', "<->", "\\", "-the"):
        assert await world.search(ada, typed) == []
    assert await world.search(ada, "the") == ["the"], "a word that says little is one still"

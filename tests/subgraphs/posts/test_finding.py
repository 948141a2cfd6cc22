"""What posts said before, whom and what they name, and how they are found by their words: in the whole
graph.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from db.config import DomainStore
from tests.subgraphs.mesh import Mesh, Person, meshed

SEARCH = """query($text: String!, $language: String, $first: Int, $after: String) {
    searchPosts(text: $text, language: $language, first: $first, after: $after) {
        totalCount pageInfo { hasNextPage endCursor } nodes { content } } }"""
TAGS = "post { id hashtags { name } mentions { label user { username } } }"
EDITS = """query($id: ID!) { post(id: $id) { editedAt edits {
    totalCount nodes { content images { url } writtenAt replacedAt } } } }"""
MENTIONED = "SELECT payload FROM outbox WHERE topic = 'posts.mention' ORDER BY id"


@pytest.fixture
async def mesh(stores: Mapping[str, DomainStore], tmp_path: Path) -> AsyncIterator[Mesh]:
    async with meshed(stores, tmp_path) as mesh:
        yield mesh


async def people(mesh: Mesh, *names: str) -> list[Person]:
    found = [await mesh.sign_up(name) for name in names]
    await mesh.settle()
    return found


async def write(who: Person, content: str, selection: str = "post { id }", **given: Any) -> Any:
    return (await who.act("createPost", selection, content=content, **given))["post"]


async def search(who: Person, text: str, **given: Any) -> list[str]:
    found = (await who.ask(SEARCH, text=text, **given))["searchPosts"]
    return [node["content"] for node in found["nodes"]]


async def told(mesh: Mesh) -> list[Any]:
    return [payload["user_id"] for (payload,) in await mesh.run("posts", MENTIONED)]


async def test_an_edit_keeps_what_was_there_and_a_change_of_readers_is_none(mesh: Mesh) -> None:
    (ada,) = await people(mesh, "ada")
    picture = {"url": "https://x.example/1.png"}
    post = (await write(ada, "first", images=[picture]))["id"]
    await ada.act("updatePost", "post { id }", postId=post, visibility="FOLLOWERS", content="first")
    untouched = (await ada.ask(EDITS, id=post))["post"]
    assert (untouched["editedAt"], untouched["edits"]["totalCount"]) == (None, 0)
    await ada.act("updatePost", "post { id }", postId=post, content="second")
    await ada.act("updatePost", "post { id }", postId=post, images=[])
    found = (await ada.ask(EDITS, id=post))["post"]
    latest, first = found["edits"]["nodes"]
    assert found["edits"]["totalCount"] == 2
    assert [(each["content"], each["images"]) for each in (latest, first)] == [
        ("second", [picture]),
        ("first", [picture]),
    ]
    assert first["replacedAt"] == latest["writtenAt"] < latest["replacedAt"] == found["editedAt"]


async def test_an_edit_that_is_refused_keeps_nothing(mesh: Mesh) -> None:
    ada, eve = await people(mesh, "ada", "eve")
    post = (await write(ada, "first"))["id"]
    assert await ada.refused("updatePost", postId=post, content=" ") == [("INVALID_INPUT", "content")]
    await mesh.router.execute(
        {
            "query": """mutation($id: ID!) {
                updatePost(input: {postId: $id, content: "x"}) { post { id } } }""",
            "variables": {"id": post},
        },
        headers={"authorization": f"Bearer {eve.access}"},
    )
    assert await mesh.run("posts", "SELECT * FROM post_edits") == []


async def test_whom_a_post_names_is_them_also_under_another_name(mesh: Mesh) -> None:
    ada, grace = await people(mesh, "ada", "grace")
    post = await write(ada, "With @Grace and @nobody at #Tea, #tea and #Été", TAGS)
    assert post["hashtags"] == [{"name": "tea"}, {"name": "été"}]
    assert post["mentions"] == [{"label": "Grace", "user": {"username": "grace"}}]
    await mesh.run("users", "UPDATE users SET username = 'hopper' WHERE id = :id", id=grace.id)
    await mesh.settle()
    again = await ada.ask(
        f"query($id: ID!) {{ {TAGS.replace('post {', 'post(id: $id) {', 1)} }}", id=post["id"]
    )
    assert again["post"]["mentions"] == [{"label": "Grace", "user": {"username": "hopper"}}]
    listed = "query($id: ID!) { user(id: $id) { mentionedIn { totalCount nodes { id } } } }"
    assert (await ada.ask(listed, id=grace.id))["user"]["mentionedIn"]["nodes"] == [{"id": post["id"]}]


async def test_an_edit_names_others(mesh: Mesh) -> None:
    ada, grace, eve = await people(mesh, "ada", "grace", "eve")
    post = await write(ada, "@grace #one", TAGS)
    edited = await ada.act("updatePost", TAGS, postId=post["id"], content="@eve @grace #two")
    assert [each["label"] for each in edited["post"]["mentions"]] == ["eve", "grace"]
    assert edited["post"]["hashtags"] == [{"name": "two"}]
    listed = (await ada.ask('{ hashtag(name: "one") { posts { totalCount } } }'))["hashtag"]
    assert listed["posts"]["totalCount"] == 0
    assert await told(mesh) == [grace.id, eve.id], "who was told is not told again"


async def test_who_may_see_a_post_hears_of_being_named_there_and_nobody_else(mesh: Mesh) -> None:
    ada, follower, stranger, blocked = await people(mesh, "ada", "follower", "stranger", "blocked")
    await follower.act("followUser", "user { id }", userId=ada.id)
    await ada.act("blockUser", "user { id }", userId=blocked.id)
    await mesh.settle()
    everybody = "@follower @stranger @blocked @ada"
    await write(ada, everybody, visibility="PRIVATE")
    assert await told(mesh) == []
    await write(ada, everybody, visibility="FOLLOWERS")
    assert await told(mesh) == [follower.id]
    await write(ada, everybody)
    assert sorted((await told(mesh))[1:]) == sorted([follower.id, stranger.id])


async def test_across_a_block_nobody_is_named(mesh: Mesh) -> None:
    ada, grace, eve = await people(mesh, "ada", "grace", "eve")
    post = (await write(ada, "@grace"))["id"]
    await grace.act("blockUser", "user { id }", userId=eve.id)
    await mesh.settle()
    query = "query($id: ID!) { post(id: $id) { mentions { label } } }"
    assert (await eve.ask(query, id=post))["post"]["mentions"] == []
    assert (await ada.ask(query, id=post))["post"]["mentions"] == [{"label": "grace"}]


async def test_who_is_gone_is_named_nowhere(mesh: Mesh) -> None:
    ada, grace = await people(mesh, "ada", "grace")
    await write(ada, "@grace")
    await grace.act("deleteAccount", "userId", password="correct horse")
    await mesh.settle()
    assert await mesh.run("posts", "SELECT * FROM post_mentions") == []


async def test_tags_of_posts_that_came_by_another_way_are_read_by_the_worker(mesh: Mesh) -> None:
    ada, _grace = await people(mesh, "ada", "grace")
    copied = "INSERT INTO posts (id, author_id, content) VALUES (:id, :author, 'for @grace #copied')"
    await mesh.run("posts", copied, id=uuid4(), author=ada.id)
    query = '{ hashtag(name: "copied") { posts { nodes { mentions { label } } } } }'
    assert (await ada.ask(query))["hashtag"]["posts"]["nodes"] == []
    await mesh.settle()
    assert (await ada.ask(query))["hashtag"]["posts"]["nodes"] == [{"mentions": [{"label": "grace"}]}]
    assert await mesh.run("posts", "SELECT * FROM untagged") == []
    assert await told(mesh) == [], "nobody hears late of what was written long ago"


async def test_words_are_found_in_their_forms_in_the_language_of_the_post(mesh: Mesh) -> None:
    ada, udo = await people(mesh, "ada", "udo")
    await udo.act("updateSettings", "settings { language }", language="DE")
    await mesh.settle()
    await write(ada, "Running along the river")
    await write(udo, "Alte Häuser am Fluss")
    await write(udo, "Бегущая строка", language="ru")
    assert await search(ada, "runs") == ["Running along the river"], "in one's own language"
    assert await search(udo, "Haus") == ["Alte Häuser am Fluss"]
    assert await search(ada, "häusern") == [], "English has no such forms"
    assert await search(ada, "häusern", language="DE") == ["Alte Häuser am Fluss"]
    assert await search(ada, "häuser") == ["Alte Häuser am Fluss"], "as it is written, in any"
    assert await search(ada, "бегущие", language="ru") == ["Бегущая строка"]
    post = (await ada.ask("{ posts { nodes { language } } }"))["posts"]["nodes"]
    assert [each["language"] for each in post] == ["ru", "de", "en"]


async def test_the_best_posts_come_first_and_pages_go_on_where_they_ended(mesh: Mesh) -> None:
    (ada,) = await people(mesh, "ada")
    for content in ("tea", "tea tea with tea", "coffee", "a long evening, and then after all of it: tea"):
        await write(ada, content)
    best = await search(ada, "tea")
    assert best[0] == "tea tea with tea"
    assert len(best) == 3
    first = (await ada.ask(SEARCH, text="tea", first=2))["searchPosts"]
    assert first["totalCount"] == 3
    rest = await search(ada, "tea", first=2, after=first["pageInfo"]["endCursor"])
    assert [node["content"] for node in first["nodes"]] + rest == best
    assert await search(ada, '"tea with" -coffee') == ["tea tea with tea"]
    assert await search(ada, "evenings -tea") == []
    assert await search(ada, "the tea -evenings") == best[:2], "words that say nothing are passed over"
    assert sorted(await search(ada, "coffee or evening")) == [
        "a long evening, and then after all of it: tea",
        "coffee",
    ]


async def test_what_is_edited_is_found_by_what_it_says_now(mesh: Mesh) -> None:
    (ada,) = await people(mesh, "ada")
    post = (await write(ada, "apples"))["id"]
    await ada.act("updatePost", "post { id }", postId=post, content="pears")
    assert (await search(ada, "apple"), await search(ada, "pear")) == ([], ["pears"])


@pytest.mark.parametrize("text", ["", " ", "x" * 101, "\x00"])
async def test_a_text_that_nobody_could_mean_is_refused(mesh: Mesh, text: str) -> None:
    answer = await mesh.router.execute({"query": SEARCH, "variables": {"text": text}})
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_words_of_nothing_but_signs_find_nothing_and_break_nothing(mesh: Mesh) -> None:
    (ada,) = await people(mesh, "ada")
    await write(ada, "the")
    for text in ("!!!", "' : & | ! ()", '"', "<->", "\\", "-the"):
        assert await search(ada, text) == []
    assert await search(ada, "the") == ["the"], "a word that says little is one still"

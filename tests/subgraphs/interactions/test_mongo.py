"""What is particular to likes and comments in MongoDB: shapes, indexes, and a server or process that dies."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import text

from db.clients import Stores, open_clients
from db.config import DomainStore
from db.errors import StoreUnavailable
from subgraphs.interactions.repository import mongo as adapter
from subgraphs.interactions.repository import mongo_indexes
from subgraphs.interactions.repository.mongo import MongoInteractionRepository
from subgraphs.interactions.repository.mongo_telling import MongoTelling
from subgraphs.interactions.values import CommentId, NewComment, PersonId, Post, PostId
from subgraphs.kit.audit import Actor
from subgraphs.registry import USES
from tests.subgraphs.interactions.killing import killed_at
from tests.support.ferretdb import MISSING, PROGRAM, a_folder, ferretdb, free_port

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=MISSING)
ADA, AUTHOR = PersonId(uuid4()), PersonId(uuid4())


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with a_folder() as folder, ferretdb(folder, free_port()) as url:
        yield url


@pytest.fixture
async def opened(stores: Mapping[str, DomainStore], url: str) -> AsyncIterator[Stores]:
    async with open_clients(replace(stores["interactions"], mongo=url), USES["interactions"]) as opened:
        assert opened.mongo is not None
        async with opened.mongo.use() as database:
            for name in ("likes", "comments", "post_counts", "migrations"):
                await database[name].drop()
        yield opened


def repository(opened: Stores) -> MongoInteractionRepository:
    assert opened.mongo is not None
    return MongoInteractionRepository(opened.mongo, opened.postgres)


def a_post() -> Post:
    return Post(PostId(uuid4()), AUTHOR)


async def told(opened: Stores, interactions: MongoInteractionRepository) -> list[str]:
    await MongoTelling(interactions, opened.postgres).step()
    async with opened.postgres.read() as session:
        return list((await session.execute(text("SELECT type FROM outbox ORDER BY id"))).scalars())


async def test_documents_have_the_fields_of_the_seed(opened: Stores) -> None:
    interactions, post = repository(opened), a_post()
    await interactions.like_post(post, ADA)
    await interactions.add_comment(NewComment(CommentId(uuid4()), post, None, ADA, "Отличное фото!"))
    async with interactions.use() as store:
        like, comment = await store["likes"].find_one({}), await store["comments"].find_one({})
    assert {"_id", "user_id", "post_id", "created_at"} <= set(like)
    assert (like["user_id"], like["post_id"]) == (ADA, post.id)
    assert {"_id", "user_id", "post_id", "text", "created_at", "updated_at"} <= set(comment)
    assert (comment["user_id"], comment["text"]) == (ADA, "Отличное фото!")


async def test_indexes_are_made_once_and_can_be_taken_back(opened: Stores) -> None:
    assert opened.mongo is not None
    async with opened.mongo.use() as database:
        assert await mongo_indexes.apply(database) == len(mongo_indexes.HISTORY)
        assert await mongo_indexes.apply(database) == 0
        made = set(await database["likes"].index_information())
        assert {"one_of_a_person", "of_a_target", "of_a_post", "untold", "_id_"} == made
        await mongo_indexes.take_back(database)
        assert set(await database["likes"].index_information()) == {"_id_"}
        assert await mongo_indexes.apply(database) == len(mongo_indexes.HISTORY)


async def test_a_process_that_is_killed_between_like_and_count_leaves_both_right_when_it_is_told(
    opened: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    interactions, post = repository(opened), a_post()
    await interactions.like_post(post, PersonId(uuid4()))
    with killed_at(monkeypatch, (adapter, "count")):
        await interactions.like_post(post, ADA)
    assert (await interactions.read_counts([post.id]))[post.id].likes == 1
    assert await told(opened, interactions) == ["PostLiked", "PostLiked"]
    assert (await interactions.read_counts([post.id]))[post.id].likes == 2


async def test_a_teller_that_is_killed_before_its_note_tells_nothing_twice(
    opened: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    interactions, post = repository(opened), a_post()
    await interactions.like_post(post, ADA)
    with killed_at(monkeypatch, (MongoTelling, "_note")):
        await told(opened, interactions)
    assert await told(opened, interactions) == ["PostLiked"]


async def test_what_is_gone_and_told_leaves_no_document(opened: Stores) -> None:
    interactions, post, nobody = repository(opened), a_post(), Actor(None)
    await interactions.like_post(post, ADA)
    await interactions.unlike_post(post, ADA)
    root, answer = CommentId(uuid4()), CommentId(uuid4())
    await interactions.add_comment(NewComment(root, post, None, ADA, "root"))
    await interactions.add_comment(NewComment(answer, post, root, ADA, "answer"))
    for comment_id in (root, answer):
        (comment,) = (await interactions.find_comments([comment_id])).values()
        await interactions.remove_comment(comment, nobody)
        await told(opened, interactions)
    gone = ["PostLiked", "PostUnliked", "CommentAdded", "CommentRemoved", "CommentAdded", "CommentRemoved"]
    assert sorted(await told(opened, interactions)) == sorted(gone)
    async with interactions.use() as store:
        assert await store["likes"].count_documents({}) == 0
        assert await store["comments"].count_documents({}) == 0


async def test_likes_go_on_when_mongodb_is_back_and_those_it_confirmed_are_there(
    stores: Mapping[str, DomainStore],
) -> None:
    post, port = a_post(), free_port()
    with a_folder() as folder:
        with ferretdb(folder, port) as url:
            store = replace(stores["interactions"], mongo=url)
            async with open_clients(store, USES["interactions"]) as opened:
                interactions = repository(opened)
                await interactions.like_post(post, ADA)
        async with open_clients(store, USES["interactions"]) as opened:
            interactions = repository(opened)
            with pytest.raises(StoreUnavailable, match="MongoDB"):
                await interactions.like_post(post, AUTHOR)
            with ferretdb(folder, port):
                counts = await interactions.like_post(post, AUTHOR)
    assert counts is not None
    assert counts.likes == 2

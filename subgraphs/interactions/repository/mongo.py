"""Likes and comments in MongoDB, through motor. Each operation changes one document and leaves its message in
it; what is counted of it is another one. A process that is killed in between has left a message: whoever
tells it counts the post anew (repository/mongo_telling.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from db.mongo import MongoStore
from db.postgres import Database, WriteSession
from subgraphs.interactions.repository import messages, mongo_indexes
from subgraphs.interactions.repository.mongo_documents import (
    FIELDS,
    LIVE,
    SHOWN,
    TIMES,
    WRITTEN,
    Document,
    comment_document,
    comment_of,
    counts_of,
    like_document,
    like_of,
    not_by,
    now,
    sorting,
    untold,
    window,
)
from subgraphs.interactions.repository.protocol import Hidden
from subgraphs.interactions.values import (
    DEEPEST,
    Comment,
    CommentId,
    CommentOrder,
    Counts,
    Like,
    NewComment,
    NoParent,
    PersonId,
    Post,
    PostId,
)
from subgraphs.kit import audit
from subgraphs.kit.audit import Actor
from subgraphs.kit.outbox import Message
from subgraphs.kit.pages import Page, PageRequest

AFTER = ReturnDocument.AFTER


class MongoInteractionRepository:
    def __init__(self, mongo: MongoStore, database: Database) -> None:
        self._mongo = mongo
        self._database = database
        self._indexing = asyncio.Lock()
        self._is_indexed = False

    @asynccontextmanager
    async def use(self) -> AsyncIterator[Any]:
        """The database, with its indexes."""
        async with self._mongo.use() as found:
            if not self._is_indexed:
                async with self._indexing:
                    await mongo_indexes.apply(found)
                    self._is_indexed = True
            yield found

    async def like_post(self, post: Post, user: PersonId) -> Counts | None:
        async with self.use() as store:
            if await _gone(store, post.id):
                return None
            if not await _add_like(store, post.id, post.id, user, messages.post_liked(post, user)):
                return await _counts(store, post.id)
            counts = await _count(store, post.id, like_count=1)
            if await _gone(store, post.id):
                await self._forget(store, [post.id])
                return None
            return counts

    async def unlike_post(self, post: Post, user: PersonId) -> Counts:
        async with self.use() as store:
            if await _take_like(store, post.id, user, messages.post_unliked(post, user)):
                return await _count(store, post.id, like_count=-1)
            return await _counts(store, post.id)

    async def like_comment(self, comment_id: CommentId, user: PersonId) -> Comment | None:
        async with self.use() as store:
            found = await store["comments"].find_one({"_id": comment_id, **WRITTEN})
            if found is None:
                return None
            comment, target = comment_of(found), {"_id": comment_id, **WRITTEN}
            told = messages.comment_liked(comment, user)
            if not await _add_like(store, comment_id, comment.post_id, user, told):
                return comment
            more = {"$inc": {"like_count": 1}}
            liked = await store["comments"].find_one_and_update(target, more, return_document=AFTER)
            if liked is None:
                await store["likes"].delete_many({"target_id": comment_id})
                return None
            return comment_of(liked)

    async def unlike_comment(self, comment_id: CommentId, user: PersonId) -> Comment | None:
        async with self.use() as store:
            found = await store["comments"].find_one({"_id": comment_id, **WRITTEN})
            if found is None:
                return None
            told = messages.comment_unliked(comment_of(found), user)
            if not await _take_like(store, comment_id, user, told):
                return comment_of(found)
            less = {"$inc": {"like_count": -1}}
            left = await store["comments"].find_one_and_update(
                {"_id": comment_id, **WRITTEN}, less, return_document=AFTER
            )
            return None if left is None else comment_of(left)

    async def add_comment(self, new: NewComment) -> tuple[Comment, Counts] | NoParent | None:
        async with self.use() as store:
            if await _gone(store, new.post.id):
                return None
            parent: Comment | None = None
            if new.parent_id is not None:
                answered = await _answered(store, new.parent_id, new.post.id)
                if isinstance(answered, NoParent):
                    return answered
                parent = answered
            made = comment_document(new, 0 if parent is None else parent.depth + 1)
            told = messages.comment_added(comment_of(made), parent)
            await store["comments"].insert_one(made | {"untold": [told.to_dict()]})
            counts = await _count(store, new.post.id, comment_count=1)
            if await _gone(store, new.post.id):
                await self._forget(store, [new.post.id])
                return None
            return comment_of(made), counts

    async def edit_comment(
        self, comment_id: CommentId, author: PersonId, text: str, actor: Actor
    ) -> Comment | None:
        edited = now()
        change = {"$set": {"text": text, "edited_at": edited, "updated_at": edited}}
        async with self.use() as store:
            mine = {"_id": comment_id, "user_id": author}
            found = await store["comments"].find_one_and_update(mine, change, return_document=AFTER)
        if found is None:
            return None
        async with self._database.write() as session:
            await audit.record(session, actor, "update", "comment", comment_id)
        return comment_of(found)

    async def remove_comment(self, comment: Comment, actor: Actor) -> Counts:
        async with self.use() as store:
            removed = await _take_out(store, {"_id": comment.id})
            counts = await _counts(store, comment.post_id)
        if removed:
            async with self._database.write() as session:
                await audit.record(session, actor, "delete", "comment", comment.id)
        return counts

    async def find_comments(self, ids: Sequence[CommentId]) -> Mapping[CommentId, Comment]:
        async with self.use() as store:
            found = store["comments"].find({"_id": {"$in": list(ids)}, **SHOWN})
            return {each["_id"]: comment_of(each) async for each in found}

    async def find_liked(self, user: PersonId, targets: Sequence[UUID]) -> frozenset[UUID]:
        wanted = {"user_id": user, "target_id": {"$in": list(targets)}, **LIVE}
        async with self.use() as store:
            return frozenset([each["target_id"] async for each in store["likes"].find(wanted)])

    async def list_likes(
        self, targets: Sequence[UUID], hidden: Hidden, page: PageRequest
    ) -> Mapping[UUID, Page[Like]]:
        async with self.use() as store:

            async def one(target: UUID) -> Page[Like]:
                parts = [{"target_id": target, **LIVE}, not_by(hidden), window(TIMES, page)]
                return Page.cut(
                    [like_of(each) for each in await _listed(store["likes"], parts, TIMES, page)], page
                )

            return dict(zip(targets, await asyncio.gather(*map(one, targets)), strict=True))

    async def list_comments(
        self, threads: Sequence[UUID], order: CommentOrder, hidden: Hidden, page: PageRequest
    ) -> Mapping[UUID, Page[Comment]]:
        fields = FIELDS[order]
        async with self.use() as store:

            async def one(thread: UUID) -> Page[Comment]:
                parts = [{"thread_id": thread}, SHOWN, not_by(hidden), window(fields, page)]
                found = await _listed(store["comments"], parts, fields, page)
                return Page.cut([comment_of(each) for each in found], page)

            return dict(zip(threads, await asyncio.gather(*map(one, threads)), strict=True))

    async def count_comments(self, threads: Sequence[UUID], hidden: Hidden) -> Mapping[UUID, int]:
        async with self.use() as store:

            async def one(thread: UUID) -> int:
                parts = [{"thread_id": thread}, SHOWN, not_by(hidden)]
                return int(await store["comments"].count_documents(_all(parts)))

            return dict(zip(threads, await asyncio.gather(*map(one, threads)), strict=True))

    async def read_counts(self, posts: Sequence[PostId]) -> Mapping[PostId, Counts]:
        async with self.use() as store:
            found = store["post_counts"].find({"_id": {"$in": list(posts)}})
            return {each["_id"]: counts_of(each) async for each in found}

    async def forget_person(self, _session: WriteSession, user: UUID) -> None:
        async with self.use() as store:
            async for like in store["likes"].find({"user_id": user}):
                gone = await store["likes"].delete_one({"_id": like["_id"]})
                if gone.deleted_count and not like["is_gone"]:
                    await _uncount_like(store, like)
            await _take_out(store, {"user_id": user})

    async def forget_posts(self, _session: WriteSession, posts: Sequence[PostId]) -> None:
        async with self.use() as store:
            closed = {"like_count": 0, "comment_count": 0, "is_gone": True}
            for post_id in posts:
                change = {"$set": closed, "$inc": {"revision": 1}}
                await store["post_counts"].update_one({"_id": post_id}, change, upsert=True)
            await self._forget(store, posts)

    async def recount(self, _session: WriteSession) -> None:
        """O(posts and comments), a few reads each: it is for what a kill has left wrong."""
        async with self.use() as store:
            async for each in store["post_counts"].find({"is_gone": {"$ne": True}}):
                await count_anew(store, each["_id"])
            async for comment in store["comments"].find({}):
                liked = await store["likes"].count_documents({"target_id": comment["_id"], **LIVE})
                replies = await store["comments"].count_documents({"thread_id": comment["_id"], **SHOWN})
                right = {"like_count": liked, "reply_count": replies}
                if any(comment[name] != number for name, number in right.items()):
                    await store["comments"].update_one({"_id": comment["_id"]}, {"$set": right})

    async def _forget(self, store: Any, posts: Sequence[PostId]) -> None:
        for name in ("likes", "comments"):
            await store[name].delete_many({"post_id": {"$in": list(posts)}})


async def count_anew(store: Any, post_id: PostId) -> None:
    likes = await store["likes"].count_documents({"target_id": post_id, **LIVE})
    comments = await store["comments"].count_documents({"post_id": post_id, **WRITTEN})
    right = {"like_count": likes, "comment_count": comments}
    wrong = {"_id": post_id, "$or": [{name: {"$ne": number}} for name, number in right.items()]}
    await store["post_counts"].update_one(wrong, {"$set": right, "$inc": {"revision": 1}})


async def _add_like(store: Any, target: UUID, post_id: PostId, user: PersonId, told: Message) -> bool:
    """Whether it is new."""
    try:
        await store["likes"].insert_one(like_document(target, post_id, user, told))
    except DuplicateKeyError:
        again = {"$set": {"is_gone": False, "is_told": False, "created_at": now()}, **untold(told)}
        taken = {"user_id": user, "target_id": target, "is_gone": True}
        return bool((await store["likes"].update_one(taken, again)).modified_count)
    return True


async def _take_like(store: Any, target: UUID, user: PersonId, told: Message) -> bool:
    """It stays as gone until its message is told."""
    mine = {"user_id": user, "target_id": target, **LIVE}
    gone = {"$set": {"is_gone": True, "is_told": False}, **untold(told)}
    return bool((await store["likes"].update_one(mine, gone)).modified_count)


async def _uncount_like(store: Any, like: Document) -> None:
    if like["target_id"] == like["post_id"]:
        await _count(store, like["post_id"], like_count=-1)
    else:
        await store["comments"].update_one({"_id": like["target_id"]}, {"$inc": {"like_count": -1}})


async def _count(store: Any, post_id: PostId, **change: int) -> Counts:
    more = {"$inc": {**change, "revision": 1}}
    found = await store["post_counts"].find_one_and_update(
        {"_id": post_id}, more, upsert=True, return_document=AFTER
    )
    return counts_of(found)


async def _counts(store: Any, post_id: PostId) -> Counts:
    found = await store["post_counts"].find_one({"_id": post_id})
    return Counts() if found is None else counts_of(found)


async def _gone(store: Any, post_id: PostId) -> bool:
    return await store["post_counts"].find_one({"_id": post_id, "is_gone": True}) is not None


async def _answered(store: Any, parent_id: CommentId, post_id: PostId) -> Comment | NoParent:
    """The comment with one answer more."""
    there = {"_id": parent_id, "post_id": post_id, **WRITTEN}
    answered = {**there, "depth": {"$lt": DEEPEST}}
    more = {"$inc": {"reply_count": 1}}
    found = await store["comments"].find_one_and_update(answered, more, return_document=AFTER)
    if found is not None:
        return comment_of(found)
    return NoParent.GONE if await store["comments"].find_one(there) is None else NoParent.TOO_DEEP


async def _take_out(store: Any, which: Document) -> int:
    """Those that were not removed before; how many. Bears being killed: the rest is done the next time."""
    removed = 0
    async for found in store["comments"].find({"$and": [which, WRITTEN]}):
        comment = comment_of(found)
        emptied = {"user_id": None, "text": None, "like_count": 0, "is_told": False}
        change = {"$set": emptied, **untold(messages.comment_removed(comment))}
        left = await store["comments"].find_one_and_update(
            {"_id": comment.id, **WRITTEN}, change, return_document=AFTER
        )
        if left is None:
            continue
        removed += 1
        await store["likes"].delete_many({"target_id": comment.id})
        await _count(store, comment.post_id, comment_count=-1)
        await _prune(store, left)
    return removed


async def _prune(store: Any, left: Document) -> None:
    """A removed one without answers is shown no longer, and is one answer less of what it is under."""
    while left["reply_count"] == 0 and left["parent_id"] is not None:
        less = {"$inc": {"reply_count": -1}}
        above = await store["comments"].find_one_and_update(
            {"_id": left["parent_id"]}, less, return_document=AFTER
        )
        if above is None or above["user_id"] is not None:
            return
        left = above


async def _listed(
    collection: Any, parts: Sequence[Document], fields: Sequence[str], page: PageRequest
) -> list[Document]:
    found = collection.find(_all(parts)).sort(sorting(fields, page)).limit(page.limit + 1)
    return [each async for each in found]


def _all(parts: Sequence[Document]) -> Document:
    return {"$and": [part for part in parts if part]}

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

from db.mongo import MongoStore
from db.postgres import Database, WriteSession
from subgraphs.interactions.repository import messages, mongo_indexes
from subgraphs.interactions.repository.deciding import note_decision, note_once, undecided, unnoted
from subgraphs.interactions.repository.mongo_documents import (
    FIELDS,
    LIVE,
    SHOWN,
    TIMES,
    WRITTEN,
    carrying,
    comment_document,
    comment_of,
    counts_of,
    every,
    like_of,
    listed,
    not_by,
    now,
    window,
)
from subgraphs.interactions.repository.mongo_writes import (
    AFTER,
    add_like,
    answered,
    count,
    count_anew,
    counts_in,
    is_gone,
    take_like,
    take_out,
    uncount_like,
)
from subgraphs.interactions.repository.protocol import Hidden
from subgraphs.interactions.values import (
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
from subgraphs.kit.audit import Actor
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.records import MOST, told
from subgraphs.kit.reports import Decision


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
            if await is_gone(store, post.id):
                return None
            if not await add_like(store, post.id, post.id, user, messages.post_liked(post, user)):
                return await counts_in(store, post.id)
            counts = await count(store, post.id, like_count=1)
            if await is_gone(store, post.id):
                await self._forget(store, [post.id])
                return None
            return counts

    async def unlike_post(self, post: Post, user: PersonId) -> Counts:
        async with self.use() as store:
            if await take_like(store, post.id, user, messages.post_unliked(post, user)):
                return await count(store, post.id, like_count=-1)
            return await counts_in(store, post.id)

    async def like_comment(self, comment_id: CommentId, user: PersonId) -> Comment | None:
        async with self.use() as store:
            found = await store["comments"].find_one({"_id": comment_id, **WRITTEN})
            if found is None:
                return None
            comment, target = comment_of(found), {"_id": comment_id, **WRITTEN}
            told = messages.comment_liked(comment, user)
            if not await add_like(store, comment_id, comment.post_id, user, told):
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
            if not await take_like(store, comment_id, user, told):
                return comment_of(found)
            less = {"$inc": {"like_count": -1}}
            left = await store["comments"].find_one_and_update(
                {"_id": comment_id, **WRITTEN}, less, return_document=AFTER
            )
            return None if left is None else comment_of(left)

    async def add_comment(self, new: NewComment) -> tuple[Comment, Counts] | NoParent | None:
        async with self.use() as store:
            if await is_gone(store, new.post.id):
                return None
            parent: Comment | None = None
            if new.parent_id is not None:
                found = await answered(store, new.parent_id, new.post.id)
                if isinstance(found, NoParent):
                    return found
                parent = found
            made = comment_document(new, 0 if parent is None else parent.depth + 1)
            told = messages.comment_added(comment_of(made), parent)
            await store["comments"].insert_one(made | {"untold": [told.to_dict()]})
            counts = await count(store, new.post.id, comment_count=1)
            if await is_gone(store, new.post.id):
                await self._forget(store, [new.post.id])
                return None
            return comment_of(made), counts

    async def edit_comment(
        self, comment_id: CommentId, author: PersonId, text: str, actor: Actor
    ) -> Comment | None:
        edited = now()
        after = {"text": text, "edited_at": edited, "updated_at": edited, "is_told": False}
        change = {"$set": after, **carrying(unnoted("update", actor))}
        async with self.use() as store:
            mine = {"_id": comment_id, "user_id": author}
            found = await store["comments"].find_one_and_update(mine, change, return_document=AFTER)
        if found is None:
            return None
        await self._note_carried(comment_id)
        return comment_of(found)

    async def remove_comment(
        self, comment: Comment, actor: Actor, decision: Decision | None = None
    ) -> Counts:
        carried = unnoted("delete", actor)
        if decision is not None:
            carried |= undecided(comment, decision)
        async with self.use() as store:
            await take_out(store, {"_id": comment.id}, carried)
            counts = await counts_in(store, comment.post_id)
        await self._note_carried(comment.id)
        return counts

    async def mark_comment(self, comment: Comment, decision: Decision, *, is_hidden: bool) -> Comment | None:
        hidden = {"hidden_at": now() if is_hidden else None, "is_told": False}
        change = {"$set": hidden, **carrying(undecided(comment, decision))}
        async with self.use() as store:
            there = {"_id": comment.id, **WRITTEN}
            found = await store["comments"].find_one_and_update(there, change, return_document=AFTER)
        if found is None:
            return None
        await self._note_carried(comment.id)
        return comment_of(found)

    async def note_decision(self, comment: Comment, decision: Decision) -> None:
        """Instead of it, what a process that was killed has left to note."""
        if not await self._note_carried(comment.id):
            async with self._database.write() as session:
                await note_decision(session, comment, decision)

    async def note_carried(self, found: Mapping[str, Any]) -> bool:
        """What was done with a comment and its document carries still; whether there was something."""
        carried = found.get("unnoted", [])
        async with self._database.write() as session:
            for each in carried:
                await note_once(session, found["_id"], each)
        return bool(carried)

    async def _note_carried(self, comment_id: CommentId) -> bool:
        """And it carries that no more, unless more was written since: then who tells that finds it noted."""
        async with self.use() as store:
            found = await store["comments"].find_one({"_id": comment_id})
            if found is None or not await self.note_carried(found):
                return False
            same = {"_id": comment_id, "writes": found["writes"]}
            await store["comments"].update_one(same, {"$set": {"unnoted": []}})
        return True

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
                    [like_of(each) for each in await listed(store["likes"], parts, TIMES, page)], page
                )

            return dict(zip(targets, await asyncio.gather(*map(one, targets)), strict=True))

    async def list_comments(
        self, threads: Sequence[UUID], order: CommentOrder, hidden: Hidden, page: PageRequest
    ) -> Mapping[UUID, Page[Comment]]:
        fields = FIELDS[order]
        async with self.use() as store:

            async def one(thread: UUID) -> Page[Comment]:
                parts = [{"thread_id": thread}, SHOWN, not_by(hidden), window(fields, page)]
                found = await listed(store["comments"], parts, fields, page)
                return Page.cut([comment_of(each) for each in found], page)

            return dict(zip(threads, await asyncio.gather(*map(one, threads)), strict=True))

    async def count_comments(self, threads: Sequence[UUID], hidden: Hidden) -> Mapping[UUID, int]:
        async with self.use() as store:

            async def one(thread: UUID) -> int:
                parts = [{"thread_id": thread}, SHOWN, not_by(hidden)]
                return int(await store["comments"].count_documents(every(parts)))

            return dict(zip(threads, await asyncio.gather(*map(one, threads)), strict=True))

    async def read_counts(self, posts: Sequence[PostId]) -> Mapping[PostId, Counts]:
        async with self.use() as store:
            found = store["post_counts"].find({"_id": {"$in": list(posts)}})
            return {each["_id"]: counts_of(each) async for each in found}

    async def export_person(self, user: UUID) -> Mapping[str, Sequence[Any]]:
        shown: dict[str, Any] = {"untold": False, "is_told": False, "writes": False, "unnoted": False}
        mine = {"likes": {"user_id": user, **LIVE}, "comments": {"user_id": user}}
        found: dict[str, Sequence[Any]] = {}
        async with self.use() as store:
            for name, which in mine.items():
                rows = store[name].find(which, shown).limit(MOST + 1)
                found[name] = [told(row) async for row in rows]
        return found

    async def forget_person(self, _session: WriteSession, user: UUID) -> None:
        async with self.use() as store:
            async for like in store["likes"].find({"user_id": user}):
                gone = await store["likes"].delete_one({"_id": like["_id"]})
                if gone.deleted_count and not like["is_gone"]:
                    await uncount_like(store, like)
            await take_out(store, {"user_id": user})

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

"""Single writes to MongoDB's documents, each one operation on one document and its message in it."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from subgraphs.interactions.repository import messages
from subgraphs.interactions.repository.mongo_documents import (
    LIVE,
    WRITTEN,
    Document,
    carrying,
    comment_of,
    counts_of,
    like_document,
    now,
    untold,
)
from subgraphs.interactions.values import DEEPEST, Comment, CommentId, Counts, NoParent, PersonId, PostId
from subgraphs.kit.outbox import Message

AFTER = ReturnDocument.AFTER


async def count_anew(store: Any, post_id: PostId) -> None:
    likes = await store["likes"].count_documents({"target_id": post_id, **LIVE})
    comments = await store["comments"].count_documents({"post_id": post_id, **WRITTEN})
    right = {"like_count": likes, "comment_count": comments}
    wrong = {"_id": post_id, "$or": [{name: {"$ne": number}} for name, number in right.items()]}
    await store["post_counts"].update_one(wrong, {"$set": right, "$inc": {"revision": 1}})


async def add_like(store: Any, target: UUID, post_id: PostId, user: PersonId, told: Message) -> bool:
    """Whether it is new."""
    try:
        await store["likes"].insert_one(like_document(target, post_id, user, told))
    except DuplicateKeyError:
        again = {"$set": {"is_gone": False, "is_told": False, "created_at": now()}, **untold(told)}
        taken = {"user_id": user, "target_id": target, "is_gone": True}
        return bool((await store["likes"].update_one(taken, again)).modified_count)
    return True


async def take_like(store: Any, target: UUID, user: PersonId, told: Message) -> bool:
    """It stays as gone until its message is told."""
    mine = {"user_id": user, "target_id": target, **LIVE}
    gone = {"$set": {"is_gone": True, "is_told": False}, **untold(told)}
    return bool((await store["likes"].update_one(mine, gone)).modified_count)


async def uncount_like(store: Any, like: Document) -> None:
    if like["target_id"] == like["post_id"]:
        await count(store, like["post_id"], like_count=-1)
    else:
        await store["comments"].update_one({"_id": like["target_id"]}, {"$inc": {"like_count": -1}})


async def count(store: Any, post_id: PostId, **change: int) -> Counts:
    """Of two who count a post for the first time, one adds it; the other one counts what was added."""
    more = {"$inc": {**change, "revision": 1}}
    counting = partial(store["post_counts"].find_one_and_update, {"_id": post_id}, more)
    try:
        found = await counting(upsert=True, return_document=AFTER)
    except DuplicateKeyError:
        found = await counting(upsert=True, return_document=AFTER)
    return counts_of(found)


async def counts_in(store: Any, post_id: PostId) -> Counts:
    found = await store["post_counts"].find_one({"_id": post_id})
    return Counts() if found is None else counts_of(found)


async def is_gone(store: Any, post_id: PostId) -> bool:
    return await store["post_counts"].find_one({"_id": post_id, "is_gone": True}) is not None


async def answered(store: Any, parent_id: CommentId, post_id: PostId) -> Comment | NoParent:
    """The comment with one answer more."""
    there = {"_id": parent_id, "post_id": post_id, **WRITTEN}
    answered = {**there, "depth": {"$lt": DEEPEST}}
    more = {"$inc": {"reply_count": 1}}
    found = await store["comments"].find_one_and_update(answered, more, return_document=AFTER)
    if found is not None:
        return comment_of(found)
    return NoParent.GONE if await store["comments"].find_one(there) is None else NoParent.TOO_DEEP


async def take_out(store: Any, which: Document, carried: Document | None = None) -> None:
    """Those that were not removed before. Bears being killed: the rest is done the next time. `carried` is
    what is to be noted of it.
    """
    async for found in store["comments"].find({"$and": [which, WRITTEN]}):
        comment = comment_of(found)
        emptied = {"user_id": None, "text": None, "like_count": 0, "is_told": False}
        told = messages.comment_removed(comment)
        change = {"$set": emptied, **(untold(told) if carried is None else carrying(carried, told))}
        left = await store["comments"].find_one_and_update(
            {"_id": comment.id, **WRITTEN}, change, return_document=AFTER
        )
        if left is None:
            continue
        await store["likes"].delete_many({"target_id": comment.id})
        await count(store, comment.post_id, comment_count=-1)
        await _prune(store, left)


async def _prune(store: Any, left: Document) -> None:
    """A removed one without answers is shown no longer, and is one answer less of what it is under. What is
    above is told once more: it may have no reason to stay now.
    """
    while left["reply_count"] == 0 and left["parent_id"] is not None:
        less = {"$inc": {"reply_count": -1, "writes": 1}, "$set": {"is_told": False}}
        above = await store["comments"].find_one_and_update(
            {"_id": left["parent_id"]}, less, return_document=AFTER
        )
        if above is None or above["user_id"] is not None:
            return
        left = above

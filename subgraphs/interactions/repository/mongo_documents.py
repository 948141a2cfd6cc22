"""Likes and comments as MongoDB's documents, in the shape of seed 000, and pages of them.

Every write leaves its message in the document that it changes, in the same operation (`untold`, and `is_told`
for finding it): repository/mongo_telling.py puts it into the outbox.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from subgraphs.interactions.repository.protocol import Hidden
from subgraphs.interactions.values import Comment, CommentOrder, Counts, Like, NewComment, PersonId, PostId
from subgraphs.kit.outbox import Message
from subgraphs.kit.pages import PageRequest

Document = dict[str, Any]
TIMES = ("created_at", "_id")
FIELDS = {
    CommentOrder.NEWEST: TIMES,
    CommentOrder.OLDEST: TIMES,
    CommentOrder.MOST_LIKED: ("like_count", *TIMES),
}
LIVE: Document = {"is_gone": False}
WRITTEN: Document = {"user_id": {"$ne": None}}
SHOWN: Document = {"$or": [WRITTEN, {"reply_count": {"$gt": 0}}]}
"""A comment that was removed is in its place for as long as it has answers."""


def now() -> datetime:
    """MongoDB keeps milliseconds."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def untold(message: Message) -> Document:
    return {"$push": {"untold": message.to_dict()}, "$inc": {"writes": 1}}


def carrying(carried: Document, *told: Message) -> Document:
    """What is to be noted of this write (by the audit, as a decision), and what is told of it."""
    pushed = {"unnoted": carried, **({"untold": told[0].to_dict()} if told else {})}
    return {"$push": pushed, "$inc": {"writes": 1}}


def like_document(target: UUID, post_id: PostId, user: PersonId, message: Message) -> Document:
    return {
        "_id": uuid4(),
        "target_id": target,
        "post_id": post_id,
        "user_id": user,
        "created_at": now(),
        "is_gone": False,
        "is_told": False,
        "writes": 1,
        "untold": [message.to_dict()],
    }


def comment_document(new: NewComment, depth: int) -> Document:
    written = now()
    return {
        "_id": new.id,
        "post_id": new.post.id,
        "post_author_id": new.post.author_id,
        "parent_id": new.parent_id,
        "thread_id": new.parent_id or new.post.id,
        "depth": depth,
        "user_id": new.author_id,
        "text": new.text,
        "like_count": 0,
        "reply_count": 0,
        "created_at": written,
        "updated_at": written,
        "edited_at": None,
        "is_told": False,
        "writes": 1,
        "untold": [],
    }


def comment_of(found: Mapping[str, Any]) -> Comment:
    return Comment(
        id=found["_id"],
        post_id=found["post_id"],
        post_author_id=found["post_author_id"],
        parent_id=found["parent_id"],
        depth=found["depth"],
        author_id=found["user_id"],
        text=found["text"],
        like_count=found["like_count"],
        reply_count=found["reply_count"],
        created_at=found["created_at"],
        updated_at=found["updated_at"],
        edited_at=found["edited_at"],
        hidden_at=found.get("hidden_at"),
    )


def like_of(found: Mapping[str, Any]) -> Like:
    return Like(found["_id"], found["target_id"], found["user_id"], found["created_at"])


def counts_of(found: Mapping[str, Any]) -> Counts:
    return Counts(found.get("like_count", 0), found.get("comment_count", 0), found["revision"])


def not_by(hidden: Hidden) -> Document:
    return {} if hidden is None else {"user_id": {"$nin": list(hidden)}}


def window(fields: Sequence[str], request: PageRequest) -> Document:
    """What lies between the page's bounds: for each, the first field that differs decides."""
    falling = request.ordering.descending
    bounds = [(request.after, True), (request.before, False)]
    parts = [
        _beyond(fields, position, "$gt" if is_after != falling else "$lt")
        for position, is_after in bounds
        if position is not None
    ]
    return {"$and": parts} if parts else {}


def sorting(fields: Sequence[str], request: PageRequest) -> list[tuple[str, int]]:
    direction = -1 if request.ordering.descending != request.backward else 1
    return [(field, direction) for field in fields]


def _beyond(fields: Sequence[str], position: Sequence[object], operator: str) -> Document:
    pairs = list(zip(fields, position, strict=True))
    return {
        "$or": [{**dict(pairs[:at]), field: {operator: value}} for at, (field, value) in enumerate(pairs)]
    }


async def listed(
    collection: Any, parts: Sequence[Document], fields: Sequence[str], page: PageRequest
) -> list[Document]:
    found = collection.find(every(parts)).sort(sorting(fields, page)).limit(page.limit + 1)
    return [each async for each in found]


def every(parts: Sequence[Document]) -> Document:
    return {"$and": [part for part in parts if part]}

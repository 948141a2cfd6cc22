"""The history of MongoDB's indexes: a numbered list, of which each entry is applied once. Never change one
that was released: add another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

UP, DOWN = 1, -1
TIMES = (("created_at", DOWN), ("_id", DOWN))


@dataclass(frozen=True, slots=True)
class Index:
    collection: str
    name: str
    keys: tuple[tuple[str, int], ...]
    unique: bool = False


HISTORY = (
    Index("likes", "one_of_a_person", (("user_id", UP), ("target_id", UP)), unique=True),
    Index("likes", "of_a_target", (("target_id", UP), *TIMES)),
    Index("likes", "of_a_post", (("post_id", UP),)),
    Index("likes", "untold", (("is_told", UP),)),
    Index("comments", "of_a_thread", (("thread_id", UP), *TIMES)),
    Index("comments", "most_liked", (("thread_id", UP), ("like_count", DOWN), *TIMES)),
    Index("comments", "of_a_person", (("user_id", UP),)),
    Index("comments", "of_a_post", (("post_id", UP),)),
    Index("comments", "untold", (("is_told", UP),)),
)


async def apply(database: Any) -> int:
    """Those that were not; how many. Two at once both succeed: making an index that is there is nothing."""
    applied = {entry["_id"] async for entry in database["migrations"].find({})}
    missing = [(number, index) for number, index in enumerate(HISTORY, 1) if number not in applied]
    for number, index in missing:
        await database[index.collection].create_index(list(index.keys), name=index.name, unique=index.unique)
        await database["migrations"].update_one(
            {"_id": number}, {"$set": {"name": f"{index.collection}.{index.name}"}}, upsert=True
        )
    return len(missing)


async def take_back(database: Any, to: int = 0) -> None:
    """Those after number `to`, the latest first."""
    for number, index in reversed(list(enumerate(HISTORY, 1))[to:]):
        await database[index.collection].drop_index(index.name)
        await database["migrations"].delete_one({"_id": number})

"""From MongoDB's documents to the outbox, at least once each.

    find is_told: false ── messages into the outbox, by their ids ── note what is unnoted
        ── count the posts anew ── is_told: true

Killed anywhere, it is done again: a message that is in the outbox already is passed over.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from db.arrays import among
from db.postgres import Database
from subgraphs.interactions.repository.mongo import MongoInteractionRepository
from subgraphs.interactions.repository.mongo_writes import count_anew
from subgraphs.kit import outbox
from subgraphs.kit.outbox import Message
from subgraphs.kit.outbox.tables import outbox as waiting

BATCH = 100


class MongoTelling:
    """A task."""

    name = "untold"

    def __init__(self, interactions: MongoInteractionRepository, database: Database) -> None:
        self._interactions = interactions
        self._database = database

    async def step(self) -> bool:
        async with self._interactions.use() as store:
            told = [await self._tell(store, name) for name in ("likes", "comments")]
        return any(told)

    async def _tell(self, store: Any, name: str) -> int:
        found = [each async for each in store[name].find({"is_told": False}).limit(BATCH)]
        if found:
            await self._add([message for each in found for message in each["untold"]])
            for each in found:
                await self._interactions.note_carried(each)
            for post_id in dict.fromkeys(each["post_id"] for each in found):
                await count_anew(store, post_id)
            for each in found:
                await self._note(store[name], each)
        return len(found)

    async def _add(self, told: list[dict[str, Any]]) -> None:
        listed = [Message.from_dict(each) for each in told]
        ids = [message.id for message in listed]
        async with self._database.write() as session:
            there = select(waiting.c.message_id).where(among(waiting.c.message_id, ids))
            known = frozenset((await session.execute(there)).scalars())
            await outbox.add(session, *(message for message in listed if message.id not in known))

    async def _note(self, collection: Any, told: dict[str, Any]) -> None:
        """What was written since keeps it untold. What is gone and told has no reason to stay."""
        same = {"_id": told["_id"], "writes": told["writes"]}
        if told.get("is_gone") or (told.get("user_id") is None and told["reply_count"] == 0):
            await collection.delete_one(same)
        else:
            await collection.update_one(same, {"$set": {"is_told": True, "untold": [], "unnoted": []}})

"""What interactions does about what it hears: of posts that are gone, of blocks, of its own writes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from db.postgres import WriteSession
from subgraphs.interactions.models import blocks
from subgraphs.interactions.repository.counters import Counters
from subgraphs.interactions.repository.protocol import InteractionRepository
from subgraphs.interactions.values import Counts, PostId
from subgraphs.kit.news import keep_copy
from subgraphs.kit.outbox import Message


@dataclass(frozen=True, slots=True)
class Hearing:
    interactions: InteractionRepository
    counters: Counters

    async def of_posts(self, session: WriteSession, message: Message) -> None:
        if message.type == "PostsTold" and message.payload["gone"]:
            posts = [PostId(UUID(row["id"])) for row in message.payload["gone"]]
            await self.interactions.forget_posts(session, posts)

    async def of_blocks(self, session: WriteSession, message: Message) -> None:
        if message.type == "BlocksTold":
            await keep_copy(session, blocks, message)

    async def of_ourselves(self, _session: WriteSession, message: Message) -> None:
        """Who wrote may have been killed before Redis had the new number. Raises StoreUnavailable."""
        post_id = PostId(UUID(message.key))
        found = await self.interactions.read_counts([post_id])
        await self.counters.put({post_id: found.get(post_id, Counts())})

"""Who blocks whom: a copy of what the users domain tells, for who sees whose playlists."""

from __future__ import annotations

from db.postgres import WriteSession
from subgraphs.catalog.models import blocks
from subgraphs.kit.news import keep_copy
from subgraphs.kit.outbox import Message


async def hear_blocks(session: WriteSession, message: Message) -> None:
    """Of `users.blocks`."""
    if message.type == "BlocksTold":
        await keep_copy(session, blocks, message)

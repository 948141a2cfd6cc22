"""What the users domain does when nobody asks: sessions that could not be ended at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from db.clients import Stores
from db.postgres import WriteSession
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.jobs import Queue
from subgraphs.kit.outbox import Relay
from subgraphs.kit.sessions import Sessions
from subgraphs.kit.worker import Task
from subgraphs.users.repository.postgres_logins import END_SESSIONS


def tasks(_config: SubgraphConfig, stores: Stores) -> Sequence[Task]:
    sessions = Sessions(stores.redis)

    async def end_sessions(_session: WriteSession, payload: Mapping[str, Any]) -> None:
        await sessions.end(*payload["ids"])

    return [
        Relay("users", stores.postgres, stores.redis),
        Queue(END_SESSIONS, end_sessions, stores.postgres),
    ]

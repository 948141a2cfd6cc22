"""Events that everybody may see, read through Redis: what was ever published, and lists of what is.

    find_by_ids(ids, reader)  ── in Redis, or loaded as nobody ──► the public ones
                              └─ the others ── as the reader ────► drafts of theirs (never in Redis)

What is kept is what somebody who is not logged in may see, so no reader gets what another one may. Row-level
security holds for what is loaded as for every read. `aqstream:event:event:{id}` for five minutes, dropped by
each change; `aqstream:event:events:list:{params_hash}` for one, dropped by each change of what is public.
What a worker changes (events that are over, those of who is gone) is read as it was for so long at most; an
event that is over is known by its time.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from uuid import UUID

from msgspec import structs

from db.postgres import Database
from db.redis import RedisStore
from subgraphs.events.repository.postgres_events import PostgresEventRepository
from subgraphs.events.values import Event, EventFilter, EventId, EventStatus, Reader
from subgraphs.kit.cache import TTL_SECONDS, Cache
from subgraphs.kit.cached_lists import CachedLists
from subgraphs.kit.pages import Page, PageRequest

NOBODY = Reader()
PUBLIC = frozenset({EventStatus.PUBLISHED})


class CachedEventRepository(PostgresEventRepository):
    """`cached`: of `events` and `event_lists`, those that are read through Redis."""

    def __init__(self, database: Database, redis: RedisStore, cached: Collection[str]) -> None:
        super().__init__(database)
        self._cached = cached
        self._kept = Cache(redis, "event", "event", Event, self._load, seconds=TTL_SECONDS["event"])
        lists = TTL_SECONDS["public_list"]
        self._lists = CachedLists(redis, "event", "events", Page[Event], seconds=lists)

    async def find_by_ids(self, ids: Sequence[EventId], reader: Reader) -> Mapping[EventId, Event]:
        if "events" not in self._cached:
            return await super().find_by_ids(ids, reader)
        kept = await self._kept.get_many([str(one) for one in ids])
        found = {event.id: _as_of_now(event) for event in kept.values()}
        others = [one for one in ids if one not in found]
        if others and reader.user_id is not None:
            found |= await super().find_by_ids(others, reader)
        return found

    async def list_events(self, wanted: EventFilter, reader: Reader, request: PageRequest) -> Page[Event]:
        """Published events are everybody's; any other list is its reader's."""
        if "event_lists" not in self._cached or wanted.statuses != PUBLIC:
            return await super().list_events(wanted, reader, request)

        async def load() -> Page[Event]:
            return await super(CachedEventRepository, self).list_events(wanted, NOBODY, request)

        return await self._lists.get(_parameters(wanted, request), load)

    async def _changed(self, *ids: EventId) -> None:
        if "events" in self._cached:
            await self._kept.invalidate(*map(str, ids))
        if "event_lists" in self._cached:
            await self._lists.invalidate()

    async def _load(self, identifiers: Sequence[str]) -> Mapping[str, Event]:
        ids = [EventId(UUID(identifier)) for identifier in identifiers]
        return {str(one): event for one, event in (await super().find_by_ids(ids, NOBODY)).items()}


def _parameters(wanted: EventFilter, request: PageRequest) -> Mapping[str, object]:
    """All that the list depends on but the moment."""
    window = (request.limit, request.after, request.before, request.backward)
    return {"wanted": asdict(wanted), "order": request.ordering.name, "window": window}


def _as_of_now(event: Event) -> Event:
    if event.status is EventStatus.PUBLISHED and event.ends_at <= datetime.now(UTC):
        return structs.replace(event, status=EventStatus.COMPLETED)
    return event

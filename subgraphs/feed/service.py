"""Reading one's timeline, and how far one has read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db.errors import StoreUnavailable
from subgraphs.feed.repository import FeedPages, PostgresFeedRepository
from subgraphs.feed.repository.pages import MOST_PAGES, SIZE
from subgraphs.feed.values import MOST_COUNTED, NEWEST, Entry, PersonId, PostId
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import BadUserInput, Refused
from subgraphs.kit.loading import Loader
from subgraphs.kit.pages import Page, PageRequest, Position
from subgraphs.kit.user_errors import invalid

MOST_POSTS = SIZE * MOST_PAGES


@dataclass(frozen=True, slots=True)
class KeptIds:
    """What may be in timelines: from Redis, where they are put when they are not there."""

    feed: PostgresFeedRepository
    pages: FeedPages

    async def find(self, users: Sequence[PersonId]) -> Mapping[PersonId, Sequence[PostId]]:
        """Nothing of anybody while Redis is away."""
        found = {user: await self._ids(user) for user in users}
        return {user: ids for user, ids in found.items() if ids is not None}

    async def _ids(self, user: PersonId) -> list[PostId] | None:
        try:
            found = await self.pages.find(user)
            if found is not None:
                return found
            await self.pages.keep_a_place(user)
            ids = await self.feed.newest_ids(user, MOST_POSTS)
            await self.pages.put(user, ids)
        except StoreUnavailable as error:
            if error.store != "Redis":
                raise
            return None
        return ids


@dataclass(frozen=True, slots=True)
class Feed:
    """Of one request: ids are loaded once, whatever it asks of a timeline."""

    feed: PostgresFeedRepository
    ids: Loader[PersonId, Sequence[PostId] | None]

    async def list_entries(self, viewer: Viewer, request: PageRequest) -> Page[Entry]:
        user = PersonId(viewer.id)
        ids = await self.ids.load(user)
        if ids is None or request.backward:
            return await self.feed.list_all(user, request)
        page = await self.feed.list_among(user, ids, request)
        if page.has_next or len(ids) < MOST_POSTS - SIZE:
            return page
        return await self.feed.list_all(user, request)

    async def count_entries(self, viewer: Viewer) -> int:
        return await self.feed.count_all(PersonId(viewer.id))

    async def count_new(self, viewer: Viewer, since: str | None) -> int:
        """After a cursor, or after what was noted as seen; MOST_COUNTED at most. Raises BadUserInput."""
        user = PersonId(viewer.id)
        position = None if since is None else NEWEST.position(since, "since")
        request = PageRequest(NEWEST, MOST_COUNTED, before=position)
        ids = await self.ids.load(user)
        number = 0 if ids is None else await self.feed.count_new_among(user, ids, request)
        if ids is None or (number < MOST_COUNTED and len(ids) >= MOST_POSTS - SIZE):
            number = await self.feed.count_new(user, request)
        return min(number, MOST_COUNTED)

    async def note_seen(self, viewer: Viewer, cursor: str) -> int:
        """How many are new then. Raises Refused (InvalidInput)."""
        try:
            position: Position = NEWEST.position(cursor, "cursor")
        except BadUserInput as error:
            raise Refused(invalid("This is not a cursor of your feed.", "cursor")) from error
        await self.feed.note_seen(PersonId(viewer.id), position)
        return await self.count_new(viewer, None)

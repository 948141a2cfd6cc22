"""Reading one's timeline, and how far one has read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db.errors import StoreUnavailable
from subgraphs.feed.repository import FeedPages, PostgresFeedRepository
from subgraphs.feed.repository.pages import EPOCH, MOST_PAGES, SIZE, Kept
from subgraphs.feed.values import MOST_COUNTED, NEWEST, Entry, PersonId
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import BadUserInput, Refused
from subgraphs.kit.loading import Loader
from subgraphs.kit.pages import Page, PageRequest, Position
from subgraphs.kit.user_errors import invalid

MOST_POSTS = SIZE * MOST_PAGES
FIRST_PAGES = 3
"""Enough for a page of a hundred, and to count as many."""


@dataclass(frozen=True, slots=True)
class KeptIds:
    """What may be in timelines: from Redis, where they are put when they are not there."""

    feed: PostgresFeedRepository
    pages: FeedPages

    async def find_first(self, users: Sequence[PersonId]) -> Mapping[PersonId, Kept]:
        """Those in front. Nothing of anybody while Redis is away."""
        return await self._find(users, FIRST_PAGES)

    async def find_all(self, users: Sequence[PersonId]) -> Mapping[PersonId, Kept]:
        """Nothing of anybody while Redis is away."""
        return await self._find(users, MOST_PAGES)

    async def _find(self, users: Sequence[PersonId], most: int) -> Mapping[PersonId, Kept]:
        found = {user: await self._kept(user, most) for user in users}
        return {user: kept for user, kept in found.items() if kept is not None}

    async def _kept(self, user: PersonId, most: int) -> Kept | None:
        try:
            found = await self.pages.find(user, most)
            if found is not None:
                return found
            await self.pages.keep_a_place(user)
            newest = (await self.feed.list_all(user, PageRequest(NEWEST, MOST_POSTS))).items
            ids = [entry.post_id for entry in newest]
            await self.pages.put(user, ids, newest[0].created_at if newest else EPOCH)
        except StoreUnavailable as error:
            if error.store != "Redis":
                raise
            return None
        return Kept(ids, late=0, is_whole=True)


@dataclass(frozen=True, slots=True)
class Feed:
    """Of one request: ids are loaded once, whatever it asks of a timeline."""

    feed: PostgresFeedRepository
    first: Loader[PersonId, Kept | None]
    all: Loader[PersonId, Kept | None]

    async def list_entries(self, viewer: Viewer, request: PageRequest) -> Page[Entry]:
        user = PersonId(viewer.id)
        if not request.backward:
            page = await self._newest(user, request) if request.after is None else None
            page = page or await self._among_all(user, request)
            if page is not None:
                return page
        return await self.feed.list_all(user, request)

    async def _newest(self, user: PersonId, request: PageRequest) -> Page[Entry] | None:
        """From those in front, when they say it."""
        kept = await self.first.load(user)
        if kept is None or kept.is_whole:
            return None
        return await self.feed.find_newest(user, kept, request)

    async def _among_all(self, user: PersonId, request: PageRequest) -> Page[Entry] | None:
        """None when it ends where what is kept does."""
        kept = await self.first.load(user) if request.after is None else None
        if kept is None or not kept.is_whole:
            kept = await self.all.load(user)
        if kept is None:
            return None
        page = await self.feed.list_among(user, kept.ids, request)
        return page if page.has_next or _is_everything(kept) else None

    async def count_entries(self, viewer: Viewer) -> int:
        return await self.feed.count_all(PersonId(viewer.id))

    async def count_new(self, viewer: Viewer, since: str | None) -> int:
        """After a cursor, or after what was noted as seen; MOST_COUNTED at most. Raises BadUserInput."""
        user = PersonId(viewer.id)
        position = None if since is None else NEWEST.position(since, "since")
        request = PageRequest(NEWEST, MOST_COUNTED, before=position)
        kept = await self.first.load(user)
        if kept is not None:
            new, others = await self.feed.count_new_among(user, kept.ids, request)
            if new >= MOST_COUNTED or _is_everything(kept) or (kept.late is not None and others > kept.late):
                return min(new, MOST_COUNTED)
        return min(await self.feed.count_new(user, request), MOST_COUNTED)

    async def note_seen(self, viewer: Viewer, cursor: str) -> int:
        """How many are new then. Raises Refused (InvalidInput)."""
        try:
            position: Position = NEWEST.position(cursor, "cursor")
        except BadUserInput as error:
            raise Refused(invalid("This is not a cursor of your feed.", "cursor")) from error
        await self.feed.note_seen(PersonId(viewer.id), position)
        return await self.count_new(viewer, None)


def _is_everything(kept: Kept) -> bool:
    """Whether there is nothing beyond: a timeline that is nearly full may have more in the store."""
    return kept.is_whole and len(kept.ids) < MOST_POSTS - SIZE

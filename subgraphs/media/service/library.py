"""One's own media, and what posts show of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from subgraphs.kit.audit import Actor
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Refused
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.user_errors import not_found
from subgraphs.kit.validation import Checks
from subgraphs.media.repository.protocol import MediaRepository
from subgraphs.media.service.asking import checked_alt_text
from subgraphs.media.values import Media, MediaId, OwnerId, Purpose, Shown, Status, Usage

FOR_READERS = frozenset({Status.PROCESSING, Status.READY})


@dataclass(frozen=True, slots=True)
class Library:
    media: MediaRepository
    quota: int

    async def find_seen(self, viewer: Viewer | None, ids: Sequence[MediaId]) -> Mapping[MediaId, Media]:
        """By id alone one sees one's own, and pictures of people, which are for everybody."""
        found = await self.media.find_by_ids(ids)
        return {each.id: each for each in found.values() if is_seen(viewer, each)}

    async def find_shown(
        self, viewer: Viewer | None, shown: Sequence[Shown]
    ) -> Mapping[Shown, tuple[Media, ...]]:
        """What each post shows to who sees the post, in its order, in one question."""
        found = await self.media.find_by_ids(list(dict.fromkeys(chain.from_iterable(shown))))
        return {
            ids: tuple(found[each] for each in ids if each in found and is_shown(viewer, found[each]))
            for ids in shown
        }

    async def list_mine(self, viewer: Viewer, page: PageRequest) -> Page[Media]:
        return await self.media.list_by_owner(OwnerId(viewer.id), page)

    async def count_mine(self, viewer: Viewer) -> int:
        return await self.media.count_by_owner(OwnerId(viewer.id))

    async def usage(self, viewer: Viewer) -> Usage:
        return Usage(await self.media.sum_by_owner(OwnerId(viewer.id)), self.quota)

    async def describe(
        self, viewer: Viewer, media_id: MediaId, alt_text: str | None, checks: Checks, actor: Actor
    ) -> Media:
        """Raises Refused (InvalidInput, NotFound)."""
        text = checked_alt_text(alt_text, checks)
        await self._require_mine(viewer, media_id, checks)
        described = await self.media.describe(media_id, text, actor)
        if described is None:
            raise Refused(not_found("media", "mediaId"))
        return described

    async def delete(self, viewer: Viewer, media_id: MediaId, checks: Checks, actor: Actor) -> None:
        """Raises Refused (NotFound)."""
        await self._require_mine(viewer, media_id, checks)
        if not await self.media.remove(media_id, actor):
            raise Refused(not_found("media", "mediaId"))

    async def _require_mine(self, viewer: Viewer, media_id: MediaId, checks: Checks) -> None:
        """Another's media does not exist, but for administrators, who may remove it."""
        checks.done()
        found = (await self.media.find_by_ids([media_id])).get(media_id)
        if found is None or not (viewer.is_admin or found.user_id == viewer.id):
            raise Refused(not_found("media", "mediaId"))


def is_seen(viewer: Viewer | None, media: Media) -> bool:
    if viewer is not None and (viewer.is_admin or viewer.id == media.user_id):
        return True
    return media.purpose is Purpose.AVATAR and media.status is Status.READY


def is_shown(viewer: Viewer | None, media: Media) -> bool:
    """By a post that the viewer sees: what is being made too, so that there is a place for it; what came to
    nothing only to its owner.
    """
    if media.purpose is not Purpose.POST:
        return False
    return media.status in FOR_READERS or (viewer is not None and viewer.id == media.user_id)

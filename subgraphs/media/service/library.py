"""One's own media, and what posts show of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from subgraphs.kit.asking import ask_for
from subgraphs.kit.audit import Actor
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Forbidden, Refused
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.peers import Peers
from subgraphs.kit.request import Request
from subgraphs.kit.user_errors import invalid, not_found
from subgraphs.kit.validation import Checks
from subgraphs.media.repository.protocol import AttachmentRepository, MediaRepository
from subgraphs.media.service.asking import checked_alt_text
from subgraphs.media.values import Media, MediaId, OwnerId, PostId, Purpose, Status, Usage

MOST_ATTACHED = 10
SEEN_POST = """query SeenPost($posts: [_Any!]!) {
    _entities(representations: $posts) { ... on Post { id author { id } } } }"""


@dataclass(frozen=True, slots=True)
class Library:
    media: MediaRepository
    attachments: AttachmentRepository
    peers: Peers
    quota: int

    async def find_seen(self, viewer: Viewer | None, ids: Sequence[MediaId]) -> Mapping[MediaId, Media]:
        """By id alone one sees one's own, and pictures of people, which are for everybody."""
        found = await self.media.find_by_ids(ids)
        return {each.id: each for each in found.values() if is_seen(viewer, each)}

    async def find_attached(self, posts: Sequence[PostId]) -> Mapping[PostId, tuple[Media, ...]]:
        return await self.attachments.list_by_posts(posts)

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

    async def attach(
        self, request: Request, post_id: PostId, ids: Sequence[MediaId], checks: Checks
    ) -> PostId:
        """Raises Refused (InvalidInput, NotFound, PeerFailed), Forbidden."""
        viewer = request.require_viewer()
        checks.require(len(ids) <= MOST_ATTACHED, "mediaIds", f"At most {MOST_ATTACHED}.")
        checks.require(len(set(ids)) == len(ids), "mediaIds", "Each only once.")
        checks.done()
        author = await ask_for(self.peers, "posts", SEEN_POST, _named(post_id), request, _author)
        if author is None:
            raise Refused(not_found("post", "postId"))
        if author != viewer.id:
            raise Forbidden("Only its author says what a post shows.")
        missing = await self.attachments.replace(post_id, OwnerId(viewer.id), ids, request.actor)
        if missing:
            problem = "There is no such media of yours for posts, or its upload is not completed."
            raise Refused(*(invalid(problem, "mediaIds", ids.index(each)) for each in missing))
        return post_id

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


def _named(post_id: PostId) -> Mapping[str, Any]:
    return {"posts": [{"__typename": "Post", "id": str(post_id)}]}


def _author(data: Mapping[str, Any]) -> UUID | None:
    """Of a post that the asker sees."""
    (found,) = data["_entities"]
    return None if found is None else UUID(found["author"]["id"])

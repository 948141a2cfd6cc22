"""Reporting posts, and what moderators do about it. Nobody decides about their own post."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from subgraphs.kit.audit import Actor
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Forbidden, Refused
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.reports import Case, Report, ReportReason, Reports, require_moderator
from subgraphs.kit.user_errors import invalid, not_found
from subgraphs.kit.validation import Checks
from subgraphs.posts.repository.protocol import ModerationRepository, PostRepository
from subgraphs.posts.service.readers import reader_of
from subgraphs.posts.values import Post, PostId


@dataclass(frozen=True, slots=True)
class Moderation:
    reports: Reports
    decisions: ModerationRepository
    posts: PostRepository

    async def report(
        self, viewer: Viewer, post_id: PostId, reason: ReportReason, note: str, checks: Checks
    ) -> Post:
        """Raises Refused (InvalidInput, NotFound)."""
        checks.done()
        post = await self._seen(viewer, post_id)
        if post.author_id == viewer.id:
            raise Refused(invalid("One's own post is not reported: delete it.", "postId"))
        await self.reports.add(Report(post_id, viewer.id, reason, note))
        return post

    async def list_open(self, viewer: Viewer, page: PageRequest) -> tuple[Page[Case], Mapping[PostId, Post]]:
        """What waits, and the posts of it. Raises Forbidden."""
        require_moderator(viewer)
        found = await self.reports.list_open(page)
        ids = [PostId(case.subject_id) for case in found.items]
        return found, await self.posts.find_by_ids(ids, reader_of(viewer))

    async def count_open(self) -> int:
        return await self.reports.count_open()

    async def hide(self, viewer: Viewer, post_id: PostId, why: str, actor: Actor, checks: Checks) -> Post:
        """From everybody but its author and moderators. Again: nothing. Raises Refused, Forbidden."""
        await self._judged(viewer, post_id, checks)
        return _there(await self.decisions.hide(post_id, why, actor))

    async def show(self, viewer: Viewer, post_id: PostId, why: str, actor: Actor, checks: Checks) -> Post:
        """To whom it was for before it was hidden. Raises Refused, Forbidden."""
        await self._judged(viewer, post_id, checks)
        return _there(await self.decisions.show(post_id, why, actor))

    async def take_down(
        self, viewer: Viewer, post_id: PostId, why: str, actor: Actor, checks: Checks
    ) -> PostId:
        """For good. Raises Refused, Forbidden."""
        await self._judged(viewer, post_id, checks)
        if not await self.decisions.take_down(post_id, why, actor):
            raise Refused(not_found("post", "postId"))
        return post_id

    async def dismiss(self, viewer: Viewer, post_id: PostId, why: str, actor: Actor, checks: Checks) -> Post:
        """Nothing is wrong with it. Raises Refused, Forbidden."""
        post = await self._judged(viewer, post_id, checks)
        await self.reports.dismiss("post", post_id, why, actor)
        return post

    async def _judged(self, viewer: Viewer, post_id: PostId, checks: Checks) -> Post:
        checks.done()
        post = await self._seen(require_moderator(viewer), post_id)
        if post.author_id == viewer.id:
            raise Forbidden("Nobody decides about their own post.")
        return post

    async def _seen(self, viewer: Viewer, post_id: PostId) -> Post:
        post = (await self.posts.find_by_ids([post_id], reader_of(viewer))).get(post_id)
        return _there(post)


def _there(post: Post | None) -> Post:
    if post is None:
        raise Refused(not_found("post", "postId"))
    return post

"""Reporting comments, and what moderators do about it. Nobody decides about their own comment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from subgraphs.interactions.repository import InteractionRepository
from subgraphs.interactions.service.comments import Comments
from subgraphs.interactions.values import Comment, CommentId
from subgraphs.kit.errors import Forbidden, Refused
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.reports import Case, Decision, Report, ReportReason, Reports, require_moderator
from subgraphs.kit.request import Request
from subgraphs.kit.user_errors import invalid, not_found
from subgraphs.kit.validation import Checks


@dataclass(frozen=True, slots=True)
class Moderation:
    reports: Reports
    interactions: InteractionRepository
    comments: Comments

    async def report(
        self, request: Request, comment_id: CommentId, reason: ReportReason, note: str, checks: Checks
    ) -> Comment:
        """Raises Refused (InvalidInput, NotFound), PeerUnavailable."""
        viewer = request.require_viewer()
        checks.done()
        comment = (await self.comments.find_seen([comment_id], request)).get(comment_id)
        if comment is None or comment.is_removed:
            raise Refused(not_found("comment", "commentId"))
        if comment.author_id == viewer.id:
            raise Refused(invalid("One's own comment is not reported: delete it.", "commentId"))
        await self.reports.add(Report(comment_id, viewer.id, reason, note))
        return comment

    async def list_open(
        self, request: Request, page: PageRequest
    ) -> tuple[Page[Case], Mapping[CommentId, Comment]]:
        """What waits, and the comments of it. Raises Forbidden."""
        require_moderator(request.require_viewer())
        found = await self.reports.list_open(page)
        ids = [CommentId(case.subject_id) for case in found.items]
        return found, await self.interactions.find_comments(ids)

    async def count_open(self) -> int:
        return await self.reports.count_open()

    async def hide(self, request: Request, comment_id: CommentId, why: str, checks: Checks) -> Comment:
        """Its text and author, from everybody but them and moderators. Raises Refused, Forbidden."""
        comment = await self._judged(request, comment_id, checks)
        decision = Decision("HIDDEN", "hide", why, request.actor)
        return await self._marked(comment, decision, is_hidden=True)

    async def show(self, request: Request, comment_id: CommentId, why: str, checks: Checks) -> Comment:
        """Raises Refused, Forbidden."""
        comment = await self._judged(request, comment_id, checks)
        decision = Decision("SHOWN", "show", why, request.actor)
        return await self._marked(comment, decision, is_hidden=False)

    async def take_down(self, request: Request, comment_id: CommentId, why: str, checks: Checks) -> CommentId:
        """For good; answers to it keep their place. Raises Refused, Forbidden."""
        comment = await self._judged(request, comment_id, checks)
        decision = Decision("TAKEN_DOWN", "take_down", why, request.actor)
        counts = await self.interactions.remove_comment(comment, request.actor, decision)
        await self.comments.counters.try_to_put({comment.post_id: counts})
        return comment_id

    async def dismiss(
        self, request: Request, comment_id: CommentId, why: str, checks: Checks
    ) -> Comment | None:
        """Nothing is wrong with it, or it is gone: then None. Raises Refused, Forbidden."""
        checks.done()
        require_moderator(request.require_viewer())
        there = await self.interactions.find_comments([comment_id])
        is_gone = comment_id not in there or there[comment_id].is_removed
        if is_gone and await self.reports.is_open(comment_id):
            await self.reports.dismiss("comment", comment_id, why, request.actor)
            return None
        comment = await self._judged(request, comment_id, checks)
        await self.reports.dismiss("comment", comment_id, why, request.actor)
        return comment

    async def _marked(self, comment: Comment, decision: Decision, *, is_hidden: bool) -> Comment:
        """Doing it again changes nothing and is noted nowhere, unless what is hidden was reported again."""
        if (comment.hidden_at is not None) == is_hidden:
            if is_hidden and await self.reports.is_open(comment.id):
                await self.interactions.note_decision(comment, decision)
            return comment
        marked = await self.interactions.mark_comment(comment, decision, is_hidden=is_hidden)
        if marked is None:
            raise Refused(not_found("comment", "commentId"))
        return marked

    async def _judged(self, request: Request, comment_id: CommentId, checks: Checks) -> Comment:
        """One that was reported or hidden, or that the moderator sees anyway."""
        checks.done()
        viewer = require_moderator(request.require_viewer())
        comment = (await self.interactions.find_comments([comment_id])).get(comment_id)
        if comment is None or comment.is_removed or not await self._may_know(request, comment):
            raise Refused(not_found("comment", "commentId"))
        if comment.author_id == viewer.id:
            raise Forbidden("Nobody decides about their own comment.")
        return comment

    async def _may_know(self, request: Request, comment: Comment) -> bool:
        if comment.hidden_at is not None or await self.reports.is_open(comment.id):
            return True
        return comment.id in await self.comments.find_seen([comment.id], request)

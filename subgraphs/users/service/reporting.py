"""Reporting people, and deciding that nothing is to be done about it."""

from __future__ import annotations

from dataclasses import dataclass

from subgraphs.kit.audit import Actor
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Forbidden, Refused
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.reports import Case, Report, ReportReason, Reports, require_moderator
from subgraphs.kit.user_errors import invalid
from subgraphs.users.values import User


@dataclass(frozen=True, slots=True)
class Reporting:
    reports: Reports

    async def report(self, viewer: Viewer, user: User, reason: ReportReason, note: str) -> None:
        """Somebody who is there for the viewer. Raises Refused (InvalidInput)."""
        if user.id == viewer.id:
            raise Refused(invalid("Nobody reports themselves.", "userId"))
        await self.reports.add(Report(user.id, viewer.id, reason, note))

    async def list_open(self, viewer: Viewer, page: PageRequest) -> Page[Case]:
        """Raises Forbidden."""
        require_moderator(viewer)
        return await self.reports.list_open(page)

    async def count_open(self) -> int:
        return await self.reports.count_open()

    async def dismiss(self, viewer: Viewer, user: User, why: str, actor: Actor) -> None:
        """Idempotent. Raises Forbidden."""
        if require_moderator(viewer).id == user.id:
            raise Forbidden("Nobody decides about themselves.")
        await self.reports.dismiss("user", user.id, why, actor)

"""One's own notifications. Nobody reads or marks another's, administrators neither."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from subgraphs.kit.auth import Viewer
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.validation import Checks
from subgraphs.notifications.repository import (
    PostgresInboxRepository,
    PostgresSettingsRepository,
    PostgresTemplateRepository,
    UnreadCounts,
)
from subgraphs.notifications.repository.templates import template_for
from subgraphs.notifications.values import (
    MOST_MARKED,
    Cast,
    Channel,
    Filter,
    Notification,
    NotificationId,
    PersonId,
    Text,
)
from subgraphs.notifications.writing import written


@dataclass(frozen=True, slots=True)
class Told:
    """A notification as it is shown."""

    cast: Cast
    text: Text


@dataclass(frozen=True, slots=True)
class Inbox:
    inbox: PostgresInboxRepository
    settings: PostgresSettingsRepository
    templates: PostgresTemplateRepository
    unread: UnreadCounts

    async def list_own(self, viewer: Viewer, wanted: Filter, request: PageRequest) -> Page[Notification]:
        return await self.inbox.list_for(PersonId(viewer.id), wanted, request)

    async def count_own(self, viewer: Viewer, wanted: Filter) -> int:
        return await self.inbox.count_for(PersonId(viewer.id), wanted)

    async def count_unread(self, viewer: Viewer) -> int:
        return await self.unread.get(PersonId(viewer.id))

    async def find_own(
        self, viewer: Viewer, ids: Sequence[NotificationId]
    ) -> Mapping[NotificationId, Notification]:
        return await self.inbox.find(PersonId(viewer.id), ids)

    async def tell(self, viewer: Viewer, told: Sequence[Notification]) -> Mapping[NotificationId, Told]:
        """Four statements for a page, however long."""
        settings = await self.settings.get(PersonId(viewer.id))
        casts = await self.inbox.find_casts([each.id for each in told])
        book = await self.templates.list_in_force(sorted({each.kind for each in told}, key=str))
        shown: dict[NotificationId, Told] = {}
        for each in told:
            template = template_for(book, each.kind, Channel.IN_APP, settings.language)
            cast = casts.get(each.id, Cast())
            shown[each.id] = Told(cast, written(each, cast, template, settings))
        return shown

    async def mark_read(self, viewer: Viewer, texts: Sequence[str]) -> int:
        """How many are unread then. Ids of others' or of none are passed over. Raises Refused."""
        checks = Checks()
        most = len(texts) <= MOST_MARKED
        checks.require(most, "notificationIds", f"At most {MOST_MARKED} at once.")
        ids = [
            NotificationId(checks.id(each, ("notificationIds", at)))
            for at, each in enumerate(texts[:MOST_MARKED])
        ]
        checks.done()
        user = PersonId(viewer.id)
        await self.inbox.mark_read(user, ids)
        return await self._counted_anew(user)

    async def mark_all_read(self, viewer: Viewer, until: datetime | None) -> int:
        user = PersonId(viewer.id)
        await self.inbox.mark_all_read(user, until)
        return await self._counted_anew(user)

    async def export(self, viewer: Viewer) -> Mapping[str, Any]:
        return await self.inbox.export(PersonId(viewer.id))

    async def _counted_anew(self, user: PersonId) -> int:
        await self.unread.drop(user)
        return await self.unread.get(user)

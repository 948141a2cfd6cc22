"""The notifications domain's loaders, and the context that carries them through one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from subgraphs.kit.loading import Loader, loader
from subgraphs.kit.request import Request
from subgraphs.notifications.service import Choices, Devices, Inbox, Wording
from subgraphs.notifications.service.inbox import Told
from subgraphs.notifications.values import Notification, NotificationId


@dataclass(frozen=True, slots=True)
class Services:
    inbox: Inbox
    choices: Choices
    wording: Wording
    devices: Devices


@dataclass(frozen=True, slots=True)
class NotificationLoaders:
    by_id: Loader[NotificationId, Notification | None]
    told: Loader[NotificationId, Told | None]
    """Of the viewer's own that were listed or found before."""


@dataclass(frozen=True, slots=True)
class NotificationsContext:
    request: Request
    services: Services
    loaders: NotificationLoaders
    seen: dict[NotificationId, Notification]
    """What this request has read."""


def notifications_context(request: Request, services: Services) -> NotificationsContext:
    seen: dict[NotificationId, Notification] = {}

    async def by_ids(ids: Sequence[NotificationId]) -> Mapping[NotificationId, Notification]:
        viewer = request.known_viewer
        found = {} if viewer is None else await services.inbox.find_own(viewer, ids)
        seen.update(found)
        return found

    async def told(ids: Sequence[NotificationId]) -> Mapping[NotificationId, Told]:
        return await services.inbox.tell(request.require_viewer(), [seen[each] for each in ids])

    loaders = NotificationLoaders(loader(by_ids), loader(told))
    return NotificationsContext(request, services, loaders, seen)

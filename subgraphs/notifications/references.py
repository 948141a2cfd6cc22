"""Entities by key: one's own notifications, and people, who need no lookup to carry our fields."""

from __future__ import annotations

import strawberry

from subgraphs.kit.federation import Representation, key_text
from subgraphs.kit.ids import parse_id
from subgraphs.notifications.loaders import NotificationsContext
from subgraphs.notifications.types import Notification, User, notification_type
from subgraphs.notifications.values import NotificationId


def resolve_notification(
    representation: Representation, context: NotificationsContext
) -> Notification | None:
    key = NotificationId(parse_id(key_text(representation, "id") or ""))
    return context.loaders.by_id.found(key, notification_type)


def resolve_user(representation: Representation, _context: NotificationsContext) -> User:
    return User(id=strawberry.ID(str(parse_id(key_text(representation, "id") or ""))))


REFERENCES = {"Notification": resolve_notification, "User": resolve_user}

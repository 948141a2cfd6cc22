"""Rows as values."""

from __future__ import annotations

from typing import Any

from db.arrays import among
from subgraphs.notifications.models import notifications
from subgraphs.notifications.values import Kind, Notification, NotificationId, PersonId, Subjects

KINDS = {kind.value: kind for kind in Kind}
IS_KNOWN = among(notifications.c.kind, list(KINDS))
"""A newer version may have added others, which this one leaves out."""


def notification_of(row: Any) -> Notification:
    return Notification(
        NotificationId(row.id),
        PersonId(row.recipient_id),
        KINDS[row.kind],
        Subjects(row.post_id, row.event_id, row.registration_id, row.lesson_id, row.group_id),
        row.facts,
        row.read_at,
        row.happened_at,
    )

"""Notifications in PostgreSQL, and the number of unread ones in Redis."""

from subgraphs.notifications.repository.copies import TOPICS, Hearing
from subgraphs.notifications.repository.dead import PostgresDeadRepository
from subgraphs.notifications.repository.deliveries import DELIVER
from subgraphs.notifications.repository.devices import PostgresDeviceRepository
from subgraphs.notifications.repository.inbox import PostgresInboxRepository
from subgraphs.notifications.repository.settings import PostgresSettingsRepository
from subgraphs.notifications.repository.templates import PostgresTemplateRepository
from subgraphs.notifications.repository.unread import UnreadCounts
from subgraphs.notifications.repository.visibility import RECOUNT

__all__ = [
    "DELIVER",
    "RECOUNT",
    "TOPICS",
    "Hearing",
    "PostgresDeadRepository",
    "PostgresDeviceRepository",
    "PostgresInboxRepository",
    "PostgresSettingsRepository",
    "PostgresTemplateRepository",
    "UnreadCounts",
]

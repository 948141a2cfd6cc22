"""The notifications subgraph, assembled."""

from __future__ import annotations

from db.clients import Stores
from db.errors import StoreUnavailable
from subgraphs.kit.auth import token_verifier
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.request import Request
from subgraphs.kit.sessions import Sessions
from subgraphs.kit.subgraph import Subgraph
from subgraphs.notifications.loaders import NotificationsContext, Services, notifications_context
from subgraphs.notifications.repository import (
    PostgresDeadRepository,
    PostgresDeviceRepository,
    PostgresInboxRepository,
    PostgresSettingsRepository,
    PostgresTemplateRepository,
    UnreadCounts,
)
from subgraphs.notifications.schema import build_schema
from subgraphs.notifications.service import Choices, Devices, Inbox, Wording


def build(config: SubgraphConfig, stores: Stores) -> Subgraph:
    database = stores.postgres
    settings, templates = PostgresSettingsRepository(database), PostgresTemplateRepository(database)
    inbox = Inbox(
        PostgresInboxRepository(database), settings, templates, UnreadCounts(database, stores.redis)
    )
    wording = Wording(templates, PostgresDeadRepository(database))
    devices = Devices(PostgresDeviceRepository(database))
    services = Services(inbox, Choices(settings), wording, devices)

    def context(request: Request) -> NotificationsContext:
        return notifications_context(request, services)

    return Subgraph(
        name="notifications",
        schema=build_schema(),
        verifier=token_verifier(config.tokens, Sessions(stores.redis)),
        context=context,
        ready=database.ping,
        unavailable=(StoreUnavailable,),
    )

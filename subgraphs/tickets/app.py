"""The tickets subgraph, assembled."""

from __future__ import annotations

from db.clients import Stores
from db.errors import StoreUnavailable
from subgraphs.kit.auth import token_verifier
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.rate_limit import RateLimiter
from subgraphs.kit.request import Request
from subgraphs.kit.sessions import Sessions
from subgraphs.kit.subgraph import Subgraph
from subgraphs.tickets.codes import AttendanceCodes
from subgraphs.tickets.limits import Limits
from subgraphs.tickets.loaders import TicketsContext, tickets_context
from subgraphs.tickets.repository import (
    PostgresRegistrationRepository,
    PostgresTicketRepository,
    PostgresTicketTypeRepository,
)
from subgraphs.tickets.schema import build_schema
from subgraphs.tickets.service import Registrations, Tickets, TicketTypes


def build(config: SubgraphConfig, stores: Stores) -> Subgraph:
    database, limits = stores.postgres, Limits(RateLimiter(stores.redis))
    codes = AttendanceCodes(config.keys / "attendance.pem")
    kept = PostgresTicketTypeRepository(database)
    types = TicketTypes(kept, limits)
    registrations = Registrations(PostgresRegistrationRepository(database), kept, limits)
    tickets = Tickets(PostgresTicketRepository(database), types, codes, limits)

    def context(request: Request) -> TicketsContext:
        return tickets_context(request, types, registrations, tickets, codes)

    return Subgraph(
        name="tickets",
        schema=build_schema(),
        verifier=token_verifier(config.tokens, Sessions(stores.redis)),
        context=context,
        ready=database.ping,
        unavailable=(StoreUnavailable,),
    )

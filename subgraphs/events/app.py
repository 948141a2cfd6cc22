"""The events subgraph, assembled."""

from __future__ import annotations

from db.clients import Stores
from db.errors import StoreUnavailable
from subgraphs.events.loaders import EventsContext, events_context
from subgraphs.events.repository import (
    EVENT_NAMES,
    VENUE_NAMES,
    CachedEventRepository,
    PostgresAttendanceRepository,
    PostgresEventSearchRepository,
    PostgresInvitationRepository,
    PostgresVenueRepository,
)
from subgraphs.events.schema import build_schema
from subgraphs.events.service import Attendances, Events, EventSearches, Invitations, Venues
from subgraphs.kit.auth import token_verifier
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.request import Request
from subgraphs.kit.search import NameSearch
from subgraphs.kit.sessions import Sessions
from subgraphs.kit.subgraph import Subgraph


def build(config: SubgraphConfig, stores: Stores) -> Subgraph:
    database = stores.postgres
    kept = CachedEventRepository(database, stores.redis, config.cached)
    answers = PostgresAttendanceRepository(database)
    events, attendances = Events(kept, answers), Attendances(answers, kept)
    invitations = Invitations(PostgresInvitationRepository(database))
    venues = Venues(PostgresVenueRepository(database))
    searches = EventSearches(PostgresEventSearchRepository(database))

    names = {
        "events": NameSearch(database, EVENT_NAMES),
        "venues": NameSearch(database, VENUE_NAMES),
    }

    def context(request: Request) -> EventsContext:
        return events_context(request, events, attendances, invitations, venues, searches, names)

    return Subgraph(
        name="events",
        schema=build_schema(),
        verifier=token_verifier(config.tokens, Sessions(stores.redis)),
        context=context,
        ready=database.ping,
        unavailable=(StoreUnavailable,),
    )

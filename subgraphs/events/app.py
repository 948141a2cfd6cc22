"""The events subgraph, assembled."""

from __future__ import annotations

from functools import partial

from db.clients import Stores
from db.errors import StoreUnavailable
from db.postgres import Database
from subgraphs.events.limits import Limits
from subgraphs.events.loaders import EventsContext, events_context
from subgraphs.events.loaders_said import Said
from subgraphs.events.repository import (
    EVENT_NAMES,
    VENUE_NAMES,
    CachedEventRepository,
    PostgresAttendanceRepository,
    PostgresEventSearchRepository,
    PostgresGalleryRepository,
    PostgresInvitationRepository,
    PostgresQuestionRepository,
    PostgresReviewRepository,
    PostgresVenueRepository,
)
from subgraphs.events.repository.records import LISTS
from subgraphs.events.schema import build_schema
from subgraphs.events.service import (
    Attendances,
    Events,
    EventSearches,
    Galleries,
    Invitations,
    Moderation,
    Questions,
    Reviews,
    Venues,
)
from subgraphs.kit.auth import token_verifier
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.peers import Peers
from subgraphs.kit.rate_limit import RateLimiter
from subgraphs.kit.records import records_of
from subgraphs.kit.reports import Reports
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

    limits = Limits(RateLimiter(stores.redis))
    hung = PostgresGalleryRepository(database)
    galleries, said = Galleries(hung, Peers(config.peers, asking="events"), limits), _said(database, limits)
    names = {
        "events": NameSearch(database, EVENT_NAMES),
        "venues": NameSearch(database, VENUE_NAMES),
    }

    def context(request: Request) -> EventsContext:
        return events_context(
            request, events, attendances, invitations, venues, searches, names, galleries, said
        )

    return Subgraph(
        name="events",
        schema=build_schema(),
        verifier=token_verifier(config.tokens, Sessions(stores.redis)),
        context=context,
        ready=database.ping,
        unavailable=(StoreUnavailable,),
    )


def _said(database: Database, limits: Limits) -> Said:
    """What people say about events."""
    asked, reviewed = PostgresQuestionRepository(database), PostgresReviewRepository(database)
    return Said(
        Questions(asked, limits),
        Reviews(reviewed, limits),
        Moderation(Reports(database), asked, reviewed, limits),
        partial(records_of, database, LISTS),
    )

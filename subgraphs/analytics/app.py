"""The analytics subgraph, assembled."""

from __future__ import annotations

from db.clients import Stores
from db.errors import StoreUnavailable
from subgraphs.analytics.loaders import AnalyticsContext, analytics_context
from subgraphs.analytics.repository import PostgresFunnelRepository, PostgresViewRepository
from subgraphs.analytics.routes import analytics_routes
from subgraphs.analytics.schema import build_schema
from subgraphs.analytics.service import Funnels, Views
from subgraphs.kit.auth import token_verifier
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.rate_limit import RateLimiter
from subgraphs.kit.request import Request
from subgraphs.kit.sessions import Sessions
from subgraphs.kit.subgraph import Subgraph


def build(config: SubgraphConfig, stores: Stores) -> Subgraph:
    database, verifier = stores.postgres, token_verifier(config.tokens, Sessions(stores.redis))
    funnels = Funnels(PostgresFunnelRepository(database))
    views = Views(PostgresViewRepository(database), RateLimiter(stores.redis))

    def context(request: Request) -> AnalyticsContext:
        return analytics_context(request, funnels, views)

    return Subgraph(
        name="analytics",
        schema=build_schema(),
        verifier=verifier,
        context=context,
        ready=database.ping,
        unavailable=(StoreUnavailable,),
        routes=analytics_routes(funnels, verifier),
    )

"""The processing subgraph, assembled."""

from __future__ import annotations

from db.clients import Stores
from db.errors import StoreUnavailable
from subgraphs.kit.auth import token_verifier
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.rate_limit import RateLimiter
from subgraphs.kit.request import Request
from subgraphs.kit.sessions import Sessions
from subgraphs.kit.subgraph import Subgraph
from subgraphs.processing.loaders import ProcessingContext, processing_context
from subgraphs.processing.repository import PostgresJobRepository
from subgraphs.processing.schema import build_schema
from subgraphs.processing.service import Jobs


def build(config: SubgraphConfig, stores: Stores) -> Subgraph:
    database = stores.postgres
    jobs = Jobs(PostgresJobRepository(database), RateLimiter(stores.redis))

    def context(request: Request) -> ProcessingContext:
        return processing_context(request, jobs)

    return Subgraph(
        name="processing",
        schema=build_schema(),
        verifier=token_verifier(config.tokens, Sessions(stores.redis)),
        context=context,
        ready=database.ping,
        unavailable=(StoreUnavailable,),
    )

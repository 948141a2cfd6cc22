"""The streaming subgraph, assembled."""

from __future__ import annotations

from db.clients import Stores
from db.errors import StoreUnavailable
from subgraphs.kit.auth import token_verifier
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.key_files import signing_key
from subgraphs.kit.rate_limit import RateLimiter
from subgraphs.kit.request import Request
from subgraphs.kit.sessions import Sessions
from subgraphs.kit.subgraph import Subgraph
from subgraphs.streaming.loaders import Services, StreamingContext, streaming_context
from subgraphs.streaming.repository import (
    PostgresCountRepository,
    PostgresPlayRepository,
    PostgresTrackRepository,
)
from subgraphs.streaming.routes import streaming_routes
from subgraphs.streaming.schema import build_schema
from subgraphs.streaming.service import Counts, Payouts, Plays, Streams


def build(config: SubgraphConfig, stores: Stores) -> Subgraph:
    """Raises KeyFileError when the key cannot be used."""
    database, verifier = stores.postgres, token_verifier(config.tokens, Sessions(stores.redis))
    counts = PostgresCountRepository(database)
    services = Services(
        Plays(PostgresPlayRepository(database), RateLimiter(stores.redis), config.streaming.counted_seconds),
        Counts(counts),
        Payouts(counts),
        Streams(PostgresTrackRepository(database), signing_key(config.streaming.key_file, "streaming key")),
        config.streaming.public_url,
    )

    def context(request: Request) -> StreamingContext:
        return streaming_context(request, services)

    return Subgraph(
        name="streaming",
        schema=build_schema(),
        verifier=verifier,
        context=context,
        ready=database.ping,
        unavailable=(StoreUnavailable,),
        routes=streaming_routes(services.streams, services.payouts, verifier, stores),
    )

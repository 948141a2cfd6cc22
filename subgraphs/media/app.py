"""The media subgraph, assembled."""

from __future__ import annotations

from functools import partial

from db.clients import Stores
from db.errors import StoreUnavailable
from subgraphs.kit.auth import token_verifier
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.key_files import signing_key
from subgraphs.kit.rate_limit import RateLimiter
from subgraphs.kit.records import records_of
from subgraphs.kit.request import Request
from subgraphs.kit.sessions import Sessions
from subgraphs.kit.subgraph import Subgraph
from subgraphs.media.loaders import MediaContext, Services, media_context
from subgraphs.media.repository import (
    LISTS,
    PostgresMediaRepository,
    S3FileRepository,
)
from subgraphs.media.routes import media_routes
from subgraphs.media.schema import build_schema
from subgraphs.media.service import Grants, Library, Uploads


def build(config: SubgraphConfig, stores: Stores) -> Subgraph:
    """Raises KeyFileError when the key cannot be used."""
    database, quota = stores.postgres, config.media.quota_bytes
    media = PostgresMediaRepository(database)
    grants = Grants(signing_key(config.media.key_file, "media key"), config.media.public_url)
    services = Services(
        Uploads(media, S3FileRepository(stores.opened_s3), RateLimiter(stores.redis), quota),
        Library(media, quota),
        grants,
    )

    records = partial(records_of, database, LISTS)

    def context(request: Request) -> MediaContext:
        return media_context(request, services, records)

    return Subgraph(
        name="media",
        schema=build_schema(),
        verifier=token_verifier(config.tokens, Sessions(stores.redis)),
        context=context,
        ready=database.ping,
        unavailable=(StoreUnavailable,),
        routes=media_routes(grants, stores),
    )

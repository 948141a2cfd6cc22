"""The feed subgraph, assembled."""

from __future__ import annotations

from functools import partial

from db.clients import Stores
from db.errors import StoreUnavailable
from subgraphs.feed.loaders import FeedContext
from subgraphs.feed.repository import LISTS, FeedPages, PostgresFeedRepository
from subgraphs.feed.schema import build_schema
from subgraphs.feed.service import Feed, KeptIds
from subgraphs.kit.auth import token_verifier
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.loading import loader
from subgraphs.kit.records import records_of
from subgraphs.kit.request import Request
from subgraphs.kit.sessions import Sessions
from subgraphs.kit.subgraph import Subgraph


def build(config: SubgraphConfig, stores: Stores) -> Subgraph:
    database = stores.postgres
    feed = PostgresFeedRepository(database)
    kept = KeptIds(feed, FeedPages(stores.redis))
    records = partial(records_of, database, LISTS)

    def context(request: Request) -> FeedContext:
        return FeedContext(request, Feed(feed, loader(kept.find_first), loader(kept.find_all)), records)

    return Subgraph(
        name="feed",
        schema=build_schema(),
        verifier=token_verifier(config.tokens, Sessions(stores.redis)),
        context=context,
        ready=database.ping,
        unavailable=(StoreUnavailable,),
    )

"""The posts subgraph, assembled."""

from __future__ import annotations

from functools import partial

from db.clients import Stores
from db.errors import StoreUnavailable
from subgraphs.kit.auth import token_verifier
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.peers import Peers
from subgraphs.kit.records import records_of
from subgraphs.kit.reports import Reports
from subgraphs.kit.request import Request
from subgraphs.kit.sessions import Sessions
from subgraphs.kit.subgraph import Subgraph
from subgraphs.posts.loaders import PostsContext, Services, posts_context
from subgraphs.posts.repository import (
    LISTS,
    PostgresEditRepository,
    PostgresModerationRepository,
    PostgresPollRepository,
    PostgresPostRepository,
    PostgresRepostRepository,
    PostgresSearchRepository,
    PostgresShareRepository,
    PostgresTagRepository,
)
from subgraphs.posts.schema import build_schema
from subgraphs.posts.service import Finding, Moderation, Polls, Posts, Reposts, Shares, Uploads


def build(config: SubgraphConfig, stores: Stores) -> Subgraph:
    database = stores.postgres
    posts = Posts(PostgresPostRepository(database))
    polls = Polls(PostgresPollRepository(database))
    reposts = Reposts(PostgresRepostRepository(database), posts.posts)
    shares = Shares(PostgresShareRepository(database))
    uploads = Uploads(Peers(config.peers, asking="posts"))
    finding = Finding(
        PostgresTagRepository(database), PostgresSearchRepository(database), PostgresEditRepository(database)
    )
    moderation = Moderation(Reports(database), PostgresModerationRepository(database), posts.posts)
    services = Services(posts, polls, reposts, shares, uploads, finding, moderation)
    records = partial(records_of, database, LISTS)

    def context(request: Request) -> PostsContext:
        return posts_context(request, services, records)

    return Subgraph(
        name="posts",
        schema=build_schema(),
        verifier=token_verifier(config.tokens, Sessions(stores.redis)),
        context=context,
        ready=database.ping,
        unavailable=(StoreUnavailable,),
    )

"""The interactions subgraph, assembled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from db.clients import Stores
from db.errors import StoreUnavailable
from subgraphs.interactions.loaders import InteractionsContext, interactions_context
from subgraphs.interactions.repository import Counters, PostgresBlockRepository, interactions_in
from subgraphs.interactions.schema import build_schema
from subgraphs.interactions.service import AskedPosts, Comments, Likes, Moderation
from subgraphs.kit.auth import token_verifier
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.peers import Peers
from subgraphs.kit.records import cut, records_of
from subgraphs.kit.reports import Reports, reports_by
from subgraphs.kit.request import Request
from subgraphs.kit.sessions import Sessions
from subgraphs.kit.subgraph import Subgraph


def build(config: SubgraphConfig, stores: Stores) -> Subgraph:
    database = stores.postgres
    interactions, _tasks = interactions_in(stores)
    counters, posts = Counters(stores.redis), AskedPosts(Peers(config.peers, asking="interactions"))
    comments = Comments(interactions, PostgresBlockRepository(database), counters, posts)
    likes = Likes(interactions, counters, posts, comments)

    moderation = Moderation(Reports(database), interactions, comments)

    async def records(user: UUID) -> Mapping[str, Any]:
        reported = await records_of(database, {"reports": reports_by}, user)
        return {**cut(await interactions.export_person(user)), **reported}

    def context(request: Request) -> InteractionsContext:
        return interactions_context(request, likes, comments, moderation, records)

    async def ready() -> None:
        await database.ping()
        if stores.mongo is not None:
            await stores.mongo.ping()

    return Subgraph(
        name="interactions",
        schema=build_schema(),
        verifier=token_verifier(config.tokens, Sessions(stores.redis)),
        context=context,
        ready=ready,
        unavailable=(StoreUnavailable,),
    )

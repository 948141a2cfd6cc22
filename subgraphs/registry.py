"""The domains by name, each imported only when it is asked for.

async with build_domain("users", config, store) as subgraph:
    subgraph.name, subgraph.sdl, subgraph.asgi, await subgraph.execute(…)
"""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from db.config import DomainStore
    from subgraphs.kit.config import SubgraphConfig
    from subgraphs.kit.federation import FederatedSchema
    from subgraphs.kit.subgraph import Subgraph

DOMAINS: tuple[str, ...] = ("users", "posts", "catalog", "events")


@asynccontextmanager
async def build_domain(name: str, config: SubgraphConfig, store: DomainStore) -> AsyncIterator[Subgraph]:
    """One domain over its store; the connections are closed at the end of the block. The schema must be
    migrated.
    """
    from db.postgres import connect

    app = importlib.import_module(f"{__package__}.{name}.app")
    database = connect(store)
    try:
        subgraph: Subgraph = app.build(config, database)
        yield subgraph
    finally:
        await database.close()


def schema_of(name: str) -> FederatedSchema:
    """A domain's schema alone: no store, no configuration."""
    schema: FederatedSchema = importlib.import_module(f"{__package__}.{name}.schema").build_schema()
    return schema

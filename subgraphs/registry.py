"""The domains by name, each imported only when it is asked for, and the stores each of them uses.

async with build_domain("users", config, store) as subgraph:
    subgraph.name, subgraph.sdl, subgraph.asgi, await subgraph.execute(…)
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from db.config import DomainStore
    from db.postgres import Database
    from subgraphs.kit.config import SubgraphConfig
    from subgraphs.kit.federation import FederatedSchema
    from subgraphs.kit.subgraph import Subgraph
    from subgraphs.kit.work_watching import WorkWatch
    from subgraphs.kit.worker import Task

    Watching = Callable[[str, Database, Sequence[Task]], WorkWatch | None]

WITH_SESSIONS = frozenset({"postgres", "redis"})
"""Every domain checks tokens, and a token is good for as long as its session in Redis."""

USES: Mapping[str, frozenset[str]] = {
    "users": WITH_SESSIONS,
    "posts": WITH_SESSIONS,
    "catalog": WITH_SESSIONS,
    "events": WITH_SESSIONS,
    "teachers": WITH_SESSIONS,
    "students": WITH_SESSIONS,
    "groups": WITH_SESSIONS,
    "calendar": WITH_SESSIONS,
    "interactions": WITH_SESSIONS | {"mongo"},
    "feed": WITH_SESSIONS,
    "tickets": WITH_SESSIONS,
    "payments": WITH_SESSIONS,
    "processing": WITH_SESSIONS | {"s3"},
    "streaming": WITH_SESSIONS | {"s3"},
    "media": WITH_SESSIONS | {"s3"},
    "notifications": WITH_SESSIONS,
    "analytics": WITH_SESSIONS,
}
"""Domain → its stores, of `postgres`, `redis`, `s3` and `mongo`. Only these are started, opened and given."""

DOMAINS: tuple[str, ...] = tuple(USES)


def nobody(name: str, database: Database, tasks: Sequence[Task]) -> None:
    """Watches a worker."""


@asynccontextmanager
async def build_domain(name: str, config: SubgraphConfig, store: DomainStore) -> AsyncIterator[Subgraph]:
    """One domain over its stores; the connections are closed at the end of the block. The schema must be
    migrated.
    """
    from db.clients import open_clients

    app = importlib.import_module(f"{__package__}.{name}.app")
    async with open_clients(store, USES[name]) as stores:
        subgraph: Subgraph = app.build(config, stores)
        yield subgraph


@asynccontextmanager
async def work_for(
    name: str, config: SubgraphConfig, store: DomainStore, watch: Watching = nobody
) -> AsyncIterator[bool]:
    """The domain's relay, consumers and jobs run for as long as the block; whether it has any. `watch` makes
    who is told of what they do.

    They are what `tasks(config, stores)` in `subgraphs/<name>/worker.py` returns, a sequence of
    `subgraphs.kit.worker.Task`.
    """
    if importlib.util.find_spec(f"{__package__}.{name}.worker") is None:
        yield False
        return
    from db.budget import for_worker
    from db.clients import open_clients
    from subgraphs.kit.worker import working

    module = importlib.import_module(f"{__package__}.{name}.worker")
    async with open_clients(store, USES[name], for_worker(store.connections)) as stores:
        tasks = module.tasks(config, stores)
        async with working(name, stores.postgres, tasks, watch(name, stores.postgres, tasks)):
            yield True


def load(name: str) -> None:
    """Imports what serves the domain and builds its schema, as `build_domain` would later."""
    importlib.import_module(f"{__package__}.{name}.app")
    schema_of(name)


def metadata_of(name: str) -> Any:
    """A domain's tables (SQLAlchemy's MetaData), as its models have them."""
    return importlib.import_module(f"{__package__}.{name}.models").metadata


def demo_of(name: str) -> ModuleType:
    """A domain's part of the demo world: `planned` and `seed`."""
    return importlib.import_module(f"{__package__}.{name}.demo")


def schema_of(name: str) -> FederatedSchema:
    """A domain's schema alone: no store, no configuration."""
    schema: FederatedSchema = importlib.import_module(f"{__package__}.{name}.schema").build_schema()
    return schema

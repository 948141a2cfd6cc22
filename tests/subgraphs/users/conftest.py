"""The users subgraph, for its tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from db.config import DomainStore
from db.postgres import Database, connect
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.subgraph import Subgraph
from subgraphs.registry import build_domain
from tests.subgraphs.support import config_in
from tests.subgraphs.users.mailbox import Mailbox
from tests.subgraphs.users.people import Users


@pytest.fixture
def config(tmp_path: Path) -> SubgraphConfig:
    return config_in(tmp_path)


@pytest.fixture
async def subgraph(stores: Mapping[str, DomainStore], config: SubgraphConfig) -> AsyncIterator[Subgraph]:
    async with build_domain("users", config, stores["users"]) as subgraph:
        yield subgraph


@pytest.fixture
async def database(stores: Mapping[str, DomainStore]) -> AsyncIterator[Database]:
    database = connect(stores["users"])
    yield database
    await database.close()


@pytest.fixture
def world(subgraph: Subgraph, config: SubgraphConfig, database: Database) -> Users:
    return Users(subgraph, config, database)


@pytest.fixture
def mailbox(stores: Mapping[str, DomainStore], tmp_path: Path) -> Mailbox:
    return Mailbox(stores["users"], tmp_path / "outbox")

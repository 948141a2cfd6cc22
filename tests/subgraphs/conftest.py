"""Fixtures of the subgraph tests."""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace

import pytest
import pytest_asyncio

from db import redis
from db.config import DomainStore
from subgraphs.kit import peers
from tests.subgraphs.mesh import Mesh, meshed
from tests.support.postgres import empty_database, postgres_server, stores, stores_of_all

__all__ = ["empty_database", "postgres_server", "stores"]


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Domains wait for each other and for Valkey as long as a busy machine takes; tests of deadlines set
    their own.
    """
    monkeypatch.setattr(peers, "DEADLINE_SECONDS", 60.0)
    monkeypatch.setattr(redis, "ANSWER_SECONDS", 30.0)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def kept_mesh(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Mesh]:
    """Opening all domains, connecting them to their stores and making a router takes longer than a test."""
    async with meshed(await stores_of_all(), tmp_path_factory.mktemp("mesh")) as mesh:
        yield mesh


@pytest.fixture
def mesh(kept_mesh: Mesh, stores: Mapping[str, DomainStore]) -> Iterator[Mesh]:
    """All domains over emptied stores. An async fixture that asks for it is of the module's loop, too:
    `pytest_asyncio.fixture(loop_scope="module")`.
    """
    asked = dict(kept_mesh.peers)
    yield replace(kept_mesh, tasks={domain: list(tasks) for domain, tasks in kept_mesh.tasks.items()})
    kept_mesh.peers.clear()
    kept_mesh.peers.update(asked)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Connections belong to the loop they were made in, which the tests that share them have to run in; and
    one process runs a module, else each of four would open all domains for a few of its tests.
    """
    if "kept_mesh" in getattr(item, "fixturenames", ()):
        item.add_marker(pytest.mark.asyncio(loop_scope="module"), append=False)
        item.add_marker(pytest.mark.xdist_group(item.path.stem))

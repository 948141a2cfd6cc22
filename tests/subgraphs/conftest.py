"""Fixtures of the subgraph tests."""

import pytest

from db import redis
from subgraphs.kit import peers
from tests.support.postgres import empty_database, postgres_server, stores

__all__ = ["empty_database", "postgres_server", "stores"]


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Domains wait for each other and for Valkey as long as a busy machine takes; tests of deadlines set
    their own.
    """
    monkeypatch.setattr(peers, "DEADLINE_SECONDS", 60.0)
    monkeypatch.setattr(redis, "ANSWER_SECONDS", 30.0)

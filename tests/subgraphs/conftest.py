"""Fixtures of the subgraph tests."""

import pytest

from subgraphs.kit import peers
from tests.support.postgres import empty_database, postgres_server, stores

__all__ = ["empty_database", "postgres_server", "stores"]


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Domains wait for each other as long as a busy machine takes; what a deadline does, tests of it say."""
    monkeypatch.setattr(peers, "DEADLINE_SECONDS", 60.0)

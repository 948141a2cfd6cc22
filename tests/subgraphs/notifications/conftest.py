"""The domain alone, over emptied stores."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from db.config import DomainStore
from tests.subgraphs.notifications.alone import Alone, notifications_alone


@pytest.fixture
async def alone(stores: Mapping[str, DomainStore], tmp_path: Path) -> AsyncIterator[Alone]:
    async with notifications_alone(stores, tmp_path) as alone:
        yield alone

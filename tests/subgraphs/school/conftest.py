"""All domains, over the stores that are emptied before each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from db.config import DomainStore
from tests.subgraphs.mesh import Mesh, meshed


@pytest.fixture
async def mesh(stores: Mapping[str, DomainStore], tmp_path: Path) -> AsyncIterator[Mesh]:
    async with meshed(stores, tmp_path) as mesh:
        yield mesh

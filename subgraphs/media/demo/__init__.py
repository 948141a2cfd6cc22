"""Media has nothing of its own in the demo world: its pictures are drawn and named by path (decision 14)."""

from __future__ import annotations

from db.postgres import Database
from subgraphs.kit.demo import DemoSize, Told, World

__all__ = ["planned", "seed"]


def planned(_size: DemoSize) -> int:
    return 0


async def seed(_database: Database, _world: World, _told: Told = lambda _rows: None) -> int:
    """Nothing of its own."""
    return 0

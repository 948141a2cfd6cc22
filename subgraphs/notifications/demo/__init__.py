"""The demo's notifications: made of what happens in the demo world, which is told as all else is."""

from __future__ import annotations

from db.postgres import Database
from subgraphs.kit.demo import DemoSize, Told, World

__all__ = ["planned", "seed"]


def planned(_size: DemoSize) -> int:
    return 0


async def seed(_database: Database, _world: World, _told: Told = lambda _rows: None) -> int:
    """Nothing of its own."""
    return 0

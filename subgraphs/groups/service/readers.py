"""Who asks, as repositories need to know it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from subgraphs.groups.values import Reader, UserId
from subgraphs.kit.auth import Viewer

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


def reader_of(viewer: Viewer | None) -> Reader:
    return Reader() if viewer is None else Reader(UserId(viewer.id), viewer.is_admin)

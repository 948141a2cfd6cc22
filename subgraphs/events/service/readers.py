"""Who asks, as repositories need to know it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from subgraphs.events.values import HostId, Reader
from subgraphs.kit.auth import Viewer

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


def reader_of(viewer: Viewer | None) -> Reader:
    if viewer is None:
        return Reader()
    return Reader(HostId(viewer.id), viewer.tenant, viewer.is_admin, viewer.is_moderator)

"""Who asks, as repositories need to know it."""

from __future__ import annotations

from subgraphs.kit.auth import Viewer
from subgraphs.students.values import Reader, UserId


def reader_of(viewer: Viewer | None) -> Reader:
    return Reader() if viewer is None else Reader(UserId(viewer.id), viewer.is_admin)

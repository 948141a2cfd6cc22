"""Who sees an answer."""

from __future__ import annotations

from subgraphs.kit.auth import Viewer
from subgraphs.users.values import Reader, UserId


def reader_of(viewer: Viewer | None) -> Reader:
    return Reader() if viewer is None else Reader(UserId(viewer.id), sees_all=viewer.is_admin)

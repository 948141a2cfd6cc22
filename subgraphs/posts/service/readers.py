"""The viewer, as the store needs to know them."""

from __future__ import annotations

from subgraphs.kit.auth import Viewer
from subgraphs.posts.values import AuthorId, Reader


def reader_of(viewer: Viewer | None) -> Reader:
    return Reader() if viewer is None else Reader(AuthorId(viewer.id), sees_all=viewer.is_admin)

"""The viewer, as the store needs to know them."""

from __future__ import annotations

from subgraphs.kit.auth import Viewer
from subgraphs.posts.values import AuthorId, Reader


def reader_of(viewer: Viewer | None) -> Reader:
    if viewer is None:
        return Reader()
    moderates = viewer.is_moderator and not viewer.is_admin
    return Reader(AuthorId(viewer.id), sees_all=viewer.is_admin, moderates=moderates)

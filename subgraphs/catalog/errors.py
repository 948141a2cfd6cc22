"""Errors of the catalog.

NotYourArtist    FORBIDDEN; the viewer does not manage the artist, or not with that permission
"""

from __future__ import annotations

from subgraphs.catalog.values import Permission
from subgraphs.kit.errors import Forbidden


class NotYourArtist(Forbidden):
    def __init__(self, needed: Permission) -> None:
        super().__init__(f"This needs the permission {needed.value} of the artist.", permission=needed.value)

"""What the catalog does: show music to everyone, let an artist's managers change it, editors keep genres."""

from subgraphs.catalog.service.artists import Artists
from subgraphs.catalog.service.genres import Genres
from subgraphs.catalog.service.managers import Managers
from subgraphs.catalog.service.music import Music

__all__ = ["Artists", "Genres", "Managers", "Music"]

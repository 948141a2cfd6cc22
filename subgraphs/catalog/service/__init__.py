"""What the catalog does: show music to everyone, let an artist's managers change it, editors keep genres."""

from subgraphs.catalog.service.albums import Albums
from subgraphs.catalog.service.artists import Artists
from subgraphs.catalog.service.genres import Genres
from subgraphs.catalog.service.managers import Managers
from subgraphs.catalog.service.tracks import Tracks

__all__ = ["Albums", "Artists", "Genres", "Managers", "Tracks"]

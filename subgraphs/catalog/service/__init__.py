"""What the catalog does: show music to everyone, let an artist's managers change it, editors keep genres,
people keep playlists and what they save."""

from subgraphs.catalog.service.albums import Albums
from subgraphs.catalog.service.artists import Artists
from subgraphs.catalog.service.genres import Genres
from subgraphs.catalog.service.library import Library
from subgraphs.catalog.service.managers import Managers
from subgraphs.catalog.service.playlists import Playlists
from subgraphs.catalog.service.tracks import Tracks
from subgraphs.catalog.service.verifications import Verifications

__all__ = ["Albums", "Artists", "Genres", "Library", "Managers", "Playlists", "Tracks", "Verifications"]

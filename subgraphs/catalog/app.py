"""The catalog subgraph, assembled."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from db.clients import Stores
from db.errors import StoreUnavailable
from db.search import Searched
from subgraphs.catalog.loaders import CatalogContext, Services, catalog_context
from subgraphs.catalog.repository import (
    NAME_CONDITIONS,
    NAME_FILTERS,
    PostgresAlbumRepository,
    PostgresArtistRepository,
    PostgresGenreRepository,
    PostgresManagerRepository,
    PostgresTrackRepository,
)
from subgraphs.catalog.repository.kept import LISTS
from subgraphs.catalog.repository.postgres_entries import PostgresEntryRepository
from subgraphs.catalog.repository.postgres_library import PostgresLibraryRepository
from subgraphs.catalog.repository.postgres_playlists import PostgresPlaylistRepository
from subgraphs.catalog.repository.postgres_verifications import PostgresVerificationRepository
from subgraphs.catalog.schema import build_schema
from subgraphs.catalog.service import (
    Albums,
    Artists,
    Genres,
    Library,
    Managers,
    Playlists,
    Tracks,
    Verifications,
)
from subgraphs.kit.auth import token_verifier
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.rate_limit import RateLimiter
from subgraphs.kit.records import records_of
from subgraphs.kit.request import Request
from subgraphs.kit.search import NameSearch
from subgraphs.kit.sessions import Sessions
from subgraphs.kit.subgraph import Subgraph


def build(config: SubgraphConfig, stores: Stores) -> Subgraph:
    database = stores.postgres
    artists = Artists(PostgresArtistRepository(database))
    managers = Managers(PostgresManagerRepository(database), artists)
    albums = Albums(PostgresAlbumRepository(database), artists)
    services = Services(
        artists,
        managers,
        albums,
        Tracks(PostgresTrackRepository(database), albums),
        Genres(PostgresGenreRepository(database)),
        Verifications(PostgresVerificationRepository(database), managers),
        Playlists(PostgresPlaylistRepository(database), PostgresEntryRepository(database)),
        Library(PostgresLibraryRepository(database)),
        {
            table: NameSearch(
                database,
                Searched(table, NAME_CONDITIONS.get(table, ""), filters),
                int if table == "genres" else UUID,
            )
            for table, filters in NAME_FILTERS.items()
        },
        RateLimiter(stores.redis),
        partial(records_of, database, LISTS),
    )

    def context(request: Request) -> CatalogContext:
        return catalog_context(request, services)

    return Subgraph(
        name="catalog",
        schema=build_schema(),
        verifier=token_verifier(config.tokens, Sessions(stores.redis)),
        context=context,
        ready=database.ping,
        unavailable=(StoreUnavailable,),
    )

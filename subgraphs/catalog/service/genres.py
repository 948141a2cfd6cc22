"""Genres: a short list that editors (administrators) keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from subgraphs.catalog.repository.protocol import GenreRepository
from subgraphs.catalog.values import Actor, Genre, GenreId, TrackId
from subgraphs.kit.errors import Forbidden, Refused
from subgraphs.kit.user_errors import conflict, not_found
from subgraphs.kit.validation import Checks


@dataclass(frozen=True, slots=True)
class Genres:
    genres: GenreRepository

    async def find_by_ids(self, ids: Sequence[GenreId]) -> Mapping[GenreId, Genre]:
        return await self.genres.find_by_ids(ids)

    async def list_all(self) -> tuple[Genre, ...]:
        return await self.genres.list_all()

    async def list_of_tracks(self, tracks: Sequence[TrackId]) -> Mapping[TrackId, tuple[Genre, ...]]:
        return await self.genres.list_of_tracks(tracks)

    async def create(self, actor: Actor, name: str, checks: Checks) -> Genre:
        """Raises Refused (InvalidInput, Conflict), Forbidden."""
        genre = await self.genres.add(_checked(actor, name, checks), actor)
        if genre is None:
            raise Refused(conflict("There is a genre of that name already.", "name"))
        return genre

    async def rename(self, actor: Actor, genre_id: GenreId, name: str, checks: Checks) -> Genre:
        """Raises Refused (InvalidInput, NotFound, Conflict), Forbidden."""
        genre = await self.genres.rename(genre_id, _checked(actor, name, checks), actor)
        if genre is None:
            raise Refused(not_found("genre", "genreId"))
        return genre

    async def remove(self, actor: Actor, genre_id: GenreId, checks: Checks) -> GenreId:
        """Tracks lose it. Raises Refused (NotFound), Forbidden."""
        _require_editor(actor)
        checks.done()
        if not await self.genres.remove(genre_id, actor):
            raise Refused(not_found("genre", "genreId"))
        return genre_id


def _checked(actor: Actor, name: str, checks: Checks) -> str:
    _require_editor(actor)
    kept = checks.line(name, "name", "The name", least=1, most=50)
    checks.done()
    return kept


def _require_editor(actor: Actor) -> None:
    if not actor.is_admin:
        raise Forbidden("Genres are kept by editors.")

"""Managers: invited by one who may do everything, in office once they accept, and free to leave."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from subgraphs.catalog.errors import last_manager
from subgraphs.catalog.repository.protocol import ManagerRepository
from subgraphs.catalog.service.artists import Artists
from subgraphs.catalog.values import Actor, Artist, ArtistId, Managed, Manager, ManagerId, Permission
from subgraphs.kit.errors import Refused
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.user_errors import not_found
from subgraphs.kit.validation import Checks

EVERYTHING = frozenset({Permission.ALL})


@dataclass(frozen=True, slots=True)
class Managers:
    managers: ManagerRepository
    artists: Artists

    async def list_managers(
        self, artists: Sequence[ArtistId], page: PageRequest
    ) -> Mapping[ArtistId, Page[Manager]]:
        return await self.managers.list_managers(artists, page)

    async def count_managers(self, artists: Sequence[ArtistId]) -> Mapping[ArtistId, int]:
        return await self.managers.count_managers(artists)

    async def list_managed(
        self, managers: Sequence[ManagerId], page: PageRequest
    ) -> Mapping[ManagerId, Page[Managed]]:
        return await self.managers.list_managed(managers, page)

    async def count_managed(self, managers: Sequence[ManagerId]) -> Mapping[ManagerId, int]:
        return await self.managers.count_managed(managers)

    async def list_invitations(self, user: ManagerId) -> tuple[Managed, ...]:
        return await self.managers.list_invitations(user)

    async def find_permissions(
        self, user: ManagerId, artists: Sequence[ArtistId]
    ) -> Mapping[ArtistId, frozenset[Permission]]:
        return await self.managers.find_permissions(user, artists)

    async def invite(
        self,
        actor: Actor,
        artist_id: ArtistId,
        user: ManagerId,
        permissions: Collection[Permission],
        checks: Checks,
    ) -> Artist:
        """Raises Refused (InvalidInput, NotFound), NotYourArtist."""
        granted = _checked(checks, permissions)
        if not await self.managers.invite(artist_id, user, granted, actor):
            raise await self.artists.why_not(artist_id, Permission.ALL)
        return await self._artist(artist_id)

    async def answer(self, actor: Actor, artist_id: ArtistId, checks: Checks, *, accept: bool) -> Artist:
        """Raises Refused (NotFound) when there is no invitation."""
        checks.done()
        take = self.managers.accept if accept else self.managers.decline
        if not await take(artist_id, actor):
            raise Refused(not_found("invitation", "artistId"))
        return await self._artist(artist_id)

    async def change(
        self,
        actor: Actor,
        artist_id: ArtistId,
        user: ManagerId,
        permissions: Collection[Permission],
        checks: Checks,
    ) -> Artist:
        """Raises Refused (InvalidInput, NotFound, LastManager), NotYourArtist."""
        granted = _checked(checks, permissions)
        if not await self.managers.change(artist_id, user, granted, actor):
            raise await self._why_not(actor, artist_id, user, leaves=False)
        return await self._artist(artist_id)

    async def remove(self, actor: Actor, artist_id: ArtistId, user: ManagerId, checks: Checks) -> Artist:
        """Raises Refused (NotFound, LastManager), NotYourArtist."""
        checks.done()
        if not await self.managers.remove(artist_id, user, actor):
            raise await self._why_not(actor, artist_id, user, leaves=user == actor.user_id)
        return await self._artist(artist_id)

    async def _why_not(
        self, actor: Actor, artist_id: ArtistId, user: ManagerId, *, leaves: bool
    ) -> Exception:
        mine = (await self.managers.find_permissions(actor.user_id, [artist_id])).get(artist_id)
        may_leave = leaves and mine is not None
        if not (actor.is_admin or may_leave or (mine and Permission.ALL in mine)):
            return await self.artists.why_not(artist_id, Permission.ALL)
        if artist_id not in await self.managers.find_permissions(user, [artist_id]):
            return Refused(not_found("manager", "userId"))
        return last_manager()

    async def _artist(self, artist_id: ArtistId) -> Artist:
        found = (await self.artists.find_by_ids([artist_id])).get(artist_id)
        if found is None:
            raise Refused(not_found("artist", "artistId"))
        return found


def _checked(checks: Checks, permissions: Collection[Permission]) -> frozenset[Permission]:
    checks.require(bool(permissions), "permissions", "Say what they may do.")
    checks.done()
    return EVERYTHING if Permission.ALL in permissions else frozenset(permissions)

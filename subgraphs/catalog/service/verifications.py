"""The badge: asked for by who may do everything for an artist, decided by editors (administrators)."""

from __future__ import annotations

from dataclasses import dataclass

from subgraphs.catalog.repository.postgres_verifications import PostgresVerificationRepository
from subgraphs.catalog.service.managers import Managers
from subgraphs.catalog.values import Actor, ArtistId, Permission
from subgraphs.catalog.verifying import Verdict, Verification, VerificationId, VerificationStatus
from subgraphs.kit.errors import Forbidden, Refused
from subgraphs.kit.user_errors import conflict, not_found
from subgraphs.kit.validation import Checks

STATEMENT_CHARACTERS, REASON_CHARACTERS = 2000, 500
NOT_AGAIN = "The artist has its badge, or a request that waits."


@dataclass(frozen=True, slots=True)
class Verifications:
    stored: PostgresVerificationRepository
    managers: Managers

    async def request(
        self, actor: Actor, artist_id: ArtistId, statement: str, checks: Checks
    ) -> Verification:
        """Raises Refused (InvalidInput, NotFound, Conflict), NotYourArtist."""
        kept = checks.prose(statement, "statement", "The statement", least=1, most=STATEMENT_CHARACTERS)
        checks.done()
        made = await self.stored.request(artist_id, kept, actor)
        if made is None:
            raise await self._why_not(actor, artist_id)
        return made

    async def decide(
        self, actor: Actor, request: VerificationId, grant: bool, reason: str | None, checks: Checks
    ) -> Verification:
        """Raises Refused (InvalidInput, NotFound, Conflict), Forbidden."""
        require_editor(actor.is_admin)
        kept = _reason(checks, reason, is_needed=not grant)
        checks.done()
        status = VerificationStatus.GRANTED if grant else VerificationStatus.REFUSED
        decided = await self.stored.decide(request, Verdict(status, kept), actor)
        if decided is None:
            raise await self._why_not_decided(request)
        return decided

    async def revoke(self, actor: Actor, artist_id: ArtistId, reason: str, checks: Checks) -> Verification:
        """Raises Refused (InvalidInput, NotFound), Forbidden."""
        require_editor(actor.is_admin)
        kept = _reason(checks, reason, is_needed=True)
        checks.done()
        revoked = await self.stored.revoke(artist_id, Verdict(VerificationStatus.REVOKED, kept), actor)
        if revoked is None:
            raise Refused(not_found("badge", "artistId"))
        return revoked

    async def _why_not_decided(self, request: VerificationId) -> Exception:
        if await self.stored.find(request) is None:
            return Refused(not_found("request", "verificationId"))
        return Refused(conflict("This request is decided already.", "verificationId"))

    async def _why_not(self, actor: Actor, artist_id: ArtistId) -> Exception:
        mine = (await self.managers.find_permissions(actor.user_id, [artist_id])).get(artist_id, frozenset())
        artists = self.managers.artists
        is_there = artist_id in await artists.find_by_ids([artist_id])
        if is_there and (actor.is_admin or Permission.ALL in mine):
            return Refused(conflict(NOT_AGAIN, "artistId"))
        return await artists.why_not(artist_id, Permission.ALL)


def require_editor(is_admin: bool) -> None:
    if not is_admin:
        raise Forbidden("Badges are given by editors.")


def _reason(checks: Checks, reason: str | None, *, is_needed: bool) -> str | None:
    checks.require(reason is not None or not is_needed, "reason", "Say why.")
    least = 1 if is_needed else 0
    return checks.prose(reason, "reason", "The reason", least=least, most=REASON_CHARACTERS)

"""Logins: begun, gone on with, seen and ended.

login ──► access token (short, signed)  +  refresh token (long, random)
            │ dies with the session            │ used once
            ▼                                   ▼
      session:{id} in Redis        a new pair; the same token again, later than seconds, ends the login
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import assert_never
from uuid import UUID, uuid4

from msgspec import structs

from db.errors import StoreUnavailable
from subgraphs.kit.audit import Actor
from subgraphs.kit.errors import Refused
from subgraphs.kit.sessions import Sessions
from subgraphs.kit.user_errors import not_found
from subgraphs.users.errors import login_ended
from subgraphs.users.repository.protocol import LoginRepository
from subgraphs.users.tokens import TokenIssuer, new_refresh_token, refresh_token_hash
from subgraphs.users.values import (
    ROLE_USER,
    AccessToken,
    ApiScope,
    ApiToken,
    LoginId,
    LoginTokens,
    NewRefreshToken,
    Reused,
    Rotated,
    Session,
    Unusable,
    User,
    UserId,
)

log = logging.getLogger("plait.users")


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a login comes from, for its owner to recognise."""

    ip_address: str
    device: str | None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """What the client gets, and what we keep of it."""

    text: str
    stored: NewRefreshToken


@dataclass(frozen=True, slots=True)
class Logins:
    logins: LoginRepository
    sessions: Sessions
    issuer: TokenIssuer
    refresh_lifetime: timedelta
    now: Callable[[], datetime] = utc_now

    def new_token(self, origin: Origin) -> RefreshToken:
        text, expires_at = new_refresh_token(), self.now() + self.refresh_lifetime
        kept = NewRefreshToken(refresh_token_hash(text), origin.ip_address, origin.device, expires_at)
        return RefreshToken(text, kept)

    async def start(self, user: User, origin: Origin) -> LoginTokens:
        token, login = self.new_token(origin), LoginId(uuid4())
        actor = Actor(str(user.id), None, origin.request_id)
        await self.logins.start(user.id, login, token.stored, actor)
        return await self.begin(user, login, token)

    async def refresh(self, refresh_token: str, origin: Origin) -> LoginTokens:
        """A new pair for an unused refresh token. Raises Refused (LoginEnded)."""
        successor = self.new_token(origin)
        hashed = refresh_token_hash(refresh_token)
        match await self.logins.rotate(hashed, successor.stored):
            case Rotated(user, login, acting_for):
                return await self.begin(user, login, successor, acting_for)
            case Reused(user_id, login):
                log.warning("refresh token of user %s was used twice: login %s is ended", user_id, login)
                await self.end_sessions([login])
                raise login_ended()
            case Unusable():
                raise login_ended()
            case other:
                assert_never(other)

    async def begin(
        self, user: User, login: LoginId, token: RefreshToken, acting_for: UUID | None = None
    ) -> LoginTokens:
        """The pair of tokens of a login that is stored, whose session starts or goes on. With a Redis that is
        away it does so at the next refresh: reads work until then.
        """
        tenant = None if acting_for is None else str(acting_for)
        try:
            expires_at = token.stored.expires_at
            await self.sessions.start(str(login), str(user.id), expires_at, tenant, sorted(user.roles))
        except StoreUnavailable as error:
            log.warning("login %s has no session yet: %s", login, error)
        access, expires_at = self.issuer.access_token(user, self.now(), acting_for, login)
        return LoginTokens(user, access, expires_at, token.text, token.stored.expires_at)

    async def act_for(self, user: User, session: Session) -> AccessToken:
        """A token for what the login acts for from now on; earlier ones say something else and end. Raises
        StoreUnavailable.
        """
        tenant = None if session.acting_for is None else str(session.acting_for)
        roles = sorted(user.roles)
        await self.sessions.start(str(session.id), str(user.id), session.expires_at, tenant, roles)
        text, expires_at = self.issuer.access_token(user, self.now(), session.acting_for, session.id)
        return AccessToken(text, expires_at)

    async def begin_program(self, user: User, token: ApiToken) -> AccessToken:
        """An access token for a program, with its owner's roles when it may use them. Raises
        StoreUnavailable: a program has no other way to go on, and tries again.
        """
        acts_as = (
            user if ApiScope.ADMIN in token.scopes else structs.replace(user, roles=frozenset({ROLE_USER}))
        )
        await self.sessions.start(str(token.id), str(user.id), token.expires_at, roles=sorted(acts_as.roles))
        text, expires_at = self.issuer.access_token(acts_as, self.now(), login=token.id, scopes=token.scopes)
        return AccessToken(text, expires_at)

    async def log_out(self, refresh_token: str, actor: Actor) -> int:
        """End one login; how many that ended. An unknown token has nothing to end."""
        ended = await self.logins.end_by_token(refresh_token_hash(refresh_token), actor)
        await self.end_sessions(ended)
        return len(ended)

    async def log_out_everywhere(self, user_id: UserId, except_token: str | None, actor: Actor) -> int:
        """End every login but the token's; how many that ended."""
        kept = None if except_token is None else refresh_token_hash(except_token)
        ended = await self.logins.end_all(user_id, actor, kept)
        await self.end_sessions(ended)
        return len(ended)

    async def end(self, user_id: UserId, login: LoginId, actor: Actor) -> Session:
        """Raises Refused (NotFound)."""
        ended = await self.logins.end(user_id, login, actor)
        if ended is None:
            raise Refused(not_found("session", "sessionId"))
        await self.end_sessions([login])
        return ended

    async def list_live(self, user_ids: Sequence[UserId]) -> Mapping[UserId, list[Session]]:
        return await self.logins.list_live(user_ids)

    async def end_sessions(self, logins: Iterable[LoginId]) -> None:
        """At once where Redis answers; where not, the job that the repository enqueued does it."""
        try:
            await self.sessions.end(*map(str, logins))
        except StoreUnavailable as error:
            log.warning("sessions end later: %s", error)

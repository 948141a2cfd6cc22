"""Accounts: sign up, log in, stay logged in, log out.

password ──Argon2id──► login ──► access token (short, signed)  +  refresh token (long, random)
                                                                       │ used once
                                                                       ▼
                                  a new pair; the same token again, later than seconds, ends the family
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import assert_never
from uuid import uuid4

from subgraphs.kit.text import is_storable
from subgraphs.users.errors import invalid_credentials, login_ended
from subgraphs.users.passwords import PasswordHasher
from subgraphs.users.repository.protocol import AccountRepository
from subgraphs.users.service.rules import PASSWORD_MOST, SignUp, check_sign_up
from subgraphs.users.tokens import TokenIssuer, new_refresh_token, refresh_token_hash
from subgraphs.users.values import (
    FamilyId,
    LoginTokens,
    NewRefreshToken,
    NewUser,
    Reused,
    Rotated,
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


@dataclass(frozen=True, slots=True)
class Accounts:
    accounts: AccountRepository
    hasher: PasswordHasher
    issuer: TokenIssuer
    refresh_lifetime: timedelta
    now: Callable[[], datetime] = utc_now

    async def sign_up(self, asked: SignUp, origin: Origin) -> LoginTokens:
        """A new account, logged in; its address is unverified. Raises Refused: InvalidInput, UsernameTaken.
        Whether somebody has an account with the address cannot be told from what happens.
        """
        kept = check_sign_up(asked)
        password_hash = await self.hasher.hash(kept.password)
        new = NewUser(
            UserId(uuid4()), kept.username, kept.email, password_hash, kept.first_name, kept.last_name
        )
        token, stored = self._new_refresh_token(origin)
        return self._tokens(await self.accounts.open(new, FamilyId(uuid4()), stored), token, stored)

    async def log_in(self, name_or_email: str, password: str, origin: Origin) -> LoginTokens:
        """By username, or by an address that was verified. Raises Refused (InvalidCredentials), after the
        same work whether the account exists or not.
        """
        name = name_or_email.strip()
        found = await self.accounts.find_credentials(name) if is_storable(name) else None
        known_hash = None if found is None else found.password_hash
        matches = await self.hasher.verify(known_hash, password[: PASSWORD_MOST + 1])
        if found is None or not matches:
            raise invalid_credentials()
        if self.hasher.is_outdated(found.password_hash):
            new_hash = await self.hasher.hash(password)
            await self.accounts.renew_password_hash(found.user.id, found.password_hash, new_hash)
        return await self._start(found.user, origin)

    async def refresh(self, refresh_token: str, origin: Origin) -> LoginTokens:
        """A new pair for an unused refresh token. Raises Refused (LoginEnded)."""
        successor, stored = self._new_refresh_token(origin)
        match await self.accounts.rotate(refresh_token_hash(refresh_token), stored, self.now()):
            case Rotated(user):
                return self._tokens(user, successor, stored)
            case Reused(user_id, family_id):
                log.warning(
                    "refresh token of user %s was used twice: login %s is revoked", user_id, family_id
                )
                raise login_ended()
            case Unusable():
                raise login_ended()
            case other:
                assert_never(other)

    async def log_out(self, refresh_token: str) -> int:
        """End one login; how many that ended. An unknown token has nothing to end."""
        return await self.accounts.revoke_family(refresh_token_hash(refresh_token))

    async def log_out_everywhere(self, user_id: UserId, except_refresh_token: str | None) -> int:
        """End every login but the token's; how many that ended."""
        kept = None if except_refresh_token is None else refresh_token_hash(except_refresh_token)
        return await self.accounts.revoke_all(user_id, kept)

    async def _start(self, user: User, origin: Origin) -> LoginTokens:
        token, stored = self._new_refresh_token(origin)
        await self.accounts.start(user.id, FamilyId(uuid4()), stored)
        return self._tokens(user, token, stored)

    def _new_refresh_token(self, origin: Origin) -> tuple[str, NewRefreshToken]:
        token = new_refresh_token()
        expires_at = self.now() + self.refresh_lifetime
        return token, NewRefreshToken(refresh_token_hash(token), origin.ip_address, origin.device, expires_at)

    def _tokens(self, user: User, refresh_token: str, stored: NewRefreshToken) -> LoginTokens:
        access_token, access_expires_at = self.issuer.access_token(user, self.now())
        return LoginTokens(user, access_token, access_expires_at, refresh_token, stored.expires_at)

"""Accounts: sign up, log in, stay logged in, log out.

password ──Argon2id──► login ──► access token (short, signed)  +  refresh token (long, random)
                                                                       │ used once
                                                                       ▼
                                                 a new pair; the same token again ends the whole family
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import assert_never
from uuid import uuid4

from subgraphs.kit.validation import is_storable
from subgraphs.users.errors import LoginRefused, RefreshRefused
from subgraphs.users.passwords import PasswordHasher
from subgraphs.users.repository.protocol import LoginRepository, UserRepository
from subgraphs.users.service.rules import PASSWORD_MOST, check_sign_up
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
    users: UserRepository
    logins: LoginRepository
    hasher: PasswordHasher
    issuer: TokenIssuer
    refresh_lifetime: timedelta
    now: Callable[[], datetime] = utc_now

    async def sign_up(
        self,
        *,
        username: str,
        email: str,
        password: str,
        first_name: str | None,
        last_name: str | None,
        origin: Origin,
    ) -> LoginTokens:
        """A new account, logged in. Raises BadUserInput, UsernameTaken, EmailTaken."""
        check_sign_up(username, email, password, first_name, last_name)
        password_hash = await self.hasher.hash(password)
        new = NewUser(UserId(uuid4()), username, email, password_hash, first_name, last_name)
        return await self._start(await self.users.add(new), origin)

    async def log_in(self, name_or_email: str, password: str, origin: Origin) -> LoginTokens:
        """Raises LoginRefused, after the same work whether the account exists or not."""
        name = name_or_email.strip()
        found = await self.users.find_credentials(name) if is_storable(name) else None
        known_hash = None if found is None else found.password_hash
        matches = await self.hasher.verify(known_hash, password[: PASSWORD_MOST + 1])
        if found is None or not matches:
            raise LoginRefused
        if self.hasher.is_outdated(found.password_hash):
            await self.users.set_password_hash(found.user.id, await self.hasher.hash(password))
        return await self._start(found.user, origin)

    async def refresh(self, refresh_token: str, origin: Origin) -> LoginTokens:
        """A new pair for an unused refresh token. Raises RefreshRefused."""
        successor, stored = self._new_refresh_token(origin)
        match await self.logins.rotate(refresh_token_hash(refresh_token), stored, self.now()):
            case Rotated(user_id):
                users = await self.users.find_by_ids([user_id])
                return self._tokens(users[user_id], successor, stored)
            case Reused(user_id, family_id):
                log.warning(
                    "refresh token of user %s was used twice: login %s is revoked", user_id, family_id
                )
                raise RefreshRefused
            case Unusable():
                raise RefreshRefused
            case other:
                assert_never(other)

    async def log_out(self, refresh_token: str) -> None:
        """End one login. An unknown token has nothing to end."""
        await self.logins.revoke_family(refresh_token_hash(refresh_token))

    async def log_out_everywhere(self, user_id: UserId) -> None:
        await self.logins.revoke_all(user_id)

    async def _start(self, user: User, origin: Origin) -> LoginTokens:
        token, stored = self._new_refresh_token(origin)
        await self.logins.start(user.id, FamilyId(uuid4()), stored)
        return self._tokens(user, token, stored)

    def _new_refresh_token(self, origin: Origin) -> tuple[str, NewRefreshToken]:
        token = new_refresh_token()
        expires_at = self.now() + self.refresh_lifetime
        return token, NewRefreshToken(refresh_token_hash(token), origin.ip_address, origin.device, expires_at)

    def _tokens(self, user: User, refresh_token: str, stored: NewRefreshToken) -> LoginTokens:
        access_token, access_expires_at = self.issuer.access_token(user, self.now())
        return LoginTokens(user, access_token, access_expires_at, refresh_token, stored.expires_at)

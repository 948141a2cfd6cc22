"""Accounts: sign up, and log in by password. What follows is in `logins.py`."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from subgraphs.kit.audit import Actor
from subgraphs.kit.text import is_storable
from subgraphs.users.errors import invalid_credentials
from subgraphs.users.limits import Limits
from subgraphs.users.passwords import PasswordHasher
from subgraphs.users.repository.protocol import AccountRepository
from subgraphs.users.service.logins import Logins, Origin
from subgraphs.users.service.rules import PASSWORD_MOST, SignUp, check_sign_up
from subgraphs.users.values import LoginId, LoginTokens, NewUser, UserId


@dataclass(frozen=True, slots=True)
class Accounts:
    accounts: AccountRepository
    logins: Logins
    hasher: PasswordHasher
    limits: Limits

    async def sign_up(self, asked: SignUp, origin: Origin) -> LoginTokens:
        """A new account, logged in; its address is unverified. Raises Refused: InvalidInput, UsernameTaken.
        Whether somebody has an account with the address cannot be told from what happens. Raises RateLimited.
        """
        kept = check_sign_up(asked)
        await self.limits.sign_up(origin.ip_address)
        password_hash = await self.hasher.hash(kept.password)
        new = NewUser(
            UserId(uuid4()), kept.username, kept.email, password_hash, kept.first_name, kept.last_name
        )
        token, login = self.logins.new_token(origin), LoginId(uuid4())
        actor = Actor(str(new.id), None, origin.request_id)
        user = await self.accounts.open(new, login, token.stored, actor)
        return await self.logins.begin(user, login, token)

    async def log_in(self, name_or_email: str, password: str, origin: Origin) -> LoginTokens:
        """By username, or by an address that was verified. Raises Refused (InvalidCredentials), after the
        same work whether the account exists or not; RateLimited, whether it does or not.
        """
        name = name_or_email.strip()
        await self.limits.log_in(origin.ip_address, name)
        found = await self.accounts.find_credentials(name) if is_storable(name) else None
        known_hash = None if found is None else found.password_hash
        matches = await self.hasher.verify(known_hash, password[: PASSWORD_MOST + 1])
        if found is None or not matches:
            raise invalid_credentials()
        if self.hasher.is_outdated(found.password_hash):
            new_hash = await self.hasher.hash(password)
            await self.accounts.renew_password_hash(found.user.id, found.password_hash, new_hash)
        return await self.logins.start(found.user, origin)

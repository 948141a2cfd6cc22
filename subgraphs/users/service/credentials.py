"""Passwords and addresses: changed by who knows the password, proven and reset by who reads the mailbox.

Whether an address has an account, or is somebody else's, is never told to who asks; it is told by mail, to
who reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from subgraphs.kit.audit import Actor
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Refused
from subgraphs.kit.user_errors import not_found
from subgraphs.kit.validation import Checks
from subgraphs.users.errors import token_unusable, wrong_password
from subgraphs.users.limits import Limits
from subgraphs.users.passwords import PasswordHasher
from subgraphs.users.repository.protocol import CredentialRepository
from subgraphs.users.service.logins import Logins, Origin
from subgraphs.users.service.rules import PASSWORD_MOST, check_email, check_password
from subgraphs.users.tokens import refresh_token_hash
from subgraphs.users.values import NO_ADDRESS, ProofKind, User, UserId


@dataclass(frozen=True, slots=True)
class Credentials:
    credentials: CredentialRepository
    logins: Logins
    hasher: PasswordHasher
    limits: Limits

    async def request_verification(self, viewer: Viewer, email: str, actor: Actor) -> str:
        """A mail to the address the account claims; one that has none (made by Telegram) claims it with this.
        Raises Refused: InvalidInput; RateLimited.
        """
        checks = Checks()
        kept = check_email(email, checks)
        user = await self._user(viewer)
        has_none = user.email.endswith(NO_ADDRESS)
        is_own = has_none or kept.lower() == user.email.lower()
        checks.require(is_own, "email", "This is not your account's address.")
        checks.require(not user.is_verified, "email", "This address is proven already.")
        checks.done()
        await self.limits.mail(str(viewer.id), kept)
        if has_none:
            await self.credentials.claim(UserId(viewer.id), kept, actor)
        await self.credentials.request_mail(ProofKind.VERIFY_EMAIL, kept, UserId(viewer.id))
        return kept

    async def verify_email(self, token: str, origin: Origin) -> User:
        """Raises Refused (TokenUnusable), RateLimited."""
        await self.limits.proof(origin.ip_address)
        user = await self.credentials.verify_email(refresh_token_hash(token), origin.request_id)
        if user is None:
            raise token_unusable()
        return user

    async def change_email(self, viewer: Viewer, email: str, password: str) -> str:
        """The address stays as it is until the new one is proven. Raises Refused: InvalidInput,
        InvalidCredentials; RateLimited.
        """
        checks = Checks()
        kept = check_email(email, checks)
        checks.done()
        await self.check(viewer, password, "password")
        await self.limits.mail(str(viewer.id), kept)
        await self.credentials.request_mail(ProofKind.CHANGE_EMAIL, kept, UserId(viewer.id))
        return kept

    async def request_reset(self, email: str, origin: Origin) -> str:
        """The same whether there is an account or not. Raises Refused (InvalidInput), RateLimited."""
        checks = Checks()
        kept = check_email(email, checks)
        checks.done()
        await self.limits.mail(origin.ip_address, kept)
        await self.credentials.request_mail(ProofKind.RESET_PASSWORD, kept, None)
        return kept

    async def reset_password(self, token: str, password: str, origin: Origin) -> User:
        """Ends every login. Raises Refused: InvalidInput, TokenUnusable; RateLimited."""
        await self.limits.proof(origin.ip_address)
        token_hash, checks = refresh_token_hash(token), Checks()
        user = await self.credentials.find_by_reset(token_hash)
        check_password(checks, password, *((user.username, user.email) if user else ("", "")))
        checks.done()
        if user is None:
            raise token_unusable()
        new_hash = await self.hasher.hash(password)
        done = await self.credentials.reset_password(token_hash, new_hash, origin.request_id)
        if done is None:
            raise token_unusable()
        await self.logins.end_sessions(done[1])
        return user

    async def change_password(self, viewer: Viewer, current: str, new: str, actor: Actor) -> int:
        """Ends every other login; how many that ended. Raises Refused: InvalidInput, InvalidCredentials;
        RateLimited.
        """
        user = await self.check(viewer, current, "currentPassword")
        checks = Checks()
        check_password(checks, new, user.username, user.email, "newPassword")
        checks.done()
        new_hash = await self.hasher.hash(new)
        keep = None if viewer.session is None else UUID(viewer.session)
        ended = await self.credentials.change_password(UserId(viewer.id), new_hash, actor, keep)
        await self.logins.end_sessions(ended)
        return len(ended)

    async def check(self, viewer: Viewer, password: str, at: str) -> User:
        """The viewer, if that is their password. Raises Refused (InvalidCredentials), RateLimited."""
        await self.limits.password(viewer.id)
        found = await self.credentials.find(UserId(viewer.id))
        known = None if found is None else found.password_hash
        matches = await self.hasher.verify(known, password[: PASSWORD_MOST + 1])
        if found is None or not matches:
            raise wrong_password(at)
        return found.user

    async def _user(self, viewer: Viewer) -> User:
        found = await self.credentials.find(UserId(viewer.id))
        if found is None:
            raise Refused(not_found("user"))
        return found.user

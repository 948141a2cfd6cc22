"""Tokens for programs. One is exchanged for an access token of minutes, which every service checks like any
other; what it may do is in that. Revoked, it takes its access tokens with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from subgraphs.kit.audit import Actor
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Refused
from subgraphs.kit.user_errors import conflict, not_found
from subgraphs.kit.validation import Checks
from subgraphs.users.errors import token_unusable
from subgraphs.users.repository.protocol import ApiTokenRepository
from subgraphs.users.service.credentials import Credentials
from subgraphs.users.service.logins import Origin
from subgraphs.users.tokens import new_refresh_token, refresh_token_hash
from subgraphs.users.values import AccessToken, ApiScope, ApiToken, LoginId, UserId

LONGEST = timedelta(days=366)
PREFIX = "plait_"
"""So that scanners for secrets find one that was published."""


@dataclass(frozen=True, slots=True)
class ApiTokens:
    tokens: ApiTokenRepository
    credentials: Credentials

    async def create(
        self,
        viewer: Viewer,
        name: str,
        scopes: Iterable[ApiScope],
        expires_at: datetime,
        password: str,
        actor: Actor,
    ) -> tuple[str, ApiToken]:
        """The token's text, which nobody can read again. Raises Refused: InvalidInput, InvalidCredentials,
        Conflict.
        """
        checks, now = Checks(), self.credentials.logins.now()
        kept, wanted = checks.line(name, "name", "The name", least=1, most=100), frozenset(scopes)
        checks.require(bool(wanted), "scopes", "Say what it may do.")
        checks.require(now < expires_at <= now + LONGEST, "expiresAt", "It expires within a year.")
        is_admin = ApiScope.ADMIN not in wanted or viewer.is_admin
        checks.require(is_admin, "scopes", "You are not an administrator.")
        checks.done()
        await self.credentials.check(viewer, password, "password")
        text = PREFIX + new_refresh_token()
        token = ApiToken(LoginId(uuid4()), UserId(viewer.id), kept, wanted, now, expires_at)
        if not await self.tokens.add(token, refresh_token_hash(text), actor):
            raise Refused(conflict("You have as many tokens as one may. Revoke one of them."))
        return text, token

    async def exchange(self, text: str, origin: Origin) -> AccessToken:
        """Raises Refused (TokenUnusable), RateLimited."""
        await self.credentials.limits.proof(origin.ip_address)
        used = await self.tokens.use(refresh_token_hash(text))
        if used is None:
            raise token_unusable()
        user, token = used
        return await self.credentials.logins.begin_program(user, token)

    async def revoke(self, viewer: Viewer, token: LoginId, actor: Actor) -> ApiToken:
        """Raises Refused (NotFound)."""
        revoked = await self.tokens.revoke(UserId(viewer.id), token, actor)
        if revoked is None:
            raise Refused(not_found("token", "apiTokenId"))
        await self.credentials.logins.end_sessions([token])
        return revoked

    async def list_good(self, user_ids: Sequence[UserId]) -> Mapping[UserId, list[ApiToken]]:
        return await self.tokens.list_good(user_ids)

"""Who asks: a `Viewer` proven by a signed token, nobody, or a token that is not good.

A bad token does not make a request fail as a whole. Public fields are answered; a field that needs to know
the viewer fails with UNAUTHENTICATED and the reason, so that a client with an expired token can still log in
or refresh.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from db.errors import StoreUnavailable
from db.uuids import uuid_of
from subgraphs.kit.config import TokenConfig
from subgraphs.kit.jwks import Claims, Fault, Issuer, KeySet, TokenCheck, TokenFault, key_source
from subgraphs.kit.liveness import Liveness
from subgraphs.kit.sessions import Sessions

ALGORITHMS = frozenset({"EdDSA", "RS256", "ES256"})
REQUIRED_CLAIMS = frozenset({"exp", "iat", "sub"})
LEEWAY_SECONDS = 5
REASONS: Final[Mapping[Fault, str]] = {
    Fault.EXPIRED: "The access token has expired.",
    Fault.UNKNOWN_KEY: "The access token was not issued here.",
    Fault.ALGORITHM: "The access token's algorithm is not accepted.",
}
"""Every other fault: it is not valid."""
WRITE = "write"
"""The scope without which a program may not send mutations."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """The logged-in user behind a request."""

    id: UUID
    roles: frozenset[str]
    tenant: str | None = None
    session: str | None = None
    """The login that the token dies with; None for one that stands alone."""
    scopes: frozenset[str] | None = None
    """What a program may do in the viewer's name; None for the viewer in person."""

    @property
    def is_admin(self) -> bool:
        return "ROLE_ADMIN" in self.roles

    @property
    def is_moderator(self) -> bool:
        """Who decides about what was reported. Administrators may all of it."""
        return self.is_admin or "ROLE_MODERATOR" in self.roles

    @property
    def may_write(self) -> bool:
        return self.scopes is None or WRITE in self.scopes


@dataclass(frozen=True, slots=True)
class BadToken:
    """A token was sent and cannot be accepted; `reason` is for the client."""

    reason: str


Identity = Viewer | BadToken | None
"""None: no token was sent."""


class TokenVerifier:
    """Checks access tokens, as the router does. A token of a login is good for as long as `liveness` says
    that the login goes on.
    """

    def __init__(
        self,
        keys: KeySet,
        *,
        issuer: str,
        audience: str,
        liveness: Liveness | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._liveness = liveness
        ours = Issuer(keys, ALGORITHMS, frozenset((issuer,)), frozenset((audience,)), needs_key_id=True)
        self._tokens = TokenCheck([ours], _viewer, required=REQUIRED_CLAIMS, skew=LEEWAY_SECONDS, clock=clock)

    async def identify(self, authorization: str | None, *, for_writing: bool = False) -> Identity:
        """The value of an Authorization header → who it is. Raises KeysUnavailable when keys cannot be
        read, StoreUnavailable when something is to be written and nobody can say whether the login goes on.
        """
        if authorization is None or not authorization.strip():
            return None
        scheme, _, token = authorization.strip().partition(" ")
        if scheme.lower() != "bearer" or not token:
            return BadToken("The Authorization header must be a Bearer token.")
        token = token.strip()
        viewer = self._tokens.recall(token) or await self._verify(token)
        if self._liveness is None or isinstance(viewer, BadToken) or viewer.session is None:
            return viewer
        if await self._goes_on(self._liveness, viewer, for_writing):
            return viewer
        return BadToken("The login of this access token has ended.")

    async def _goes_on(self, liveness: Liveness, viewer: Viewer, for_writing: bool) -> bool:
        """With Redis away reads go on, for the minutes that an access token has; writes do not."""
        try:
            roles = tuple(sorted(viewer.roles))
            return await liveness.is_live(str(viewer.session), str(viewer.id), viewer.tenant, roles)
        except StoreUnavailable:
            if for_writing:
                raise
            return True

    async def _verify(self, token: str) -> Viewer | BadToken:
        try:
            return await self._tokens.check(token)
        except TokenFault as error:
            return BadToken(REASONS.get(error.fault, "The access token is not valid."))


def token_verifier(config: TokenConfig, sessions: Sessions | None = None) -> TokenVerifier:
    """Without `sessions` a token is good until it expires."""
    liveness = None if sessions is None else Liveness(sessions)
    keys = KeySet(key_source(config.jwks))
    return TokenVerifier(keys, issuer=config.issuer, audience=config.audience, liveness=liveness)


def _viewer(claims: Claims) -> Viewer:
    """Raises ValueError or TypeError for claims that no token of ours has."""
    return Viewer(
        uuid_of(str(claims["sub"])),
        frozenset(map(str, claims.get("roles", ()))),
        _id(claims.get("tenant")),
        _id(claims.get("sid")),
        _scopes(claims.get("scope")),
    )


def _id(claim: object) -> str | None:
    return None if claim is None else str(uuid_of(str(claim)))


def _scopes(claim: object) -> frozenset[str] | None:
    return None if claim is None else frozenset(str(claim).split())

"""Who asks: a `Viewer` proven by a signed token, nobody, or a token that is not good.

A bad token does not make a request fail as a whole. Public fields are answered; a field that needs to know
the viewer fails with UNAUTHENTICATED and the reason, so that a client with an expired token can still log in
or refresh.
"""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from dataclasses import dataclass
from uuid import UUID

import jwt

from subgraphs.kit.config import TokenConfig
from subgraphs.kit.jwks import KeySet, key_source

ALGORITHMS = frozenset({"EdDSA", "RS256", "ES256"})
REMEMBERED_TOKENS = 2048
LEEWAY_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Viewer:
    """The logged-in user behind a request."""

    id: UUID
    roles: frozenset[str]
    tenant: str | None = None

    @property
    def is_admin(self) -> bool:
        return "ROLE_ADMIN" in self.roles


@dataclass(frozen=True, slots=True)
class BadToken:
    """A token was sent and cannot be accepted; `reason` is for the client."""

    reason: str


Identity = Viewer | BadToken | None
"""None: no token was sent."""


class TokenVerifier:
    """Checks access tokens. Remembers good ones until they expire: a signature costs far more than a
    lookup.
    """

    def __init__(self, keys: KeySet, *, issuer: str, audience: str) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._remembered: OrderedDict[bytes, tuple[float, Viewer]] = OrderedDict()
        self._generation = keys.generation

    async def identify(self, authorization: str | None) -> Identity:
        """The value of an Authorization header → who it is. Raises KeysUnavailable when keys cannot be
        read.
        """
        if authorization is None or not authorization.strip():
            return None
        scheme, _, token = authorization.strip().partition(" ")
        if scheme.lower() != "bearer" or not token:
            return BadToken("The Authorization header must be a Bearer token.")
        return await self._verify(token.strip())

    async def _verify(self, token: str) -> Viewer | BadToken:
        digest = hashlib.sha256(token.encode()).digest()
        await self._forget_withdrawn_keys()
        known = self._remembered.get(digest)
        if known is not None and known[0] > time.time():
            return known[1]
        try:
            header = jwt.get_unverified_header(token)
            key = next(iter(await self._keys.find(str(header.get("kid")))), None)
            if key is None:
                return BadToken("The access token was not issued here.")
            if key.algorithm_name not in ALGORITHMS:
                return BadToken("The access token's algorithm is not accepted.")
            claims = jwt.decode(
                token,
                key,
                algorithms=[key.algorithm_name],
                issuer=self._issuer,
                audience=self._audience,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "sub"]},
            )
            viewer = Viewer(
                UUID(claims["sub"]),
                frozenset(map(str, claims.get("roles", ()))),
                _tenant(claims.get("tenant")),
            )
        except jwt.ExpiredSignatureError:
            return BadToken("The access token has expired.")
        except (jwt.PyJWTError, ValueError, TypeError):
            return BadToken("The access token is not valid.")
        self._remember(digest, float(claims["exp"]), viewer)
        return viewer

    async def _forget_withdrawn_keys(self) -> None:
        """A key that is no longer in the set vouches for nothing."""
        await self._keys.refresh()
        if self._generation != self._keys.generation:
            self._remembered.clear()
            self._generation = self._keys.generation

    def _remember(self, digest: bytes, expires_at: float, viewer: Viewer) -> None:
        self._remembered[digest] = (expires_at, viewer)
        if len(self._remembered) > REMEMBERED_TOKENS:
            self._remembered.popitem(last=False)


def token_verifier(config: TokenConfig) -> TokenVerifier:
    return TokenVerifier(KeySet(key_source(config.jwks)), issuer=config.issuer, audience=config.audience)


def _tenant(claim: object) -> str | None:
    return None if claim is None else str(UUID(str(claim)))

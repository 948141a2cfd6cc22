"""JSON Web Tokens: verified once, remembered until they expire.

No token is an anonymous client. A token that is expired or never expires, forged, from a foreign issuer or
for another audience is refused with 401 and a plain reason; which of several key sets it was meant for is not
told. A token is verified anew when the keys of its issuer have changed: a key that was withdrawn vouches for
nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import jwt

from router.auth.jwks import KeySet, from_file, from_url
from router.cache.lru import LRU
from router.config import JWKSConfig, JWTConfig
from router.errors import RequestError
from router.pipeline.request import Claims

if TYPE_CHECKING:
    from jwt.types import Options

BYTES_PER_TOKEN = 2000
BYTES_PER_CHARACTER = 4
"""About what a remembered token takes: its text and its claims as Python holds them."""

SIGNATURE_ONLY: Options = {
    "verify_signature": True,
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
    "verify_iss": False,
    "verify_sub": False,
    "verify_jti": False,
}


class Unauthenticated(RequestError):
    code = "UNAUTHENTICATED"

    def __init__(self, message: str) -> None:
        challenge = ("www-authenticate", 'Bearer error="invalid_token"')
        super().__init__(message, status=401, headers=[challenge])


@dataclass(frozen=True, slots=True)
class Issuer:
    """A key set and what its tokens must say. Empty `issuers` and `audiences` accept any."""

    keys: KeySet
    algorithms: tuple[str, ...]
    issuers: frozenset[str]
    audiences: frozenset[str]

    @classmethod
    def of(cls, config: JWKSConfig) -> Issuer:
        if config.url is not None:
            read = from_url(config.url)
        else:
            assert config.file is not None, "checked when the configuration was read"
            read = from_file(Path(config.file))
        keys = KeySet(read, refresh=config.refresh_seconds, min_refetch=config.min_refetch_seconds)
        return cls(keys, config.algorithms, frozenset(config.issuers), frozenset(config.audiences))


class _Verified(NamedTuple):
    """What was learned of a token, and by which keys."""

    claims: Claims
    keys: KeySet
    generation: int


class JWTAuthenticator:
    def __init__(
        self,
        config: JWTConfig,
        issuers: list[Issuer],
        *,
        remembered: int,
        max_bytes: int = 20_000_000,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._issuers = issuers
        self._header = config.header_name.lower()
        self._prefix = config.header_prefix.lower()
        self._skew = config.clock_skew_seconds
        self._clock = clock
        self._verified: LRU[str, _Verified] = LRU(remembered, max_bytes)

    async def authenticate(self, headers: Mapping[str, str]) -> Claims | None:
        """The verified claims; None without a token. Raises `Unauthenticated`, `KeysUnavailable`."""
        value = headers.get(self._header)
        if value is None:
            return None
        token = self._token(value)
        verified = self._verified.find(token)
        if verified is not None:
            await verified.keys.refresh()
        if verified is None or verified.generation != verified.keys.generation:
            self._verified.remove(token)
            verified = await self._verify(token)
            self._verified.put(token, verified, BYTES_PER_TOKEN + BYTES_PER_CHARACTER * len(token))
        self._check_times(verified.claims)
        return verified.claims

    def _token(self, value: str) -> str:
        if not self._prefix:
            return value.strip()
        prefix, _, token = value.strip().partition(" ")
        if prefix.lower() != self._prefix or not token.strip():
            raise Unauthenticated("The credentials are not of the expected kind.")
        return token.strip()

    async def _verify(self, token: str) -> _Verified:
        try:
            header = jwt.get_unverified_header(token)
        except jwt.InvalidTokenError as error:
            raise Unauthenticated("The token is malformed.") from error
        algorithm, key_id = header.get("alg"), header.get("kid")
        for issuer in self._issuers:
            if algorithm not in issuer.algorithms:
                continue
            for key in await issuer.keys.find(key_id if isinstance(key_id, str) else None):
                claims = _claims(token, key, algorithm)
                if claims is not None:
                    _check_origin(claims, issuer)
                    return _Verified(claims, issuer.keys, issuer.keys.generation)
        raise Unauthenticated("The token's signature is not valid.")

    def _check_times(self, claims: Mapping[str, Any]) -> None:
        now = self._clock()
        expires, not_before = claims.get("exp"), claims.get("nbf")
        if expires is None:
            raise Unauthenticated("The token never expires.")
        if now >= _seconds(expires) + self._skew:
            raise Unauthenticated("The token has expired.")
        if not_before is not None and now < _seconds(not_before) - self._skew:
            raise Unauthenticated("The token is not valid yet.")


def _claims(token: str, key: jwt.PyJWK, algorithm: str) -> Mapping[str, Any] | None:
    """None when the signature is not of this key. Times are checked on every use, not here."""
    if key.algorithm_name != algorithm:
        return None
    try:
        claims: Mapping[str, Any] = jwt.decode(token, key, algorithms=[algorithm], options=SIGNATURE_ONLY)
    except jwt.InvalidTokenError:
        return None
    return claims


def _check_origin(claims: Mapping[str, Any], issuer: Issuer) -> None:
    named = claims.get("iss")
    if issuer.issuers and not (isinstance(named, str) and named in issuer.issuers):
        raise Unauthenticated("The token is from an issuer that is not accepted here.")
    if issuer.audiences:
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        if not issuer.audiences.intersection(a for a in audiences if isinstance(a, str)):
            raise Unauthenticated("The token is for another audience.")


def _seconds(value: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise Unauthenticated("The token is malformed.")

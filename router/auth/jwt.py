"""JSON Web Tokens of clients, from the request's headers and cookies (`sources.py`).

No token is an anonymous client. A token that is expired or never expires, forged, from a foreign issuer or
for another audience is refused with 401 and a plain reason; which of several key sets it was meant for is not
told. `router.auth.tokens` judges it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from router.auth.jwks import KeySet, from_file, from_url
from router.auth.sources import OtherCredentials, TokenSources
from router.auth.tokens import Claims, Fault, Issuer, TokenCheck, TokenFault
from router.authorization.grant import VerifiedClaims
from router.config import JWKSConfig, JWTConfig
from router.errors import RequestError

REASONS: Final[Mapping[Fault, str]] = {
    Fault.MALFORMED: "The token is malformed.",
    Fault.ALGORITHM: "The token's signature is not valid.",
    Fault.UNKNOWN_KEY: "The token's signature is not valid.",
    Fault.SIGNATURE: "The token's signature is not valid.",
    Fault.ISSUER: "The token is from an issuer that is not accepted here.",
    Fault.AUDIENCE: "The token is for another audience.",
    Fault.NO_EXPIRY: "The token never expires.",
    Fault.EXPIRED: "The token has expired.",
    Fault.NOT_YET_VALID: "The token is not valid yet.",
}


class Unauthenticated(RequestError):
    code = "UNAUTHENTICATED"

    def __init__(self, message: str) -> None:
        challenge = ("www-authenticate", 'Bearer error="invalid_token"')
        super().__init__(message, status=401, headers=[challenge])


def issuer_of(config: JWKSConfig) -> Issuer:
    """The issuer a configuration describes."""
    if config.url is not None:
        read = from_url(config.url)
    else:
        assert config.file is not None, "checked when the configuration was read"
        read = from_file(Path(config.file))
    keys = KeySet(read, refresh=config.refresh_seconds, min_refetch=config.min_refetch_seconds)
    algorithms, issuers = frozenset(config.algorithms), frozenset(config.issuers)
    return Issuer(keys, algorithms, issuers, frozenset(config.audiences))


class JWTAuthenticator:
    def __init__(
        self,
        config: JWTConfig,
        issuers: Sequence[Issuer],
        *,
        remembered: int,
        max_bytes: int = 20_000_000,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._sources = TokenSources.of(config)
        self._tokens: TokenCheck[Claims] = TokenCheck(
            issuers,
            VerifiedClaims,
            skew=config.clock_skew_seconds,
            remembered=remembered,
            max_bytes=max_bytes,
            clock=clock,
        )

    async def authenticate(self, headers: Mapping[str, str]) -> Claims | None:
        """The verified claims; None without a token. Raises `Unauthenticated`, `KeysUnavailable`."""
        try:
            token = self._sources.find(headers)
        except OtherCredentials as error:
            raise Unauthenticated("The credentials are not of the expected kind.") from error
        if token is None:
            return None
        known = self._tokens.recall(token)
        if known is not None:
            return known
        try:
            return await self._tokens.check(token)
        except TokenFault as error:
            raise Unauthenticated(REASONS[error.fault]) from error

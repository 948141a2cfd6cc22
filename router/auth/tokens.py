"""Checking a token: its signature, where it comes from, and its times. Router and subgraphs do it here.

    TokenCheck.check(token) ──> what `read` makes of the claims, or `TokenFault` with the reason

What a fault means is the caller's: the router refuses the request, a subgraph the fields that need to know
the viewer (docs/decisions/0024). So this imports little.

A good token is remembered: a signature costs far more than a look-up. Its times are checked on every use, and
it is verified anew when the keys of its issuer have changed: a key that was withdrawn vouches for nothing.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

import jwt

from router.auth.jwks import KeySet, KeysUnavailable
from router.cache.lru import LRU

if TYPE_CHECKING:
    from jwt.types import Options

T = TypeVar("T")
Claims: TypeAlias = Mapping[str, Any]

REMEMBERED_TOKENS = 2048
REMEMBERED_BYTES = 20_000_000
BYTES_PER_TOKEN = 2000
BYTES_PER_CHARACTER = 5
"""About what a remembered token takes: itself, and what is made of its claims, as Python holds it."""
NEVER = (math.inf, -math.inf)

UNVERIFIED: Options = {"verify_signature": False}
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


class Fault(IntEnum):
    """Why a token is not good. Of several issuers' faults the highest is told."""

    MALFORMED = 0
    ALGORITHM = 1
    UNKNOWN_KEY = 2
    SIGNATURE = 3
    ISSUER = 4
    AUDIENCE = 5
    NO_EXPIRY = 6
    EXPIRED = 7
    NOT_YET_VALID = 8


class TokenFault(Exception):
    """The token cannot be accepted."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.name)


@dataclass(frozen=True, slots=True)
class Issuer:
    """A key set and what its tokens must say. Empty `issuers` and `audiences` accept any."""

    keys: KeySet
    algorithms: frozenset[str]
    issuers: frozenset[str]
    audiences: frozenset[str]
    needs_key_id: bool = False
    """Else a token that names no key is tried with each."""


@dataclass(frozen=True, slots=True)
class _Known(Generic[T]):
    """What was learned of a token, and by which keys. It is good from `begins` until `ends`, where its times
    say so; `NEVER` leaves it to `_check_times` to tell what is wrong with them.
    """

    claims: Claims
    made: T
    keys: KeySet
    generation: int
    begins: float
    ends: float


class TokenCheck(Generic[T]):
    """`read` makes of the claims what the caller works with; a ValueError or TypeError of it is a malformed
    token. `required` claims must be there; `iat`, when required, must have passed. Times are in seconds.
    """

    def __init__(
        self,
        issuers: Sequence[Issuer],
        read: Callable[[Claims], T],
        *,
        required: frozenset[str] = frozenset(),
        skew: float = 0,
        remembered: int = REMEMBERED_TOKENS,
        max_bytes: int = REMEMBERED_BYTES,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._issuers = issuers
        self._read = read
        self._required = required
        self._skew = skew
        self._clock = clock
        self._known: LRU[str, _Known[T]] = LRU(remembered, max_bytes)

    def recall(self, token: str) -> T | None:
        """What a good token says that is remembered and as good as it was; None says that it is for `check`
        to tell. O(1), and nothing to wait for.
        """
        known = self._known.find(token)
        if known is None or known.generation != known.keys.generation or known.keys.is_old:
            return None
        return known.made if known.begins <= self._clock() < known.ends else None

    async def check(self, token: str) -> T:
        """What a good token says. Raises `TokenFault`, and `KeysUnavailable` when no key was ever read."""
        known = self._known.find(token)
        if known is not None:
            await known.keys.refresh()
        if known is None or known.generation != known.keys.generation:
            self._known.remove(token)
            known = await self._verify(token)
            self._known.put(token, known, BYTES_PER_TOKEN + BYTES_PER_CHARACTER * len(token))
        self._check_times(known.claims)
        return known.made

    async def _verify(self, token: str) -> _Known[T]:
        try:
            header = jwt.get_unverified_header(token)
        except jwt.InvalidTokenError as error:
            raise TokenFault(Fault.MALFORMED) from error
        if "crit" in header:  # RFC 7515, section 4.1.11; older PyJWTs do not look.
            raise TokenFault(Fault.MALFORMED)
        algorithm, key_id = header.get("alg"), header.get("kid")
        fault = Fault.ALGORITHM
        unavailable: KeysUnavailable | None = None
        for issuer in self._issuers_of(token):
            if algorithm not in issuer.algorithms:
                continue
            fault = max(fault, Fault.UNKNOWN_KEY)
            try:
                keys = await _keys(issuer, key_id)
            except KeysUnavailable as error:
                unavailable = error
                continue
            for key in keys:
                fault = Fault.SIGNATURE
                claims = _claims(token, key, algorithm)
                if claims is not None:
                    return self._accepted(claims, issuer)
        raise unavailable or TokenFault(fault)

    def _issuers_of(self, token: str) -> Sequence[Issuer]:
        """Those that accept the `iss` it names, so that nobody waits for others' keys; all when none does.

        What an unverified token says decides only whose keys are tried.
        """
        try:
            named = jwt.decode(token, options=UNVERIFIED).get("iss")
        except jwt.InvalidTokenError as error:
            raise TokenFault(Fault.MALFORMED) from error
        naming = [one for one in self._issuers if isinstance(named, str) and named in one.issuers]
        any_ = [one for one in self._issuers if not one.issuers]
        return naming + any_ or self._issuers

    def _accepted(self, claims: Claims, issuer: Issuer) -> _Known[T]:
        _check_origin(claims, issuer)
        if any(claims.get(name) is None for name in self._required):
            raise TokenFault(Fault.MALFORMED)
        try:
            made = self._read(claims)
        except (ValueError, TypeError) as error:
            raise TokenFault(Fault.MALFORMED) from error
        return _Known(claims, made, issuer.keys, issuer.keys.generation, *self._times(claims))

    def _times(self, claims: Claims) -> tuple[float, float]:
        """From when until when `_check_times` finds nothing wrong; `NEVER` where it always does."""
        try:
            starts = [_seconds(start) - self._skew for start in self._starts(claims)]
            return max(starts, default=-math.inf), _seconds(claims.get("exp")) + self._skew
        except TokenFault:
            return NEVER

    def _starts(self, claims: Claims) -> list[Any]:
        starts = (claims.get("nbf"), claims["iat"] if "iat" in self._required else None)
        return [start for start in starts if start is not None]

    def _check_times(self, claims: Claims) -> None:
        now = self._clock()
        if claims.get("exp") is None:
            raise TokenFault(Fault.NO_EXPIRY)
        if now >= _seconds(claims["exp"]) + self._skew:
            raise TokenFault(Fault.EXPIRED)
        if any(now < _seconds(start) - self._skew for start in self._starts(claims)):
            raise TokenFault(Fault.NOT_YET_VALID)


async def _keys(issuer: Issuer, key_id: object) -> list[jwt.PyJWK]:
    if isinstance(key_id, str):
        return await issuer.keys.find(key_id)
    return [] if issuer.needs_key_id else await issuer.keys.find(None)


def _claims(token: str, key: jwt.PyJWK, algorithm: str) -> Claims | None:
    """None when the signature is not of this key."""
    if key.algorithm_name != algorithm:
        return None
    try:
        claims: Claims = jwt.decode(token, key, algorithms=[algorithm], options=SIGNATURE_ONLY)
    except jwt.InvalidTokenError:
        return None
    return claims


def _check_origin(claims: Claims, issuer: Issuer) -> None:
    named = claims.get("iss")
    if issuer.issuers and not (isinstance(named, str) and named in issuer.issuers):
        raise TokenFault(Fault.ISSUER)
    if issuer.audiences:
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        if not issuer.audiences.intersection(a for a in audiences if isinstance(a, str)):
            raise TokenFault(Fault.AUDIENCE)


def _seconds(value: Any) -> float:
    """NaN and infinities, which JSON readers let through, would be times that never come."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            seconds = float(value)
        except OverflowError:
            seconds = math.inf
        if math.isfinite(seconds):
            return seconds
    raise TokenFault(Fault.MALFORMED)

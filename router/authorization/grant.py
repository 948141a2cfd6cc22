"""Which requirements a request meets, by its claims and the application's policies.

What the claims of a remembered token decide is remembered with them: it goes when the token does, and other
requirements or another configuration are other `Grants`, which find nothing. What policies say never is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from router.authorization.policies import Policy, met_policies
from router.authorization.requirements import (
    Authenticated,
    Names,
    Policies,
    Requirement,
    Requirements,
    Scopes,
)
from router.cache.lru import LRU
from router.config import AuthorizationConfig

Claims = Mapping[str, Any]
MAX_MASKS = 1000
MAX_REMEMBERED = 32
"""Masks for each token: about a kilobyte."""
_serials = count(1)


class VerifiedClaims(dict[str, Any]):
    """Of a token that is remembered, with what they grant: of `granted_by`, by what is required."""

    __slots__ = ("granted", "granted_by")

    def __init__(self, claims: Claims) -> None:
        super().__init__(claims)
        self.granted: dict[int, int] = {}
        self.granted_by = 0


@dataclass(frozen=True, slots=True)
class Grants:
    """Decides for one supergraph."""

    requirements: Requirements
    policies: Mapping[str, Policy]
    config: AuthorizationConfig
    _known: LRU[int, tuple[tuple[int, Requirement], ...]] = field(default_factory=lambda: LRU(MAX_MASKS))
    _serial: int = field(default_factory=_serials.__next__)

    def recall(self, required: int, claims: Claims | None) -> int | None:
        """What these claims were granted of `required`; None says that it is for `of` to tell."""
        if isinstance(claims, VerifiedClaims) and claims.granted_by == self._serial:
            return claims.granted.get(required)
        return None

    def _remember(self, required: int, claims: Claims | None, granted: int) -> None:
        if not isinstance(claims, VerifiedClaims):
            return
        if claims.granted_by != self._serial or len(claims.granted) >= MAX_REMEMBERED:
            claims.granted, claims.granted_by = {}, self._serial
        claims.granted[required] = granted

    async def of(self, required: int, claims: Claims | None, headers: Mapping[str, str]) -> int:
        """The bits of `required` that are granted. Policies are asked once each, only those it names."""
        granted, asks_policies = self._by_claims(required, claims)
        if not asks_policies:
            self._remember(required, claims, granted)
            return granted
        wanted = [(bit, one) for bit, one in self._each(required) if isinstance(one, Policies)]
        names = frozenset().union(*(one.names for _, one in wanted))
        told = named_in(claims, self.config.policies_claims)
        met = told | await met_policies(
            names - told, self.policies, claims, headers, self.config.policy_timeout_seconds
        )
        for bit, one in wanted:
            if _is_met(one.any_of, met):
                granted |= bit
        return granted

    def _by_claims(self, required: int, claims: Claims | None) -> tuple[int, bool]:
        """What claims alone decide, and whether policies are left to ask."""
        granted, asks_policies = 0, False
        scopes: frozenset[str] | None = None
        for bit, requirement in self._each(required):
            match requirement:
                case Authenticated():
                    granted |= bit if claims is not None else 0
                case Scopes(any_of):
                    if scopes is None:
                        scopes = named_in(claims, self.config.scopes_claims)
                    granted |= bit if _is_met(any_of, scopes) else 0
                case Policies():
                    asks_policies = True
        return granted, asks_policies

    def _each(self, required: int) -> tuple[tuple[int, Requirement], ...]:
        """The requirements of a mask, each with its bit."""
        found = self._known.find(required)
        if found is None:
            every = enumerate(self.requirements.all)
            found = tuple((1 << index, one) for index, one in every if required >> index & 1)
            self._known.put(required, found)
        return found


def _is_met(any_of: Names, given: frozenset[str]) -> bool:
    return any(names <= given for names in any_of)


def named_in(claims: Claims | None, paths: tuple[str, ...]) -> frozenset[str]:
    """The names that these claims list: text separated by spaces, or a list of texts. Others say nothing."""
    if not claims:
        return frozenset()
    found: set[str] = set()
    for path in paths:
        value = claim_at(claims, path)
        if isinstance(value, str):
            found.update(value.split())
        elif isinstance(value, list):
            found.update(item for item in value if isinstance(item, str))
    return frozenset(found)


def claim_at(claims: Claims, path: str) -> Any:
    """The claim of that very name, or the one a path with dots leads to; None when there is none."""
    if path in claims:
        return claims[path]
    value: Any = claims
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value

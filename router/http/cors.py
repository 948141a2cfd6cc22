"""Which origins browsers may call from: a policy for each group of origins, Starlette's middleware for each.

The first policy that knows an origin answers; an origin that none knows gets the answer of the last, which
allows it nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from router.config import CORSConfig, CORSPolicy


def cors_middleware(config: CORSConfig) -> list[Middleware]:
    """Nothing where no origin is allowed, so that operations skip it."""
    policies = policies_of(config)
    return [Middleware(CORSByOrigin, policies=policies)] if policies else []


def policies_of(config: CORSConfig) -> tuple[CORSPolicy, ...]:
    """Those of `cors.policies`, then what `cors` itself says for all others."""
    return tuple(
        policy for policy in (*config.policies, config) if policy.allow_origins or policy.match_origins
    )


def allows_origin(config: CORSConfig, origin: str) -> bool:
    """Whether any policy knows it."""
    return any(
        origin in policy.allow_origins
        or "*" in policy.allow_origins
        or any(re.fullmatch(pattern, origin) for pattern in policy.match_origins)
        for policy in policies_of(config)
    )


def origin_matters(config: CORSConfig) -> bool:
    """Whether answers differ by origin, so that caches have to keep them apart."""
    policies = policies_of(config)
    return len(policies) > 1 or any("*" not in policy.allow_origins for policy in policies)


class CORSByOrigin:
    """O(policies) per request that names an origin."""

    def __init__(self, app: ASGIApp, policies: Sequence[CORSPolicy]) -> None:
        self._policies = [_middleware(app, policy) for policy in policies]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._policy(scope)(scope, receive, send)

    def _policy(self, scope: Scope) -> CORSMiddleware:
        last = self._policies[-1]
        if scope["type"] != "http" or len(self._policies) == 1:
            return last
        origin = Headers(scope=scope).get("origin")
        if origin is None:
            return last
        return next((policy for policy in self._policies if policy.is_allowed_origin(origin)), last)


def _middleware(app: ASGIApp, policy: CORSPolicy) -> CORSMiddleware:
    return CORSMiddleware(
        app,
        allow_origins=policy.allow_origins,
        allow_origin_regex="|".join(f"(?:{pattern})" for pattern in policy.match_origins) or None,
        allow_methods=("GET", "POST"),
        allow_headers=policy.allow_headers or ("*",),
        expose_headers=policy.expose_headers,
        allow_credentials=policy.allow_credentials,
        max_age=policy.max_age_seconds,
    )

"""Policies: the application's own answers to `@policy`.

    async def is_adult(request: PolicyRequest) -> bool:
        return request.claims is not None and request.claims.get("age", 0) >= 18

    Router(supergraph, policies={"adult": is_adult})

A policy that raises, answers anything but True or takes too long is not met.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PolicyRequest:
    """Who asks. `claims` is None for an anonymous client; `headers` have lower-case names."""

    policy: str
    claims: Mapping[str, Any] | None
    headers: Mapping[str, str]


Policy: TypeAlias = Callable[[PolicyRequest], Awaitable[bool]]


async def met_policies(
    names: Iterable[str],
    policies: Mapping[str, Policy],
    claims: Mapping[str, Any] | None,
    headers: Mapping[str, str],
    seconds: float,
) -> frozenset[str]:
    """Those of the names whose policy says yes, all asked at once. `seconds` are for each."""
    known = sorted(name for name in names if name in policies)
    said = await asyncio.gather(
        *(_is_met(policies[name], PolicyRequest(name, claims, headers), seconds) for name in known)
    )
    return frozenset(name for name, is_met in zip(known, said, strict=True) if is_met)


async def _is_met(policy: Policy, request: PolicyRequest, seconds: float) -> bool:
    """A task of its own: a policy that does not let itself be cancelled is left behind."""
    task = asyncio.ensure_future(_asked(policy, request))
    try:
        done, _ = await asyncio.wait((task,), timeout=seconds)
    finally:
        task.cancel()
    if done:
        return not task.cancelled() and task.result()
    logger.warning("Policy %s was not decided within %g s and is not granted.", request.policy, seconds)
    return False


async def _asked(policy: Policy, request: PolicyRequest) -> bool:
    try:
        return await policy(request) is True
    except Exception:
        logger.exception("Policy %s failed and is not granted.", request.policy)
        return False

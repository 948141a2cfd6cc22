"""Headers that the router adds: fixed ones, and what it knows of the client and of the request.

A header is added or taken away, never left to the client: where a claim is missing, a subgraph that trusts
`x-user-id` must not find the one that the client made up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from router.config import Insert
from router.config.headers import Fact
from router.json import dumps


class Asking(msgspec.Struct, frozen=True):
    """Who asks, and for what. `headers` have lower-case names."""

    headers: Mapping[str, str]
    claims: Mapping[str, Any] | None = None
    operation_name: str | None = None
    operation_kind: str = "query"
    partner: str | None = None


Apply = Callable[[dict[str, str], Asking], None]

CONTROL = re.compile(r"[\x00-\x1f\x7f]")
Find = Callable[[Asking], str | None]


def insert(rule: Insert) -> Apply:
    name, find = rule.name.lower(), _finder(rule)

    def apply(sent: dict[str, str], asking: Asking) -> None:
        value = find(asking)
        if value is None:
            sent.pop(name, None)
        else:
            sent[name] = value

    return apply


def _finder(rule: Insert) -> Find:
    if rule.claim is not None:
        keys = tuple(rule.claim.split("."))
        return lambda asking: _claim(asking.claims, keys)
    if rule.context is not None:
        return FACTS[rule.context]
    value = rule.value
    return lambda asking: value


def _claim(claims: Mapping[str, Any] | None, keys: tuple[str, ...]) -> str | None:
    """A text as it is, anything else as JSON; a claim whose own name has dots is found first."""
    if claims is None:
        return None
    value: Any = claims.get(".".join(keys))
    if value is None:
        value = claims
        for key in keys:
            value = value.get(key) if isinstance(value, Mapping) else None
    if value is None or value == "":
        return None
    text = value if isinstance(value, str) else dumps(value).decode()
    # On the wire it is UTF-8, whatever the transport; and one line.
    return CONTROL.sub(" ", text).encode("utf-8", "replace").decode("latin-1")


def _header(*names: str) -> Find:
    return lambda asking: next((asking.headers[name] for name in names if asking.headers.get(name)), None)


FACTS: dict[Fact, Find] = {
    "client_address": _header("x-forwarded-for"),
    "client_name": _header("apollographql-client-name", "graphql-client-name"),
    "client_version": _header("apollographql-client-version", "graphql-client-version"),
    "operation_kind": lambda asking: asking.operation_kind,
    "operation_name": lambda asking: asking.operation_name,
    "partner": lambda asking: asking.partner,
    "request_id": _header("x-request-id"),
}

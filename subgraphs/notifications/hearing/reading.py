"""Values of messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from subgraphs.notifications.values import PersonId, TelegramId

Payload = Mapping[str, Any]


def person(payload: Payload, name: str) -> PersonId:
    """Raises KeyError or ValueError."""
    return PersonId(UUID(payload[name]))


def maybe(payload: Payload, name: str) -> UUID | None:
    value = payload.get(name)
    return None if value is None else UUID(value)


def somebody(payload: Payload, name: str) -> PersonId | None:
    found = maybe(payload, name)
    return None if found is None else PersonId(found)


def number(payload: Payload, name: str) -> TelegramId:
    return TelegramId(int(payload[name]))


def facts(payload: Payload, *names: str) -> dict[str, Any]:
    """Those that are there."""
    return {name: payload[name] for name in names if payload.get(name) is not None}

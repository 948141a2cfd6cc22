"""A message: what one domain tells the others, and its form in a stream."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson

KEPT = timedelta(days=7)
"""How long outbox and inbox remember. A consumer that was away for longer has missed messages."""
WRITTEN_AT = "written-at"
"""The header with the time of the write, by its own store's clock; messages of an older release have none."""


@dataclass(frozen=True, slots=True)
class Message:
    """`topic` is `<domain>.<entity>`; messages of one `key` (the entity's id) are delivered in order."""

    topic: str
    key: str
    type: str
    """What happened, in the past tense: `UserRenamed`."""
    payload: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    """Tenant, request id: about the message rather than in it."""
    id: UUID = field(default_factory=uuid4)

    def to_dict(self) -> dict[str, Any]:
        told = {"topic": self.topic, "key": self.key, "type": self.type, "id": str(self.id)}
        return told | {"payload": dict(self.payload), "headers": dict(self.headers)}

    def to_json(self) -> bytes:
        return orjson.dumps(self.to_dict())

    @classmethod
    def from_json(cls, text: bytes) -> Message:
        """Raises ValueError, KeyError or TypeError for what is no message."""
        return cls.from_dict(orjson.loads(text))

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Message:
        """Raises ValueError, KeyError or TypeError for what is no message."""
        return cls(**{**told, "id": UUID(told["id"])})


def stream(topic: str) -> str:
    return f"plait:stream:{topic}"

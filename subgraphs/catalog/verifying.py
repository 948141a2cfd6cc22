"""Requests for an artist's badge, as frozen values: docs/domains/catalog.md draws a request's states.

The badge is there while there is a granted one. After a refusal or a revocation one may ask again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NewType
from uuid import UUID

from subgraphs.catalog.values import ArtistId, ManagerId
from subgraphs.kit.pages import Ordering

VerificationId = NewType("VerificationId", UUID)
OLDEST_REQUESTS = Ordering("verifications", (datetime, UUID))


class VerificationStatus(Enum):
    PENDING = "PENDING"
    GRANTED = "GRANTED"
    REFUSED = "REFUSED"
    REVOKED = "REVOKED"


TRANSITIONS: Mapping[VerificationStatus, frozenset[VerificationStatus]] = {
    VerificationStatus.PENDING: frozenset({VerificationStatus.GRANTED, VerificationStatus.REFUSED}),
    VerificationStatus.GRANTED: frozenset({VerificationStatus.REVOKED}),
    VerificationStatus.REFUSED: frozenset(),
    VerificationStatus.REVOKED: frozenset(),
}
"""Which state may follow which; the store enforces the same."""


@dataclass(frozen=True, slots=True)
class Verification:
    id: VerificationId
    artist_id: ArtistId
    requested_by: ManagerId | None
    statement: str
    status: VerificationStatus
    reason: str | None
    decided_at: datetime | None
    created_at: datetime

    @property
    def position(self) -> tuple[object, ...]:
        return (self.created_at, self.id)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an editor says: GRANTED, REFUSED or REVOKED, and why."""

    status: VerificationStatus
    reason: str | None = None

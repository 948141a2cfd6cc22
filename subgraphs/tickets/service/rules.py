"""Who manages an event, and what both services ask."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime

from subgraphs.kit.auth import Viewer
from subgraphs.tickets.values import HeldEvent, TicketType

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


def manages(viewer: Viewer | None, event: HeldEvent | None) -> bool:
    """Its host; of an organization's event whoever acts for that; administrators. As the store's policies."""
    if viewer is None or event is None:
        return False
    if event.tenant_id is None:
        return viewer.is_admin or event.host_id == viewer.id
    return viewer.is_admin or str(event.tenant_id) == viewer.tenant


def access_code_hash(code: str) -> str:
    """Case and spaces around do not matter."""
    return hashlib.sha256(code.strip().casefold().encode(errors="replace")).hexdigest()


def opens(kind: TicketType, code: str | None) -> bool:
    if kind.access_code_hash is None:
        return True
    return code is not None and hmac.compare_digest(kind.access_code_hash, access_code_hash(code))

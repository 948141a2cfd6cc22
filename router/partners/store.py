"""Where partners are kept, and what they used: a folder for routers of one machine, Redis for several.

    PartnerStore ─┬─ FolderStore   partners/NAME.json, partners/usage.sqlite3
                  └─ RedisStore    plait:partners, plait:partners:used:NAME:DAY

All of it is blocking: commands call it as it is, routers in a thread, never while a request waits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import msgspec

from router.partners.errors import PartnerStoreError
from router.partners.partner import PARTNER_NAME, DayOfUse, Partner

KEPT_DAYS = 100
"""How long it is known what was used."""

Change = Callable[[Partner | None], Partner]
Used = Mapping[str, DayOfUse]
"""By partner."""

_DECODER = msgspec.json.Decoder(Partner)


class PartnerStore(Protocol):
    """What cannot be read or written is a `PartnerStoreError`, without an address or a password."""

    def version(self) -> str:
        """Another one whenever a partner may have changed."""
        ...

    def read(self) -> Mapping[str, Partner]:
        """All of them, by name."""
        ...

    def change(self, name: str, change: Change) -> Partner:
        """What `change` makes of the partner is kept; it gets None for one that is not there, may raise, and
        may be called again when another change came between.
        """
        ...

    def add_use(self, used: Used) -> Used:
        """Adds what was used since; gives `operations` and `cost` of that day by all routers together."""
        ...

    def use(self, name: str, days: int) -> list[DayOfUse]:
        """The last days with any use, the latest first, at most `KEPT_DAYS`."""
        ...

    def close(self) -> None: ...


def open_store(location: str) -> PartnerStore:
    """A folder, or a Redis by its URL. Raises `PartnerStoreError`."""
    if location.startswith(("redis://", "rediss://", "unix://")):
        from router.partners.redis_store import RedisStore

        return RedisStore(location)
    from router.partners.folder_store import FolderStore

    return FolderStore(location)


def encoded(partner: Partner) -> bytes:
    return msgspec.json.encode(partner)


def decoded(name: str, data: bytes) -> Partner:
    """Raises `PartnerStoreError` for what is no record of this partner."""
    try:
        partner = _DECODER.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PartnerStoreError(f"partner {name}: {error}") from error
    if partner.name != name:
        raise PartnerStoreError(f"partner {name}: the record is of {partner.name!r}")
    return partner


def require_name(name: str) -> str:
    """Raises `PartnerStoreError`."""
    if not PARTNER_NAME.fullmatch(name):
        raise PartnerStoreError(
            f"{name!r} is no name of a partner: up to 63 of a–z, 0–9, dot, dash and underscore are, beginning"
            " with a letter or digit"
        )
    return name

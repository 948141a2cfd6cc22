"""What operators do to a partner: each a change of its record, whichever store keeps it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from msgspec.structs import replace

from router.partners.errors import PartnerExists, PartnerKeyNotFound, PartnerNotFound
from router.partners.partner import Limits, Partner, PartnerContract, PartnerKey
from router.partners.store import Change
from router.persisted.manifest import PersistedOperation
from router.persisted.publication import after, publication, revocation

MAX_KEYS = 20
"""Keys that have ended are kept to say so; of more, the oldest are unknown."""


def added(
    name: str, key: PartnerKey, contract: PartnerContract, limits: Limits, origins: Sequence[str]
) -> Change:
    """Raises `PartnerExists`."""

    def change(known: Partner | None) -> Partner:
        if known is not None:
            raise PartnerExists(name)
        return Partner(name=name, keys=(key,), contract=contract, limits=limits, origins=tuple(origins))

    return change


def rotated(name: str, key: PartnerKey, ends: datetime) -> Change:
    """`key` is good from now on, those before until `ends` if they are good for so long."""

    def change(known: Partner) -> Partner:
        old = (_ending(one, ends) for one in known.keys)
        return replace(known, keys=(*old, key)[-MAX_KEYS:])

    return _of(name, change)


def expiring(name: str, at: datetime | None, now: datetime, key_id: str | None = None) -> Change:
    """The key, or all, are good until then; None is for good. What has ended stays so: nobody remembers why
    it did. Raises `PartnerKeyNotFound`.
    """
    return _keys(name, key_id, lambda key: replace(key, expires=at) if key.is_good(now) else key)


def revoked(name: str, now: datetime, key_id: str | None = None) -> Change:
    """The key, or all, end now. Raises `PartnerKeyNotFound`."""
    return _keys(name, key_id, lambda key: key if key.revoked else replace(key, revoked=now))


def published(name: str, operations: Sequence[PersistedOperation]) -> Change:
    """Adds them; an id never changes what it stands for: raises `ManifestError`."""

    def change(known: Partner) -> Partner:
        following = after(known.operations, publication(name, known.operations, operations))
        return replace(known, operations=tuple(following))

    return _of(name, change)


def unpublished(name: str, ids: Collection[str]) -> Change:
    """Takes them out, all or none. Raises `ManifestError`."""

    def change(known: Partner) -> Partner:
        gone = revocation(name, known.operations, ids)
        return replace(known, operations=tuple(each for each in known.operations if each not in gone))

    return _of(name, change)


def changed(name: str, change: Callable[[Partner], Partner]) -> Change:
    """Any other change of one that is there."""
    return _of(name, change)


def existing(partner: Partner | None, name: str) -> Partner:
    """Raises `PartnerNotFound`."""
    if partner is None:
        raise PartnerNotFound(name)
    return partner


def _of(name: str, change: Callable[[Partner], Partner]) -> Change:
    return lambda known: change(existing(known, name))


def _keys(name: str, key_id: str | None, make: Callable[[PartnerKey], PartnerKey]) -> Change:
    def change(known: Partner) -> Partner:
        if key_id is not None and known.find_key(key_id) is None:
            raise PartnerKeyNotFound(name, key_id)
        keys = (make(key) if key_id in (None, key.id) else key for key in known.keys)
        return replace(known, keys=tuple(keys))

    return _of(name, change)


def _ending(key: PartnerKey, ends: datetime) -> PartnerKey:
    is_shorter = key.expires is not None and key.expires <= ends
    return key if is_shorter or key.revoked else replace(key, expires=ends)

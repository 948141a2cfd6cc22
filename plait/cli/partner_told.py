"""How partners and what they used are told, for people and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from router.partners.partner import DayOfUse, Limits, Partner, PartnerKey
from router.persisted.manifest import PersistedOperation

SHORT_ID = 12


def partner_lines(partner: Partner, now: datetime) -> Iterator[str]:
    yield partner.name
    for key in partner.keys:
        yield f"  key {key.id}  {key_state(key, now)}"
    if not partner.keys:
        yield "  no key"
    yield f"  {len(partner.operations)} operations; sees {partner.contract}"
    limits = list(_limits(partner.limits))
    if limits:
        yield f"  at most {', '.join(limits)}"
    if partner.origins:
        yield f"  pages of {' '.join(partner.origins)}"


def key_state(key: PartnerKey, now: datetime) -> str:
    if key.revoked is not None:
        return f"revoked {_moment(key.revoked)}"
    if key.expires is None:
        return f"good, made {_moment(key.created)}"
    if key.expires <= now:
        return f"expired {_moment(key.expires)}"
    return f"good until {_moment(key.expires)}"


def partner_json(partner: Partner, now: datetime) -> dict[str, Any]:
    """Without hashes: a list is pasted anywhere."""
    told: dict[str, Any] = msgspec.to_builtins(partner)
    told["keys"] = [
        {
            "id": key.id,
            "created": _moment(key.created),
            "isGood": key.is_good(now),
            "state": key_state(key, now),
        }
        for key in partner.keys
    ]
    told["operations"] = [{"id": each.id, "name": each.name} for each in partner.operations]
    return told


def usage_lines(days: Sequence[DayOfUse], operations: Sequence[PersistedOperation]) -> Iterator[str]:
    names = {each.id: each.name for each in operations}
    for day in days:
        cost = f", cost {day.cost:g}" if day.cost else ""
        yield f"{day.day}  {day.operations} operations{cost}"
        for id_, count in day.by_operation.items():
            name = f"  {names[id_]}" if names.get(id_) else ""
            yield f"  {count:>8}  {id_[:SHORT_ID]}{name}"
        for code, count in day.codes.items():
            yield f"  {count:>8}  {code}"


def as_json(value: Any) -> str:
    return json.dumps(msgspec.to_builtins(value), indent=2)


def _limits(limits: Limits) -> Iterator[str]:
    if limits.rate is not None:
        yield f"{limits.rate.count} in {limits.rate.seconds:g} s"
    if limits.daily_operations is not None:
        yield f"{limits.daily_operations} a day"
    if limits.daily_cost is not None:
        yield f"cost {limits.daily_cost} a day"
    if limits.max_cost is not None:
        yield f"cost {limits.max_cost} each"


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")

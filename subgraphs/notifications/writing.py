"""What a notification says: a template of its kind, filled with who and what it is about. Pure.

A template has `$name` slots and no others than `SLOTS`; what is not known leaves a dash. It cannot reach
anything but these texts, whoever wrote it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from string import Template as Slots
from typing import Any

from subgraphs.kit.money import Amount, exponents
from subgraphs.notifications.hours import zone
from subgraphs.notifications.values import Cast, Notification, Settings, Template, Text

SLOTS = frozenset({"actor", "second", "others", "event", "lesson", "when", "until", "amount", "reason"})
UNKNOWN = "–"
SOMEBODY = {"EN": "Somebody", "DE": "Jemand", "RU": "Кто-то"}
FEW = 2


def written(notification: Notification, cast: Cast, template: Template, settings: Settings) -> Text:
    """For one, two or more people who did it."""
    if cast.count > FEW and template.many is not None:
        body = template.many
    elif cast.count == FEW and template.two is not None:
        body = template.two
    else:
        body = template.one
    known = _known(notification, cast, settings)
    return Text(_filled(template.title, known), _filled(body, known), template.version)


def unknown_slots(text: str) -> list[str]:
    """Of a text that somebody wrote: the slots that nothing fills, and `$` that is none."""
    slots = Slots(text)
    wrong = [name for name in slots.get_identifiers() if name not in SLOTS]
    return wrong if slots.is_valid() else [*wrong, "$"]


def _filled(text: str, known: Mapping[str, str]) -> str:
    return Slots(text).safe_substitute({name: known.get(name, UNKNOWN) for name in SLOTS})


def _known(notification: Notification, cast: Cast, settings: Settings) -> dict[str, str]:
    facts, event = notification.facts, cast.event
    nobody = SOMEBODY[settings.language.value]
    names = [name or nobody for name in cast.names]
    starts = facts.get("starts_at") or event.get("starts_at")
    said = {
        "actor": names[0] if names else nobody,
        "second": names[1] if len(names) > 1 else nobody,
        "others": str(max(cast.count - 1, 0)),
        "event": event.get("title"),
        "lesson": facts.get("title"),
        "when": _moment(starts, settings.timezone),
        "until": _moment(facts.get("held_until"), settings.timezone),
        "amount": _amount(facts),
        "reason": facts.get("reason") or None,
    }
    return {name: str(value) for name, value in said.items() if value is not None}


def _moment(value: Any, timezone: str) -> str | None:
    if value is None:
        return None
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return f"{moment.astimezone(zone(timezone)):%Y-%m-%d %H:%M}"


def _amount(facts: Mapping[str, Any]) -> str | None:
    currency, minor = facts.get("currency"), facts.get("amount_minor")
    if minor is None or currency not in exponents():
        return None
    return str(Amount(int(minor), str(currency)))

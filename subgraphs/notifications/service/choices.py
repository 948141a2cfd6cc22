"""What one is told, where and when."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from subgraphs.kit.audit import Actor
from subgraphs.kit.auth import Viewer
from subgraphs.kit.validation import Checks
from subgraphs.notifications.repository import PostgresSettingsRepository
from subgraphs.notifications.values import Channel, Kind, PersonId, Settings

CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
MOST_CHOICES = len(Kind) * len(Channel)


@dataclass(frozen=True, slots=True)
class Choices:
    settings: PostgresSettingsRepository

    async def get_own(self, viewer: Viewer) -> Settings:
        return await self.settings.get(PersonId(viewer.id))

    async def change(
        self,
        viewer: Viewer,
        columns: Mapping[str, Any],
        chosen: Sequence[tuple[Kind, Channel, bool]],
        checks: Checks,
        actor: Actor,
    ) -> Settings:
        """`columns` has the quiet hours as texts, both or neither, and the timing. Raises Refused."""
        values = dict(columns)
        for name, at in (("quiet_from", "quietFrom"), ("quiet_until", "quietUntil")):
            if values.get(name) is not None:
                values[name] = _clock(values[name], at, checks)
        if "mail_timing" in values:
            values["mail_timing"] = values["mail_timing"].value
        both = ("quiet_from" in values) == ("quiet_until" in values)
        since, until = values.get("quiet_from"), values.get("quiet_until")
        checks.require(
            both and (since is None) == (until is None), "quietUntil", "Give both ends of the quiet hours."
        )
        checks.require(since is None or since != until, "quietUntil", "Quiet hours end at another time.")
        checks.require(len(chosen) <= MOST_CHOICES, "choices", f"At most {MOST_CHOICES} choices.")
        checks.done()
        choices = {(kind, channel): is_on for kind, channel, is_on in chosen}
        return await self.settings.change(PersonId(viewer.id), values, choices, actor)


def _clock(text: str, at: str, checks: Checks) -> time:
    is_clock = CLOCK.fullmatch(text) is not None
    checks.require(is_clock, at, "A time of the clock reads 22:00.")
    return time.fromisoformat(text) if is_clock else time()

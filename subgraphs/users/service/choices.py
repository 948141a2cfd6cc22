"""How somebody would like things, and who sees what of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from subgraphs.kit.audit import Actor
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Refused
from subgraphs.kit.user_errors import not_found
from subgraphs.kit.validation import Checks
from subgraphs.users.repository.protocol import ChoiceRepository
from subgraphs.users.values import Privacy, Settings, UserId


@dataclass(frozen=True, slots=True)
class Choices:
    choices: ChoiceRepository

    async def find_settings(self, ids: Sequence[UserId]) -> Mapping[UserId, Settings]:
        return await self.choices.find_settings(ids)

    async def find_privacy(self, ids: Sequence[UserId]) -> Mapping[UserId, Privacy]:
        return await self.choices.find_privacy(ids)

    async def update_settings(
        self, viewer: Viewer, columns: dict[str, Any], checks: Checks, actor: Actor
    ) -> Settings:
        """Raises Refused: InvalidInput; NotFound when the viewer's account is gone."""
        if "timezone" in columns:
            checks.time_zone(columns["timezone"], "timezone")
        checks.done()
        changed = await self.choices.update_settings(UserId(viewer.id), columns, actor)
        if changed is None:
            raise Refused(not_found("user"))
        return changed

    async def update_privacy(
        self, viewer: Viewer, columns: dict[str, Any], checks: Checks, actor: Actor
    ) -> Privacy:
        """Raises Refused: InvalidInput; NotFound when the viewer's account is gone."""
        checks.done()
        changed = await self.choices.update_privacy(UserId(viewer.id), columns, actor)
        if changed is None:
            raise Refused(not_found("user"))
        return changed

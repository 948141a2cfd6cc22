"""What administrators do: what notifications say, and another try for those that could not be sent."""

from __future__ import annotations

from dataclasses import dataclass, replace

from subgraphs.kit.audit import Actor
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Forbidden
from subgraphs.kit.validation import Checks
from subgraphs.notifications.repository import PostgresDeadRepository, PostgresTemplateRepository
from subgraphs.notifications.values import Channel, Kind, Language, Template
from subgraphs.notifications.writing import SLOTS, unknown_slots

MOST_REVIVED = 1000
LONGEST_TITLE, LONGEST_TEXT = 200, 1000
KNOWN = ", ".join(f"${name}" for name in sorted(SLOTS))


@dataclass(frozen=True, slots=True)
class Wording:
    templates: PostgresTemplateRepository
    dead: PostgresDeadRepository

    async def list_in_force(self, viewer: Viewer, kind: Kind) -> list[Template]:
        """By channel and language. Raises Forbidden."""
        require_admin(viewer)
        book = await self.templates.list_in_force([kind])
        order = [(channel, language) for channel in Channel for language in Language]
        return sorted(book.values(), key=lambda each: order.index((each.channel, each.language)))

    async def publish(self, viewer: Viewer, new: Template, checks: Checks, actor: Actor) -> Template:
        """In force at once. Raises Forbidden, Refused."""
        require_admin(viewer)
        written = replace(
            new,
            title=checks.line(new.title, "title", "A title", least=1, most=LONGEST_TITLE),
            one=checks.prose(new.one, "one", "The text for one", least=1, most=LONGEST_TEXT),
            two=checks.prose(new.two, "two", "The text for two", least=1, most=LONGEST_TEXT),
            many=checks.prose(new.many, "many", "The text for many", least=1, most=LONGEST_TEXT),
        )
        for name in ("title", "one", "two", "many"):
            wrong = unknown_slots(getattr(written, name) or "")
            checks.require(not wrong, name, f"Nothing fills {', '.join(wrong)}: there are {KNOWN}.")
        checks.done()
        return await self.templates.publish(written, actor)

    async def revive(self, viewer: Viewer, most: int, checks: Checks, actor: Actor) -> int:
        """How many wait again. Raises Forbidden, Refused."""
        require_admin(viewer)
        checks.require(0 < most <= MOST_REVIVED, "most", f"Between 1 and {MOST_REVIVED}.")
        checks.done()
        return await self.dead.revive(most, actor)


def require_admin(viewer: Viewer) -> None:
    if not viewer.is_admin:
        raise Forbidden("This is for administrators.")

"""The job that sends what waits for somebody on a channel: one thing as itself, several as a list.

What it says is decided when it is sent: with the names, the language and the templates of that moment, and
only what is still unread, visible and turned on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, assert_never
from uuid import UUID

from db.errors import StoreUnavailable
from db.postgres import WriteSession
from subgraphs.kit.mail import BadMail, Mail, Mailer
from subgraphs.kit.push import BadDevice, BadPush, Push, Pusher
from subgraphs.kit.telegram_bot import BadChat, Said, TelegramBot
from subgraphs.notifications.hours import after_quiet
from subgraphs.notifications.repository.cast import casts_of
from subgraphs.notifications.repository.deliveries import (
    Waiting,
    address_of,
    list_due,
    postpone,
    put_off,
    ring_again,
    settle,
)
from subgraphs.notifications.repository.devices import forget_device
from subgraphs.notifications.repository.settings import settings_of
from subgraphs.notifications.repository.templates import template_for, templates_of
from subgraphs.notifications.values import (
    REMINDERS,
    Address,
    Channel,
    DeliveryStatus,
    Device,
    PersonId,
    Settings,
    Text,
)
from subgraphs.notifications.writing import written

SEVERAL = {"EN": "{count} notifications", "DE": "{count} Mitteilungen", "RU": "Уведомлений: {count}"}


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Deliver:
    mailer: Mailer
    bot: TelegramBot
    pusher: Pusher
    app_url: str | None = None
    now: Callable[[], datetime] = utc_now

    async def handle(self, session: WriteSession, payload: Mapping[str, Any]) -> None:
        """A channel that is away, or refuses, is no failure of the job: what came of it is in the log."""
        user, channel, now = PersonId(UUID(payload["user"])), Channel(payload["channel"]), self.now()
        due = await list_due(session, user, channel, now)
        if due:
            await self._deliver(session, user, channel, due, now)
        await ring_again(session, user, channel, now)

    async def _deliver(
        self, session: WriteSession, user: PersonId, channel: Channel, due: Sequence[Waiting], now: datetime
    ) -> None:
        settings, address = await settings_of(session, user), await address_of(session, user)
        quiet_until = after_quiet(settings.quiet, now, settings.timezone)
        if quiet_until > now:
            await postpone(session, channel, due, quiet_until)
            return
        wanted = await self._still_wanted(session, user, channel, due, settings, address)
        if wanted:
            await self._send(session, user, channel, wanted, settings, address)

    async def _still_wanted(
        self,
        session: WriteSession,
        user: PersonId,
        channel: Channel,
        due: Sequence[Waiting],
        settings: Settings,
        address: Address,
    ) -> list[Waiting]:
        """The others are settled, each with its reason."""
        reasons = {each.notification.id: self._reason(each, channel, settings, address) for each in due}
        for reason in sorted({reason for reason in reasons.values() if reason is not None}):
            ids = [key for key, why in reasons.items() if why == reason]
            await settle(session, user, channel, ids, DeliveryStatus.SKIPPED, reason)
        return [each for each in due if reasons[each.notification.id] is None]

    def _reason(self, each: Waiting, channel: Channel, settings: Settings, address: Address) -> str | None:
        """Why it is not sent."""
        told = each.notification
        if told.read_at is not None:
            return "it was read"
        if not each.is_visible:
            return "it is so no longer"
        if not settings.is_on(told.kind, channel):
            return "it was turned off"
        if address.on(channel) is None:
            return "there is no address"
        starts = told.facts.get("starts_at")
        if told.kind in REMINDERS and starts and datetime.fromisoformat(starts) <= self.now():
            return "it has begun"
        return None

    async def _send(
        self,
        session: WriteSession,
        user: PersonId,
        channel: Channel,
        wanted: Sequence[Waiting],
        settings: Settings,
        address: Address,
    ) -> None:
        ids = [each.notification.id for each in wanted]
        texts = await _texts(session, channel, wanted, settings)
        try:
            text = _together(texts, settings, self.app_url)
            await self._say(session, channel, address, text, _id_of(ids))
        except (BadMail, BadChat, BadPush, BadDevice) as error:
            await settle(session, user, channel, ids, DeliveryStatus.DEAD, f"refused: {error}")
        except StoreUnavailable as error:
            await put_off(session, user, channel, wanted, str(error), self.now())
        else:
            versions = [text.version for text in texts]
            await settle(session, user, channel, ids, DeliveryStatus.SENT, None, versions)

    async def _say(
        self, session: WriteSession, channel: Channel, address: Address, text: Text, key: str
    ) -> None:
        match channel:
            case Channel.MAIL:
                await self.mailer.send(Mail(address.email or "", text.title, f"{text.body}\n", key))
            case Channel.TELEGRAM:
                await self.bot.say(Said(address.telegram_id or 0, f"{text.title}\n\n{text.body}", key))
            case Channel.PUSH:
                await self._push(session, address.devices, text, key)
            case Channel.IN_APP:
                raise AssertionError("nothing is sent to where it is read")
            case _:
                assert_never(channel)

    async def _push(self, session: WriteSession, devices: Sequence[Device], text: Text, key: str) -> None:
        """On each of them, as far as it is there: what is there no more is forgotten. Raises BadDevice when
        none is left, and what is wrong with a device when all of them have been tried.
        """
        troubles: list[BadPush | StoreUnavailable] = []
        left = len(devices)
        for device in devices:
            try:
                await self.pusher.push(Push(device.address, text.title, text.body, f"{key} {device.id}"))
            except BadDevice:
                await forget_device(session, device)
                left -= 1
            except (BadPush, StoreUnavailable) as error:
                troubles.append(error)
        if not left:
            raise BadDevice("no device of theirs is left")
        for trouble in sorted(troubles, key=lambda each: isinstance(each, BadPush)):
            if isinstance(trouble, StoreUnavailable) or len(troubles) == left:
                raise trouble


async def _texts(
    session: WriteSession, channel: Channel, wanted: Sequence[Waiting], settings: Settings
) -> list[Text]:
    casts = await casts_of(session, [each.notification.id for each in wanted])
    book = await templates_of(session, sorted({each.notification.kind for each in wanted}, key=str))
    return [
        written(told, casts[told.id], template_for(book, told.kind, channel, settings.language), settings)
        for told in (each.notification for each in wanted)
    ]


def _together(texts: Sequence[Text], settings: Settings, app_url: str | None) -> Text:
    """A page of the application is named where there is one."""
    if len(texts) == 1:
        title, lines = texts[0].title, [texts[0].body]
    else:
        title = SEVERAL[settings.language.value].format(count=len(texts))
        lines = [f"• {text.body}" for text in texts]
    if app_url is not None:
        lines.append(f"{app_url}/notifications")
    return Text(title, "\n\n".join(lines), 0)


def _id_of(ids: Sequence[UUID]) -> str:
    """Of what it is about: the same again when it is sent again."""
    digest = hashlib.sha256(" ".join(map(str, ids)).encode()).hexdigest()
    return f"notifications {digest[:32]}"

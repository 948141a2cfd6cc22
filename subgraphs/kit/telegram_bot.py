"""A Telegram bot that says something to somebody, through a port: files while developing, the Bot API in
production.

    bot = bot_from(token, api=…, folder=home / "outbox")
    await bot.say(Said(chat_id=101, text="Your lesson begins in an hour.", id="…"))

Say it from a job: Telegram is far away and fails. A bot may write to who has started it; who has not, or has
blocked it, is `BadChat`, and trying again is no use. The Bot API knows no ids of messages before they are
sent: one that was sent while its sender was killed is sent twice.
"""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

import httpx2 as httpx
import orjson

from db.errors import StoreUnavailable
from subgraphs.kit.config import TELEGRAM_API
from subgraphs.kit.written_files import write_whole

ANSWER_SECONDS = 10.0
LONGEST = 4096
"""Of a text, as Telegram documents it."""
REFUSED = frozenset({400, 403})
"""No such chat, or the bot may not write there."""


class BadChat(Exception):
    """Nothing can be said there: trying again is no use."""

    code = "BAD_CHAT"


@dataclass(frozen=True, slots=True)
class Said:
    chat_id: int
    """Of a private chat: the person's number on Telegram."""
    text: str
    id: str
    """Made of what it is about."""


class TelegramBot(Protocol):
    async def say(self, said: Said) -> None:
        """Raises BadChat, or StoreUnavailable when it may be tried again."""


@dataclass(frozen=True, slots=True)
class FileBot:
    """Each message a file: `<folder>/telegram-<id>.json`. The fake, for developing and for tests."""

    folder: Path

    async def say(self, said: Said) -> None:
        told = {"prefix": "telegram-", "suffix": ".json", "kind": "the folder of messages"}
        await asyncio.to_thread(write_whole, self.folder, said.id, orjson.dumps(asdict(said)), **told)


@dataclass(frozen=True, slots=True)
class ApiBot:
    """`sendMessage` of the Bot API. The token is in the path, as Telegram has it, and in nothing we say."""

    token: str = field(repr=False)
    api: str = TELEGRAM_API
    seconds: float = ANSWER_SECONDS

    async def say(self, said: Said) -> None:
        body = {"chat_id": said.chat_id, "text": said.text[:LONGEST]}
        try:
            async with httpx.AsyncClient(base_url=self.api, timeout=self.seconds) as client:
                answer = await client.post(f"/bot{self.token}/sendMessage", json=body)
        except httpx.HTTPError as error:
            raise self._away(type(error).__name__) from None  # its text has the address, and that the token
        if answer.status_code in REFUSED:
            raise BadChat(_reason(answer))
        if answer.status_code != httpx.codes.OK:
            raise self._away(_reason(answer))

    def _away(self, reason: str) -> StoreUnavailable:
        return StoreUnavailable(self.api, reason, "Telegram")


def bot_from(token: str | None, *, folder: Path, api: str = TELEGRAM_API) -> TelegramBot:
    """Without a token: files in `folder`."""
    return FileBot(folder) if token is None else ApiBot(token, api)


def _reason(answer: Any) -> str:
    """Telegram says why in `description`."""
    try:
        told = orjson.loads(answer.content)["description"]
    except (ValueError, KeyError, TypeError):
        told = ""
    return f"{answer.status_code} {str(told)[:200]}".strip()

"""A message to somebody's device, through a port: files while developing, a gateway in production.

    pusher = pusher_from(url, key, folder=home / "outbox")
    await pusher.push(Push(address="…", title="A new lesson", body="English begins at 12:00.", id="…"))

    POST <url>   Authorization: Bearer <key>   {"address", "title", "body", "id"}
    2xx          taken; the same `id` again is the same message
    404, 410     there is no such device any more: BadDevice, forget it
    400, 413, 422   it will never take this: BadPush
    else         away: try again

The gateway is what speaks to Apple, Google and browsers (which want a message encrypted for each device, and
keys that are registered there). Push from a job: it is far away and fails.
"""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol

import httpx2 as httpx
import orjson

from db.errors import StoreUnavailable
from subgraphs.kit.written_files import write_whole

ANSWER_SECONDS = 10.0
GONE, REFUSED = frozenset({404, 410}), frozenset({400, 413, 422})


class BadDevice(Exception):
    """There is no such device, or no longer."""

    code = "BAD_DEVICE"


class BadPush(Exception):
    """The gateway does not take this message: trying again is no use."""

    code = "BAD_PUSH"


@dataclass(frozen=True, slots=True)
class Push:
    address: str = field(repr=False)
    """Of the device, as it was given to its person's application."""
    title: str
    body: str
    id: str
    """Made of what it is about, and for which device."""


class Pusher(Protocol):
    async def push(self, push: Push) -> None:
        """Raises BadDevice, BadPush, or StoreUnavailable when it may be tried again."""


@dataclass(frozen=True, slots=True)
class FilePusher:
    """Each message a file: `<folder>/push-<id>.json`. The fake, for developing and for tests."""

    folder: Path

    async def push(self, push: Push) -> None:
        told = {"prefix": "push-", "suffix": ".json", "kind": "the folder of messages"}
        await asyncio.to_thread(write_whole, self.folder, push.id, orjson.dumps(asdict(push)), **told)


@dataclass(frozen=True, slots=True)
class GatewayPusher:
    """Neither the key nor a device's address is in anything we say."""

    url: str
    key: str = field(repr=False)
    seconds: float = ANSWER_SECONDS

    async def push(self, push: Push) -> None:
        headers = {"authorization": f"Bearer {self.key}"}
        try:
            async with httpx.AsyncClient(timeout=self.seconds) as client:
                answer = await client.post(self.url, json=asdict(push), headers=headers)
        except httpx.HTTPError as error:
            raise self._away(type(error).__name__) from None
        if answer.status_code in GONE:
            raise BadDevice(f"HTTP {answer.status_code}")
        if answer.status_code in REFUSED:
            raise BadPush(f"HTTP {answer.status_code}")
        if not answer.is_success:
            raise self._away(f"HTTP {answer.status_code}")

    def _away(self, reason: str) -> StoreUnavailable:
        return StoreUnavailable(self.url, reason, "the push gateway")


def pusher_from(url: str | None, key: str, *, folder: Path) -> Pusher:
    """Without a URL: files in `folder`."""
    return FilePusher(folder) if url is None else GatewayPusher(url, key)

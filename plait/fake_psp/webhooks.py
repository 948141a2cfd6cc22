"""Signed webhooks on their way: kept until they are taken, and spoilt as `Chaos` says."""

from __future__ import annotations

import asyncio
import copy
import hashlib
import hmac
import json
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

Post = Callable[[bytes, Mapping[str, str]], Awaitable[bool]]
"""Sends a body with headers; whether it was taken."""
MOST_TRIES = 12
LONGEST_PAUSE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Chaos:
    """Shares are of a hundred."""

    delay_seconds: float = 0.0
    twice_percent: int = 0
    lost_percent: int = 0
    shuffled: bool = False
    failing_percent: int = 0
    """Of the API's answers."""
    seed: int = 1


@dataclass(slots=True)
class Webhooks:
    secret: str
    post: Post
    chaos: Chaos = field(default_factory=Chaos)
    clock: Callable[[], float] = time.time
    waiting: list[tuple[float, int, bytes]] = field(default_factory=list)
    """When each is due, how often it was tried, and its body."""
    draw: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.draw = random.Random(self.chaos.seed)  # noqa: S311 -- a bad day that can be had again

    def tell(self, kind: str, about: Mapping[str, Any]) -> None:
        event = {
            "id": f"evt_{token_hex(12)}",
            "object": "event",
            "type": kind,
            "created": int(self.clock()),
            "data": {"object": copy.deepcopy(dict(about))},
        }
        if self._happens(self.chaos.lost_percent):
            return
        body, due = json.dumps(event).encode(), self.clock() + self.chaos.delay_seconds
        self.waiting += [(due, 0, body)] * (2 if self._happens(self.chaos.twice_percent) else 1)

    async def deliver(self, *, all_of_them: bool = False) -> int:
        """Send what is due; how many were taken. What was not comes again later."""
        now = self.clock()
        due = [each for each in self.waiting if all_of_them or each[0] <= now]
        self.waiting = [each for each in self.waiting if each not in due]
        if self.chaos.shuffled:
            self.draw.shuffle(due)
        taken = 0
        for _, tries, body in due:
            if await self.post(body, self.headers(body)):
                taken += 1
            elif tries + 1 < MOST_TRIES:
                pause = min(2.0**tries, LONGEST_PAUSE_SECONDS)
                self.waiting.append((self.clock() + pause, tries + 1, body))
        return taken

    def headers(self, body: bytes) -> Mapping[str, str]:
        stamp = str(int(self.clock()))
        signed = hmac.new(self.secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        return {"content-type": "application/json", "stripe-signature": f"t={stamp},v1={signed}"}

    def fails(self) -> bool:
        """Whether the API has a bad moment."""
        return self._happens(self.chaos.failing_percent)

    async def run(self, every_seconds: float = 0.2) -> None:
        """Until cancelled."""
        while True:
            await self.deliver()
            await asyncio.sleep(every_seconds)

    def _happens(self, percent: int) -> bool:
        return self.draw.randrange(100) < percent

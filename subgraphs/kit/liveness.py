"""Whether a login goes on, asked on every request and answered from memory for seconds.

    is_live ── remembered and the same? ── yes ── True                     (a lookup in a dict)
                     │ no
                     └── GET session:{id} ── True, remembered for SECONDS | False, never remembered

A login that ends is over everywhere within SECONDS; one that was just switched or started is known at once,
because only a yes is remembered. A Redis that does not answer costs one request of each PAUSE a wait; the
others hear at once that it is away, and who asks decides what that means.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict

from db.errors import StoreUnavailable
from subgraphs.kit.sessions import Session, Sessions

SECONDS = 3.0
ANSWER_SECONDS = 0.5
PAUSE_SECONDS = 1.0
REMEMBERED = 10_000

Facts = tuple[str, str | None, tuple[str, ...]]
"""User, tenant, roles."""


class Liveness:
    def __init__(self, sessions: Sessions, seconds: float = SECONDS) -> None:
        self._sessions = sessions
        self._seconds = seconds
        self._known: OrderedDict[str, tuple[float, Facts]] = OrderedDict()
        self._away_until = 0.0

    async def is_live(
        self, session_id: str, user_id: str, tenant: str | None, roles: tuple[str, ...] = ()
    ) -> bool:
        """Whether the login is this user's, with these roles (sorted), and acts for this tenant. Raises
        StoreUnavailable.
        """
        facts = (user_id, tenant, roles)
        known = self._known.get(session_id)
        now = time.monotonic()
        if known is not None and known[0] > now and known[1] == facts:
            return True
        if self._away_until > now:
            raise StoreUnavailable(self._sessions.redis.target, "it did not answer just now", "Redis")
        session = await self._find(session_id)
        if session is None or (session.user_id, session.tenant, session.roles) != facts:
            self._known.pop(session_id, None)
            return False
        self._known[session_id] = (now + self._seconds, facts)
        self._known.move_to_end(session_id)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return True

    async def _find(self, session_id: str) -> Session | None:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self._sessions.find(session_id)
        except TimeoutError as error:
            self._away_until = time.monotonic() + PAUSE_SECONDS
            raise StoreUnavailable(self._sessions.redis.target, "it does not answer", "Redis") from error
        except StoreUnavailable:
            self._away_until = time.monotonic() + PAUSE_SECONDS
            raise

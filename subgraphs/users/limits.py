"""How often one may try: by address, and by account where both can be varied.

What guesses or costs is closed: without Redis nobody logs in by password, signs up, or has mail sent. A
refresh goes on: its token cannot be guessed, and whoever has one is logged in already.
"""

from __future__ import annotations

from dataclasses import dataclass

from subgraphs.kit.rate_limit import Limit, RateLimiter

MINUTE, HOUR = 60, 3600

LOGIN_BY_ADDRESS = Limit("login-address", count=30, seconds=MINUTE, closed=True)
LOGIN_BY_ACCOUNT = Limit("login-account", count=10, seconds=MINUTE, closed=True)
SIGN_UP = Limit("sign-up", count=30, seconds=HOUR, closed=True)
PASSWORD = Limit("password", count=10, seconds=MINUTE, closed=True)
MAIL_BY_SENDER = Limit("mail-sender", count=10, seconds=HOUR, closed=True)
MAIL_TO_ADDRESS = Limit("mail-address", count=5, seconds=HOUR, closed=True)
PROOF = Limit("proof", count=30, seconds=MINUTE, closed=True)
REFRESH = Limit("refresh", count=120, seconds=MINUTE)


@dataclass(frozen=True, slots=True)
class Limits:
    """Each raises RateLimited."""

    limiter: RateLimiter

    async def log_in(self, address: str, account: str) -> None:
        """`account` is what was typed, whether there is such an account or not."""
        await self.limiter.take(LOGIN_BY_ADDRESS, address)
        await self.limiter.take(LOGIN_BY_ACCOUNT, account.lower())

    async def sign_up(self, address: str) -> None:
        await self.limiter.take(SIGN_UP, address)

    async def refresh(self, address: str) -> None:
        await self.limiter.take(REFRESH, address)

    async def password(self, user_id: object) -> None:
        """Somebody who is logged in says their password again."""
        await self.limiter.take(PASSWORD, str(user_id))

    async def mail(self, sender: str, address: str) -> None:
        """`sender` has it sent, logged in (an id) or not (where they connect from)."""
        await self.limiter.take(MAIL_BY_SENDER, sender)
        await self.limiter.take(MAIL_TO_ADDRESS, address.lower())

    async def proof(self, address: str) -> None:
        """Somebody comes with a token that was sent by mail."""
        await self.limiter.take(PROOF, address)

"""Accounts by Telegram: logged in to, made with the first login, linked and unlinked."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from subgraphs.kit.audit import Actor
from subgraphs.kit.auth import Viewer
from subgraphs.kit.errors import Forbidden, Refused
from subgraphs.kit.once import Once
from subgraphs.kit.text import line
from subgraphs.kit.user_errors import conflict, invalid, not_found
from subgraphs.users.repository.protocol import TelegramRepository
from subgraphs.users.service.credentials import Credentials
from subgraphs.users.service.logins import Origin
from subgraphs.users.service.rules import USERNAME
from subgraphs.users.telegram import AHEAD, FRESH, Read, TelegramUser, read_widget
from subgraphs.users.tokens import new_refresh_token
from subgraphs.users.values import NO_ADDRESS, LoginTokens, NewUser, User, UserId


@dataclass(frozen=True, slots=True)
class Telegram:
    accounts: TelegramRepository
    credentials: Credentials
    once: Once
    bot_token: str | None

    async def log_in(self, said: str, origin: Origin, read: Read = read_widget) -> LoginTokens:
        """The account with this number, made when there is none. Raises Refused (InvalidInput), Forbidden,
        RateLimited, StoreUnavailable.
        """
        telegram = await self._read(said, origin.ip_address, read)
        user = await self.accounts.find(telegram.id) or await self._make(telegram, origin)
        if user is None:
            user = await self.accounts.find(telegram.id)
        if user is None:
            raise Refused(conflict("Somebody was faster. Log in again."))
        return await self.credentials.logins.start(user, origin)

    async def link(self, viewer: Viewer, said: str, address: str, actor: Actor) -> User:
        """Raises Refused: InvalidInput, Conflict, NotFound; Forbidden, RateLimited, StoreUnavailable."""
        telegram = await self._read(said, address, read_widget)
        return self._linked(await self.accounts.link(UserId(viewer.id), telegram.id, actor))

    async def unlink(self, viewer: Viewer, password: str, actor: Actor) -> User:
        """By password: who has none would lose their only way in. Raises Refused: InvalidCredentials,
        NotFound.
        """
        await self.credentials.check(viewer, password, "password")
        return self._linked(await self.accounts.link(UserId(viewer.id), None, actor))

    async def _read(self, said: str, address: str, read: Read) -> TelegramUser:
        if self.bot_token is None:
            raise Forbidden("Telegram is not set up here.")
        await self.credentials.limits.proof(address)
        telegram = read(said, self.bot_token, self.credentials.logins.now())
        seconds = (FRESH + AHEAD).total_seconds()
        if telegram is None or not await self.once.is_first("telegram", telegram.signature, seconds):
            problem = "Telegram did not say this, or not just now. Log in there again."
            raise Refused(invalid(problem, "authorization" if read is read_widget else "initData"))
        return telegram

    async def _make(self, telegram: TelegramUser, origin: Origin) -> User | None:
        user_id = UserId(uuid4())
        unguessable = await self.credentials.hasher.hash(new_refresh_token())
        new = NewUser(
            user_id,
            await self._username(telegram.username, user_id),
            f"{user_id}{NO_ADDRESS}",
            unguessable,
            _name(telegram.first_name),
            _name(telegram.last_name),
        )
        return await self.accounts.add(telegram.id, new, Actor(str(user_id), None, origin.request_id))

    async def _username(self, wanted: str | None, user_id: UserId) -> str:
        """Telegram's where it is free; never the number, which is nobody else's business."""
        fits = wanted is not None and 3 <= len(wanted) <= 30 and USERNAME.fullmatch(wanted) is not None
        if wanted is not None and fits and await self.accounts.is_free(wanted):
            return wanted
        return f"user_{user_id.hex[:12]}"

    def _linked(self, linked: User | bool) -> User:
        if linked is False:
            raise Refused(conflict("Another account has this Telegram account.", "authorization"))
        if linked is True:
            raise Refused(not_found("user"))
        return linked


def _name(said: str | None) -> str | None:
    kept = line(said or "").replace("\0", "")[:100]
    return kept or None

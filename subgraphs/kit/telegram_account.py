"""Somebody's number on Telegram: the users service knows it, and tells it to them and administrators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from subgraphs.kit.asking import ask_for
from subgraphs.kit.errors import Refused
from subgraphs.kit.peers import Peers
from subgraphs.kit.request import Request
from subgraphs.kit.user_errors import invalid, not_found

ACCOUNT = "query TelegramAccount($id: ID!) { user(id: $id) { telegramAccount { id } } }"
UNLINKED = "Their account is not linked to Telegram: linkTelegram comes first."


async def telegram_account(peers: Peers, request: Request, user_id: UUID, at: str = "userId") -> int:
    """Asked in the name of who sent the request. Raises Refused (NotFound, InvalidInput, PeerFailed)."""
    exists, number = await ask_for(peers, "users", ACCOUNT, {"id": str(user_id)}, request, _read)
    if not exists:
        raise Refused(not_found("user", at))
    if number is None:
        raise Refused(invalid(UNLINKED, at))
    return number


def _read(data: Mapping[str, Any]) -> tuple[bool, int | None]:
    user = data["user"]
    account = None if user is None else user["telegramAccount"]
    return user is not None, None if account is None else int(account["id"])

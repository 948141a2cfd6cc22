"""What Telegram's login widget, or a Web App in it, says about somebody, and whether Telegram said it.

As Telegram documents both: the fields but `hash`, sorted, as `key=value` lines, are signed by HMAC-SHA256.
The key of the widget is the SHA-256 of the bot's token, that of a Web App the token's HMAC-SHA256 under
"WebAppData", and there the person is JSON in the field `user`. A statement is good for minutes and, by who
asks, once.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

LONGEST = 4096
FRESH = timedelta(minutes=10)
AHEAD = timedelta(minutes=1)
"""Telegram's clock and ours differ a little."""


@dataclass(frozen=True, slots=True)
class TelegramUser:
    id: int
    username: str | None
    first_name: str | None
    last_name: str | None
    signature: str


Read = Callable[[str, str, datetime], TelegramUser | None]
"""What was said, the bot's token, now → who it is; None when it is not Telegram's word, or no longer."""


def read_widget(said: str, bot_token: str, now: datetime) -> TelegramUser | None:
    """From the query string that the widget redirects with."""
    proven = _proven(said, widget_key(bot_token), now)
    return None if proven is None else _person(*proven)


def read_web_app(said: str, bot_token: str, now: datetime) -> TelegramUser | None:
    """From `Telegram.WebApp.initData`."""
    proven = _proven(said, web_app_key(bot_token), now)
    if proven is None:
        return None
    fields, signature = proven
    try:
        person = json.loads(fields.get("user", ""))
    except (ValueError, RecursionError):
        return None
    if not isinstance(person, dict):
        return None
    told = {name: str(value) for name, value in person.items() if isinstance(value, str | int)}
    return _person(told, signature)


def widget_key(bot_token: str) -> bytes:
    return hashlib.sha256(bot_token.encode()).digest()


def web_app_key(bot_token: str) -> bytes:
    return hmac.new(b"WebAppData", bot_token.encode(), hashlib.sha256).digest()


def sign(fields: dict[str, str], key: bytes) -> str:
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    return hmac.new(key, lines.encode(errors="replace"), hashlib.sha256).hexdigest()


def _proven(said: str, key: bytes, now: datetime) -> tuple[dict[str, str], str] | None:
    """The fields and their signature."""
    try:
        pairs = parse_qsl(said, keep_blank_values=True, strict_parsing=True, max_num_fields=20)
    except ValueError:
        return None
    fields = dict(pairs)
    if len(said) > LONGEST or len(fields) != len(pairs):
        return None
    signature, moment = fields.pop("hash", ""), fields.get("auth_date", "")
    if not hmac.compare_digest(sign(fields, key).encode(), signature.encode(errors="replace")):
        return None
    if not _is_number(moment):
        return None
    age = now.timestamp() - int(moment)
    is_fresh = -AHEAD.total_seconds() <= age <= FRESH.total_seconds()
    return (fields, signature) if is_fresh else None


def _person(told: dict[str, str], signature: str) -> TelegramUser | None:
    if not _is_number(told.get("id", "")):
        return None
    username, first, last = (told.get(name) or None for name in ("username", "first_name", "last_name"))
    return TelegramUser(int(told["id"]), username, first, last, signature)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18 and int(text) > 0

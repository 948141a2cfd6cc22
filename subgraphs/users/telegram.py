"""What Telegram's login widget says about somebody, and whether Telegram said it.

As Telegram documents it: the fields but `hash`, sorted, as `key=value` lines, are signed by HMAC-SHA256 with
the SHA-256 of the bot's token as key. A statement is good for minutes and, by who asks, once.
"""

from __future__ import annotations

import hashlib
import hmac
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


def read_widget(said: str, bot_token: str, now: datetime) -> TelegramUser | None:
    """From the query string of the widget; None when it is not Telegram's word, or no longer."""
    try:
        pairs = parse_qsl(said, keep_blank_values=True, strict_parsing=True, max_num_fields=20)
    except ValueError:
        return None
    fields = dict(pairs)
    if len(said) > LONGEST or len(fields) != len(pairs):
        return None
    signature = fields.pop("hash", "")
    if not hmac.compare_digest(sign(fields, bot_token).encode(), signature.encode(errors="replace")):
        return None
    number, moment = fields.get("id", ""), fields.get("auth_date", "")
    if not (_is_number(number) and _is_number(moment)):
        return None
    age = now.timestamp() - int(moment)
    if not -AHEAD.total_seconds() <= age <= FRESH.total_seconds():
        return None
    username, first, last = (fields.get(name) or None for name in ("username", "first_name", "last_name"))
    return TelegramUser(int(number), username, first, last, signature)


def sign(fields: dict[str, str], bot_token: str) -> str:
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    key = hashlib.sha256(bot_token.encode()).digest()
    return hmac.new(key, lines.encode(errors="replace"), hashlib.sha256).hexdigest()


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18 and int(text) > 0

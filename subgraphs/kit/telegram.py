"""Numbers of Telegram accounts, which link the school's services: as ids in GraphQL, as bigint in stores."""

from __future__ import annotations

from subgraphs.kit.errors import BadUserInput
from subgraphs.kit.validation import Checks


def is_telegram_id(text: str) -> bool:
    """A positive 64-bit number in ASCII digits."""
    return text.isascii() and text.isdigit() and len(text) <= 19 and 0 < int(text) < 2**63


def parse_telegram_id(text: str, argument: str = "telegramId") -> int:
    """The number a client sent. Raises BadUserInput naming the argument."""
    if is_telegram_id(text):
        return int(text)
    raise BadUserInput({argument: f"{argument} is not a number of Telegram."})


def checked_telegram_id(checks: Checks, text: str, at: str | tuple[str | int, ...]) -> int:
    """The number in a mutation's input; 0 when it is none, which `done` refuses."""
    checks.require(is_telegram_id(text), at, "This is not a number of Telegram.")
    return int(text) if is_telegram_id(text) else 0

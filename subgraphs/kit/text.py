"""One way to bring in text: what looks the same is stored the same."""

from __future__ import annotations

import re
import unicodedata

INVISIBLE = {"Cc", "Cf", "Zs", "Zl", "Zp"}


def line(text: str) -> str:
    """A name or title: composed characters (NFC), no white space around it, single spaces inside."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def prose(text: str) -> str:
    """Text of several lines: composed characters, line feeds alone end lines, none at either end."""
    return re.sub(r"\r\n?", "\n", unicodedata.normalize("NFC", text)).strip()


def is_blank(text: str) -> bool:
    """Nothing that could be seen, zero-width characters included."""
    return all(unicodedata.category(character) in INVISIBLE for character in text)


def is_storable(text: str) -> bool:
    """PostgreSQL's text has no NUL and, like UTF-8, no half surrogate pairs. Nothing stored equals such a
    value.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text

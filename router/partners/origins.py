"""Whose pages may use a partner's key in a browser.

A browser says whose page asks; everything else may say what it likes, so this keeps a key that a page has to
carry from working on other pages, and is no secret's replacement. Without origins no page but our own
(the partners' portal) may use the key.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from router.partners.errors import OriginRefused

ORIGIN = re.compile(r"https?://(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?")
ANY = "*"


def is_origin(text: str) -> bool:
    """As browsers write it: `https://shop.example`, without a path; or `*`."""
    return text == ANY or ORIGIN.fullmatch(text) is not None


def check_origin(headers: Mapping[str, str], allowed: Collection[str]) -> None:
    """Raises `OriginRefused`. `headers` have lower-case names."""
    origin = headers.get("origin")
    if origin is None or origin in allowed or ANY in allowed:
        return
    if origin.partition("://")[2] != headers.get("host"):
        raise OriginRefused

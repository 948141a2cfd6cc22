"""W3C trace context: the client's trace goes on to subgraphs, or one begins here.

https://www.w3.org/TR/trace-context/
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from router.transport.base import Headers

TRACEPARENT, TRACESTATE = "traceparent", "tracestate"
VALID = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?")
MAX_STATE = 512
SAMPLED = "01"


def trace_headers(headers: Mapping[str, str], *, begin: bool) -> Headers:
    """What goes on. A trace that cannot be read is none, and its state goes with it."""
    parent = headers.get(TRACEPARENT)
    if parent is not None and is_valid(parent):
        state = headers.get(TRACESTATE)
        if state and len(state) <= MAX_STATE:
            return ((TRACEPARENT, parent), (TRACESTATE, state))
        return ((TRACEPARENT, parent),)
    return ((TRACEPARENT, new_parent()),) if begin else ()


def is_valid(parent: str) -> bool:
    """Version 00 has four parts; later ones may have more behind them."""
    return VALID.fullmatch(parent) is not None and (not parent.startswith("00-") or len(parent) == 55)


def new_parent() -> str:
    random = os.urandom(24).hex()
    return f"00-{random[:32]}-{random[32:]}-{SAMPLED}"

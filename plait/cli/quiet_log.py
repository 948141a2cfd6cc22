"""A log that a fault cannot flood: what is said again and again is said once in a while, with a count.

A store that is away fails every request with the same words; the first of them and one every ten seconds are
enough to know. The memory is bounded: the oldest words are forgotten first.
"""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

SECONDS = 10.0
REMEMBERED = 1000


@dataclass(slots=True)
class _Said:
    at: float
    held_back: int = 0


class Repeats(logging.Filter):
    """Lets a message through when it is new or was last shown `SECONDS` ago. For a handler, not a logger:
    those see only what is logged directly with them.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._said: OrderedDict[tuple[str, str], _Said] = OrderedDict()

    def filter(self, record: logging.LogRecord) -> bool:
        key, now = (record.name, record.getMessage()), self._clock()
        said = self._said.get(key)
        if said is not None and now - said.at < SECONDS:
            said.held_back += 1
            return False
        if said is not None and said.held_back:
            record.msg, record.args = f"{key[1]} ({said.held_back} more times)", ()
        self._said[key] = _Said(now)
        self._said.move_to_end(key)
        if len(self._said) > REMEMBERED:
            self._said.popitem(last=False)
        return True


def log_to_stderr() -> None:
    """Warnings and errors, one line each, repeats held back. For commands that serve."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
    handler.addFilter(Repeats())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])

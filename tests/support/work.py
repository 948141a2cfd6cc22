"""How much work something is, counted and not timed: a busy machine does the same work."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType


@dataclass(slots=True)
class Work:
    calls: int = 0
    """Of functions, Python's and C's, in this thread."""


@contextmanager
def counted() -> Iterator[Work]:
    work = Work()

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        if event in ("call", "c_call"):
            work.calls += 1

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield work
    finally:
        sys.setprofile(before)


def calls(function: Callable[[], object]) -> int:
    """How many functions, Python's and C's, are called while `function` runs."""
    with counted() as work:
        function()
    return work.calls

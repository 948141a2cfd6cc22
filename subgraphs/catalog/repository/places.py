"""Places of entries: numbers with room between them, as sixteen hexadecimal digits that sort as text.

    end:      last + STEP          beginning: first - STEP          between: the middle

A number between two neighbours is found 32 times before a playlist has to be numbered anew, which is one
statement. Whoever changes a playlist's order holds its row, so two never choose the same place.
"""

from __future__ import annotations

STEP = 1 << 32
MIDDLE = 1 << 62
HIGHEST = (1 << 64) - 1


def between(before: str | None, after: str | None) -> str | None:
    """A place behind `before` and ahead of `after`; None when there is no room."""
    if before is None and after is None:
        return written(MIDDLE)
    if after is None:
        return _room(int(before or "0", 16) + STEP)
    if before is None:
        return _room(int(after, 16) - STEP)
    low, high = int(before, 16), int(after, 16)
    return None if high - low < 2 else written((low + high) // 2)


def _room(number: int) -> str | None:
    return written(number) if 0 <= number <= HIGHEST else None


def written(number: int) -> str:
    return f"{number:016x}"

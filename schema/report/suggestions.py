"""`Did you mean …?`"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Up to three known names that look like `name`, nearest first; the same for any order of `known`."""
    by_folded = {candidate.casefold(): candidate for candidate in sorted(known)}
    return [by_folded[match] for match in get_close_matches(name.casefold(), by_folded, n=3, cutoff=0.7)]


def did_you_mean(name: str, known: Iterable[str], mark: str = "") -> str:
    """` Did you mean "a" or "b"?`, or nothing when nothing is near."""
    found = [f'"{mark}{candidate}"' for candidate in nearest(name, known)]
    if not found:
        return ""
    return f" Did you mean {found[0] if len(found) == 1 else ', '.join(found[:-1]) + ' or ' + found[-1]}?"

"""`Did you mean …?`, in the same words for everything that has names: schemas, settings, commands."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

LIKENESS = 0.6
"""Of 1: `ulr` is 0.67 like `url`."""


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Up to three known names that look like `name`, nearest first; the same for any order of `known`."""
    by_folded = {candidate.casefold(): candidate for candidate in sorted(known)}
    return [by_folded[match] for match in get_close_matches(name.casefold(), by_folded, n=3, cutoff=LIKENESS)]


def did_you_mean(name: str, known: Iterable[str], mark: str = "") -> str:
    """` Did you mean "a" or "b"?`, or nothing when nothing is near."""
    found = [f'"{mark}{candidate}"' for candidate in nearest(name, known)]
    if not found:
        return ""
    return f" Did you mean {found[0] if len(found) == 1 else ', '.join(found[:-1]) + ' or ' + found[-1]}?"


def did_you_mean_or_known(name: str, known: Iterable[str]) -> str:
    """As above; when nothing is near, ` Known here: a, b.` in the order given."""
    names = list(known)
    return did_you_mean(name, names) or f" Known here: {', '.join(names)}."

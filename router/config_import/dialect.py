"""What is to be known of a router whose files are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from router.config_import.document import Ours, Theirs
from router.config_import.environment import Translate

Step = Callable[[Theirs, Ours], None]


@dataclass(frozen=True, slots=True)
class Dialect:
    name: str
    title: str
    keys: frozenset[str]
    """The keys at the top of its files."""
    telling: tuple[str, ...]
    """Paths that no other router's files have; `*` is any name."""
    translate: Translate
    steps: Sequence[Step]
    reasons: Mapping[str, str]
    """Why what is beneath a key is not carried over. The longest key that fits counts."""

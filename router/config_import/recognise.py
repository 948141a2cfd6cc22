"""Whose file it is, by keys that only one router has and by how many of its keys a router knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from router.config.file import unknown_keys
from router.config_import.dialect import Dialect
from router.config_import.document import Theirs, path_of
from router.errors import ConfigError

TELLING = 3
"""A path that only one router has weighs as much as this many keys it shares."""


def recognise(document: dict[str, Any], dialects: Sequence[Dialect]) -> Dialect:
    """Raises `ConfigError` when no router or more than one may have written it."""
    if document and not unknown_keys(document):
        raise ConfigError(
            "this is a configuration of this router already (plait config validate checks it); if it is "
            "another router's, say --from"
        )
    scores = _scores(document, dialects)
    best = max(scores.values(), default=0)
    found = [dialect for dialect in dialects if scores.get(dialect.name) == best]
    if best and len(found) == 1:
        return found[0]
    names = ", ".join(dialect.name for dialect in dialects)
    raise ConfigError(f"whose file this is cannot be told from its keys; say --from, one of {names}")


def _scores(document: dict[str, Any], dialects: Sequence[Dialect]) -> dict[str, int]:
    keys, theirs = {str(key) for key in document}, Theirs(document)
    scores = {}
    for dialect in dialects:
        others = frozenset[str]().union(*(other.keys for other in dialects if other is not dialect))
        telling = sum(any(theirs.matches(path_of(path))) for path in dialect.telling)
        own, shared, foreign = keys & dialect.keys - others, keys & dialect.keys, keys - dialect.keys
        scores[dialect.name] = TELLING * (telling + len(own)) + len(shared) - len(foreign)
    return {name: score for name, score in scores.items() if score > 0}

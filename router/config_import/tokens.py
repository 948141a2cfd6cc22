"""Key sets and places of tokens, for all three dialects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

from router.config import Algorithm
from router.config_import.document import Ours, known, path_of, text_of
from router.config_import.report import Kind
from router.config_import.values import NotCarried

ASYMMETRIC = tuple(name for name in get_args(Algorithm) if not name.startswith("HS"))
"""A router that is told no algorithm takes the key's; a shared secret is never read from an address here."""

KEY_SETS = path_of("authentication.jwt.jwks")
SOURCES = path_of("authentication.jwt.sources")


def put_key_sets(ours: Ours, key: str, entries: list[Any], convert: Callable[[Any], dict[str, Any]]) -> None:
    found = _each(ours, key, entries, convert)
    unknown = sorted({name for entry in found for name in entry["algorithms"]} - set(get_args(Algorithm)))
    if unknown:
        ours.not_carried(f"{key}[].algorithms", f"{', '.join(unknown)} is not supported")
    for entry in found:
        entry["algorithms"] = [name for name in entry["algorithms"] if name not in unknown]
    if found:
        ours.put(key, KEY_SETS, found)
    if any("algorithms" not in entry for entry in entries if isinstance(entry, dict)):
        ours.say(
            Kind.ASSUMED, f"{key}[].algorithms", "any of the key's there", f"{text_of(KEY_SETS)}[].algorithms"
        )


def put_sources(ours: Ours, key: str, entries: list[Any], convert: Callable[[Any], dict[str, Any]]) -> None:
    """Where tokens are looked for beside the one header."""
    if not entries:
        return
    if known(SOURCES) is None:
        ours.not_carried(key, "a token is looked for in one header here")
        return
    found = _each(ours, key, entries, convert)
    if found:
        ours.put(key, SOURCES, found)


def _each(
    ours: Ours, key: str, entries: list[Any], convert: Callable[[Any], dict[str, Any]]
) -> list[dict[str, Any]]:
    found = []
    for index, entry in enumerate(entries):
        try:
            if not isinstance(entry, dict):
                raise NotCarried("it is not written as the router's own files are")
            found.append(convert(entry))
        except NotCarried as error:
            ours.not_carried(f"{key}[{index}]", str(error))
    return found

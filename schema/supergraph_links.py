"""What a supergraph links, and whether a router may serve it.

A specification linked `for: EXECUTION` or `for: SECURITY` changes what a right answer is: one that is not
known here makes the whole supergraph unusable (UnsupportedLinkError). Others may be ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from schema.supergraph import AppliedDirective, InvalidSupergraphError, UnsupportedLinkError

MUST_UNDERSTAND: Final = frozenset({"EXECUTION", "SECURITY"})

KNOWN: Final[dict[str, frozenset[str]]] = {
    "link": frozenset({"v1.0"}),
    "core": frozenset({"v0.1", "v0.2"}),
    "join": frozenset({"v0.1", "v0.2", "v0.3", "v0.4", "v0.5"}),
    "tag": frozenset({"v0.1", "v0.2", "v0.3"}),
    "inaccessible": frozenset({"v0.1", "v0.2"}),
    "authenticated": frozenset({"v0.1"}),
    "requiresScopes": frozenset({"v0.1"}),
    "policy": frozenset({"v0.1"}),
    "context": frozenset({"v0.1"}),
    "cost": frozenset({"v0.1"}),
    "listSize": frozenset({"v0.1"}),
    "cacheTag": frozenset({"v0.1"}),
}
"""Apollo's specifications that planning, execution or the API schema take into account, or may ignore: costs,
list sizes, tags and cache tags change no answer. What protects is the router's to enforce or refuse."""

_URL = re.compile(r"^https://specs\.apollo\.dev/(?P<name>[^/]+)/(?P<version>v\d+\.\d+)$")


def _links(applied: Iterable[AppliedDirective]) -> Iterable[tuple[str, str | None]]:
    for directive in applied:
        if directive.name in ("link", "core"):
            url = directive.arguments.get("url", directive.arguments.get("feature"))
            if isinstance(url, str):
                yield url.rstrip("/"), directive.arguments.get("for")


def check_links(applied: Iterable[AppliedDirective]) -> None:
    """Raises UnsupportedLinkError for the first link that must be understood and is not."""
    for url, purpose in _links(applied):
        match = _URL.match(url)
        known = match is not None and match["version"] in KNOWN.get(match["name"], ())
        if purpose in MUST_UNDERSTAND and not known:
            raise UnsupportedLinkError(url, purpose)


def join_version(applied: Iterable[AppliedDirective]) -> str:
    """The version of the join specification, as `v0.5`; raises InvalidSupergraphError without one."""
    for url, _ in _links(applied):
        match = _URL.match(url)
        if match is not None and match["name"] == "join":
            if match["version"] not in KNOWN["join"]:
                raise UnsupportedLinkError(url, "EXECUTION")
            return match["version"]
    raise InvalidSupergraphError("The join specification is not linked: this is not a supergraph")

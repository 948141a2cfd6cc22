"""Choosing the prefix of each specification the supergraph links, so that no name means two things."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from schema.specs.specification import FeatureUrl

_NAME = re.compile(r"[A-Za-z_][0-9A-Za-z_]*", re.ASCII)
_FIRST = "_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NEXT = _FIRST[1:] + "0123456789"


@dataclass(frozen=True, slots=True)
class LinkPlan:
    """A specification to link, with the names its directives will have: (in the specification, in the
    schema).
    """

    url: FeatureUrl
    directives: list[tuple[str, str]]


@dataclass(slots=True)
class Aliases:
    """Gives each specification its own name as prefix where that is free, and an unused prefix otherwise."""

    plans: list[LinkPlan]
    names: Iterable[str]
    taken: set[str] = field(default_factory=set)
    _prefix: str | None = None
    _count: int = 0

    def alias_for(self, url: FeatureUrl) -> str:
        """The prefix to link a specification under."""
        alias = url.name if self._is_free(url) else self._unused(url.name)
        self.taken.add(alias)
        return alias

    def _is_free(self, url: FeatureUrl) -> bool:
        alias = url.name
        if "__" in alias or alias.endswith("_") or not _NAME.fullmatch(alias) or alias in self.taken:
            return False
        for plan in self.plans:
            for original, name in plan.directives:
                prefix, separator, rest = name.partition("__")
                own = plan.url.identity == url.identity
                if separator and prefix == alias and (not own or rest != original):
                    return False
                if name == alias and (not own or original != plan.url.name):
                    return False
        return True

    def _unused(self, name: str) -> str:
        if self._prefix is None:
            used = {*self.names, *(plan.url.name for plan in self.plans)}
            used |= {name for plan in self.plans for _, name in plan.directives}
            self._prefix = _shortest_unused_prefix(used)
        letters = re.sub(r"[^A-Za-z]", "", name)
        self._count += 1
        return f"{self._prefix}{self._count - 1}{letters}"


def _shortest_unused_prefix(names: set[str]) -> str:
    """The first text, by length, that starts none of the names. Linear in their total length."""
    starts = {name[:length] for name in names for length in range(1, len(name) + 1)}
    queue = [""]
    for start in queue:
        for letter in _NEXT if start else _FIRST:
            candidate = start + letter
            if candidate not in starts:
                return candidate
            queue.append(candidate)
    raise AssertionError("there are more names than prefixes")

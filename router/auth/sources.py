"""Where a request carries its token: headers and cookies, looked at in order.

A header that holds other credentials (`Basic …`) is passed over when another source has a token.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from router.config import JWTConfig, TokenSource

Headers: TypeAlias = Mapping[str, str]
"""With lower-case names."""


class OtherCredentials(Exception):
    """There are credentials, and none of them is a token."""


class TokenSources:
    def __init__(self, sources: Sequence[TokenSource]) -> None:
        self._sources = sources
        self.headers = tuple(dict.fromkeys(_header_of(source) for source in sources))
        """The headers that are looked at."""

    @classmethod
    def of(cls, config: JWTConfig) -> TokenSources:
        """Those configured, or the one header of `header_name` and `header_prefix`."""
        return cls(config.sources or (TokenSource(header=config.header_name, prefix=config.header_prefix),))

    def find(self, headers: Headers) -> str | None:
        """The first token; None without any credentials. Raises `OtherCredentials`."""
        others = False
        for source in self._sources:
            value = headers.get(_header_of(source))
            if value is None:
                continue
            token = _cookie(value, source.cookie) if source.cookie else _after(source.prefix, value)
            if token:
                return token
            others = others or source.cookie is None
        if others:
            raise OtherCredentials
        return None

    def without(self, headers: Headers) -> dict[str, str]:
        """The headers with no credentials that these sources read."""
        left = dict(headers)
        for source in self._sources:
            name = _header_of(source)
            value = left.pop(name, None)
            if value is not None and source.cookie is not None:
                others = [pair for pair in value.split(";") if _name(pair) != source.cookie]
                if others:
                    left[name] = ";".join(others).strip()
        return left


def _header_of(source: TokenSource) -> str:
    return "cookie" if source.cookie is not None else (source.header or "").lower()


def _after(prefix: str, value: str) -> str | None:
    """What follows the prefix; None for another kind of credentials."""
    if not prefix:
        return value.strip()
    found, _, token = value.strip().partition(" ")
    return token.strip() or None if found.lower() == prefix.lower() else None


def _cookie(header: str, name: str) -> str | None:
    """The first cookie of that name: a later one may have been set by a neighbouring domain's page."""
    for pair in header.split(";"):
        if _name(pair) == name:
            return _unquoted(pair.partition("=")[2].strip())
    return None


def _name(pair: str) -> str:
    return pair.partition("=")[0].strip()


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value

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
        self._sources = tuple((_header_of(each), each.prefix.lower(), each.cookie) for each in sources)
        self.headers = tuple(dict.fromkeys(header for header, _, _ in self._sources))
        """The headers that are looked at."""

    @classmethod
    def of(cls, config: JWTConfig) -> TokenSources:
        """Those configured, or the one header of `header_name` and `header_prefix`."""
        return cls(config.sources or (TokenSource(header=config.header_name, prefix=config.header_prefix),))

    def find(self, headers: Headers) -> str | None:
        """The first token; None without any credentials. Raises `OtherCredentials`."""
        others = False
        for header, prefix, cookie in self._sources:
            value = headers.get(header)
            if value is None:
                continue
            token = _cookie(value, cookie) if cookie else _after(prefix, value)
            if token:
                return token
            others = others or cookie is None
        if others:
            raise OtherCredentials
        return None

    def without(self, headers: Headers) -> dict[str, str]:
        """The headers with no credentials that these sources read."""
        left = dict(headers)
        for header, _, cookie in self._sources:
            value = left.pop(header, None)
            if value is not None and cookie is not None:
                others = [pair for pair in value.split(";") if _name(pair) != cookie]
                if others:
                    left[header] = ";".join(others).strip()
        return left


def _header_of(source: TokenSource) -> str:
    return "cookie" if source.cookie is not None else (source.header or "").lower()


def _after(prefix: str, value: str) -> str | None:
    """What follows the prefix, which is lower-case here; None for another kind of credentials."""
    if not prefix:
        return value.strip()
    found, _, token = value.strip().partition(" ")
    return token.strip() or None if found.lower() == prefix else None


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

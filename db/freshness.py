"""Reads after one's own write go to the primary.

A replica is behind by a moment, so a request that wrote would read what was there before. `request_scope` is
put around a request; once a write session was opened inside it, its reads go to the primary too. Tasks that
the request starts share its scope.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class Scope:
    has_written: bool = False


_scope: ContextVar[Scope | None] = ContextVar("plait_request_scope", default=None)


class request_scope:
    """Around a request."""

    __slots__ = ("_token",)

    def __enter__(self) -> None:
        self._token = _scope.set(Scope())

    def __exit__(self, *_: object) -> None:
        _scope.reset(self._token)


def note_write() -> None:
    scope = _scope.get()
    if scope is not None:
        scope.has_written = True


def has_written() -> bool:
    scope = _scope.get()
    return scope is not None and scope.has_written

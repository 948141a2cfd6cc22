"""A process that dies in the middle of a write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest


class Killed(BaseException):
    """Not an Exception: nothing in between may handle it, as nothing handles SIGKILL."""


@contextmanager
def killed_at(monkeypatch: pytest.MonkeyPatch, *steps: tuple[object, str]) -> Iterator[None]:
    """What the block does dies at the first of `steps`, each where it is looked up and its name."""

    async def killed(*_given: object, **_named: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        for place, name in steps:
            patched.setattr(place, name, killed)
        with pytest.raises(Killed):
            yield

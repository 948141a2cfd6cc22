"""One `plait up` per home directory: the second says which process has it and where it listens.

The lock is an open file that the kernel gives back when the process ends, however it ends; its text is only
for people.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from db.embedded.locks import try_lock

NAME = "up.lock"


@dataclass(frozen=True, slots=True)
class HomeClaim:
    descriptor: int

    def say(self, url: str) -> None:
        """Note for the next one who comes where this process can be found."""
        text = json.dumps({"pid": os.getpid(), "url": url}).encode()
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, text, 0)


@contextmanager
def hold_home(home: Path) -> Iterator[HomeClaim]:
    """Raises ClickException when another process holds `home`, or when it cannot be written."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        descriptor = try_lock(home / NAME)
    except OSError as error:
        raise click.ClickException(f"cannot use {home} (PLAIT_HOME): {error.strerror or error}") from error
    if descriptor is None:
        raise click.ClickException(f"Plait is already running in {home}: {_holder(home / NAME)}")
    try:
        yield HomeClaim(descriptor)
    finally:
        os.close(descriptor)


def _holder(path: Path) -> str:
    try:
        noted = json.loads(path.read_text())
        return f"process {noted['pid']}, {noted['url']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process that is just starting"

"""How far a long job is: a bar on a terminal, a line at each tenth anywhere else. On stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

LONG = 10_000
"""Shorter jobs are over before anybody wonders."""


@contextmanager
def counting(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """In the block, call what it gives with the number of steps done since the last call."""
    if total < LONG:
        yield lambda _steps: None
    elif sys.stderr.isatty():
        with click.progressbar(
            length=total, label=label, show_pos=True, show_percent=True, file=sys.stderr
        ) as bar:
            yield bar.update
    else:
        yield _Tenths(label, total)


class _Tenths:
    def __init__(self, label: str, total: int) -> None:
        self._label, self._total = label, total
        self._done = self._told = 0

    def __call__(self, steps: int) -> None:
        self._done += steps
        tenth = self._done * 10 // self._total
        if tenth > self._told:
            self._told = tenth
            click.echo(f"{self._label}: {tenth * 10}% ({self._done:,} of {self._total:,} rows)", err=True)

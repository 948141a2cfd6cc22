"""What an attempt found, as tools that annotate files want it: a code, a severity, places in files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from plait.cli.composition.attempt import Attempt
from schema import CompositionFailure, Hint, HintLevel, Location


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Place:
    """`file` is relative to the repository where it lies in it; line and column count from 1."""

    file: str
    line: int | None = None
    column: int | None = None
    subgraph: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """The first place is where to look; there is always one, the configuration if nothing is nearer."""

    code: str
    severity: Severity
    message: str
    places: tuple[Place, ...]
    remedy: str | None = None


def findings(attempt: Attempt, environment: Mapping[str, str]) -> list[Finding]:
    """Errors first, then hints that matter to users."""
    root = Path(environment.get("GITHUB_WORKSPACE") or Path.cwd())
    return list(_Finder(attempt, root).all())


@dataclass(frozen=True, slots=True)
class _Finder:
    attempt: Attempt
    root: Path

    def all(self) -> Iterator[Finding]:
        config = self._shown(self.attempt.config)
        for problem in self.attempt.problems:
            place = Place(config, problem.line or None)
            yield Finding("INVALID_CONFIG", Severity.ERROR, problem.message, (place,))
        for error in self.attempt.errors:
            yield self._finding(error, Severity.ERROR, error.remedy)
        for hint in self.attempt.hints:
            if hint.level is not HintLevel.DEBUG:
                level = Severity.WARNING if hint.level is HintLevel.WARN else Severity.NOTE
                yield self._finding(hint, level, None)

    def _finding(self, found: CompositionFailure | Hint, severity: Severity, remedy: str | None) -> Finding:
        places = tuple(self._places(found.locations)) or (Place(self._shown(self.attempt.config)),)
        return Finding(str(found.code), severity, found.message, places, remedy)

    def _places(self, locations: Iterable[Location]) -> Iterator[Place]:
        """A schema that is in no file of its own stands in the configuration, or is named there."""
        files = self.attempt.files
        for location in locations:
            file = files.get(location.subgraph)
            if file is None:
                yield Place(self._shown(self.attempt.config), subgraph=location.subgraph)
            else:
                yield Place(self._shown(file), location.line, location.column, location.subgraph)

    def _shown(self, path: Path) -> str:
        absolute = Path(os.path.abspath(path))
        inside = absolute.is_relative_to(self.root)
        return (absolute.relative_to(self.root) if inside else absolute).as_posix()

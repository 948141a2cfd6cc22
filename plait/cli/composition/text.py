"""Composition errors and hints for people: a sentence, the places with the lines themselves, what to do.

error[EXTERNAL_UNUSED]: Subgraph "users": "User.name" is external, but no @key … needs it.
  --> users (schemas/users.graphql):12:3
   |
11 | type User @key(fields: "id") {
12 |   name: String @external
   |   ^
  = Remove the field, or the @external.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import click
from graphql import TypeDefinitionNode, parse

from plait.cli.composition.attempt import Attempt
from plait.cli.failures import Failure
from schema import CompositionFailure, Hint, HintLevel, Location

MAX_FRAMES = 4


class Texts:
    """The SDL of each subgraph, and what to call the place it comes from."""

    def __init__(self, sdl: Mapping[str, str], origins: Mapping[str, str]) -> None:
        self._lines = {name: text.splitlines() for name, text in sdl.items()}
        self._origins = origins

    def frame(self, place: Location) -> Iterable[str]:
        """The line of a place, the one before it, and a mark under the column."""
        origin = self._origins.get(place.subgraph)
        name = f"{place.subgraph} ({origin})" if origin else place.subgraph
        width = len(str(place.line))
        yield f"{' ' * width}{click.style('-->', fg='blue', bold=True)} {name}:{place.line}:{place.column}"
        lines = self._lines.get(place.subgraph, [])
        if not 1 <= place.line <= len(lines):
            return
        bar = click.style("|", fg="blue", bold=True)
        yield f"{' ' * width} {bar}"
        for number in range(max(1, place.line - 1), place.line + 1):
            label = click.style(f"{number:>{width}}", fg="blue", bold=True)
            yield f"{label} {bar} {lines[number - 1]}".rstrip()
        before = lines[place.line - 1][: place.column - 1]
        indent = "".join("\t" if character == "\t" else " " for character in before)
        yield f"{' ' * width} {bar} {indent}{click.style('^', fg='red', bold=True)}"


def error_lines(failure: CompositionFailure, texts: Texts) -> Iterable[str]:
    """One error, with code frames and remedy."""
    head = click.style(f"error[{failure.code}]", fg="red", bold=True)
    yield f"{head}: {failure.message}"
    for place in failure.locations[:MAX_FRAMES]:
        yield from (f"  {line}" for line in texts.frame(place))
    if len(failure.locations) > MAX_FRAMES:
        yield f"  … and {len(failure.locations) - MAX_FRAMES} more places"
    if failure.remedy:
        yield f"  {click.style('= fix:', fg='green', bold=True)} {failure.remedy}"


def failure_lines(attempt: Attempt) -> Iterator[str]:
    """Everything that kept it from composing, an empty line after each error of a subgraph."""
    for problem in attempt.problems:
        yield from Failure(
            "INVALID_CONFIG", problem.message, str(attempt.config), problem.line or None
        ).lines()
    files = {name: str(path) for name, path in attempt.files.items()}
    texts = Texts(attempt.sdl, files)
    for failure in attempt.errors:
        yield from error_lines(failure, texts)
        yield ""


def hint_lines(hints: Iterable[Hint]) -> Iterator[str]:
    """One line each; DEBUG is for --format json."""
    for hint in hints:
        if hint.level is not HintLevel.DEBUG:
            color = "yellow" if hint.level is HintLevel.WARN else "cyan"
            head = click.style(f"{hint.level.lower()}[{hint.code}]", fg=color)
            places = "".join(
                f" ({place.subgraph}:{place.line}:{place.column})" for place in hint.locations[:1]
            )
            yield f"{head}: {hint.message}{places}"


def summary(attempt: Attempt) -> Iterator[str]:
    """`Composed 4 subgraphs: 61 types, 2 hints.`, or how many errors there are."""
    composition = attempt.composition
    if composition is not None:
        api = parse(composition.api_schema_sdl).definitions
        types = sum(isinstance(definition, TypeDefinitionNode) for definition in api)
        hints = sum(hint.level is not HintLevel.DEBUG for hint in composition.hints)
        counts = ", ".join((_count(types, "type"), _count(hints, "hint")))
        yield f"Composed {_count(len(attempt.sources), 'subgraph')}: {counts}."
    elif attempt.errors:
        yield f"The supergraph does not compose: {_count(len(attempt.errors), 'error')}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"

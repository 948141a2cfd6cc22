"""Collecting what is wrong: a stage notes every failure and goes on as far as it can.

A `SubgraphReport` knows its source, so rules say where by naming elements' tokens and never count lines
themselves.
"""

from __future__ import annotations

from typing import Protocol

from schema.language.source import Source
from schema.model.definitions import NOWHERE
from schema.report.errors import CompositionFailure, ErrorCode, Location
from schema.report.hints import Hint, HintCode, hint
from schema.report.remedies import REMEDIES


def failure(
    code: ErrorCode, message: str, locations: tuple[Location, ...] = (), remedy: str | None = None
) -> CompositionFailure:
    """A failure with the remedy its code usually has, unless there is a better one."""
    return CompositionFailure(code, message, locations, remedy or REMEDIES.get(code))


class GraphQLReport(Protocol):
    """Where the rules of plain GraphQL report: they hold for a subgraph and for the supergraph."""

    def invalid(self, message: str, *tokens: int, remedy: str | None = None) -> None:
        """Notes that the schema is not valid GraphQL."""


class SubgraphReport:
    """The failures and hints of one subgraph."""

    __slots__ = ("failures", "hints", "source")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.failures: list[CompositionFailure] = []
        self.hints: list[Hint] = []

    def add(self, code: ErrorCode, message: str, *tokens: int, remedy: str | None = None) -> None:
        """Notes one failure, at the places where the given tokens stand."""
        self.failures.append(
            failure(code, f'Subgraph "{self.source.name}": {message}', self.places(*tokens), remedy)
        )

    def invalid(self, message: str, *tokens: int, remedy: str | None = None) -> None:
        """Notes that the text is not valid GraphQL."""
        self.add(ErrorCode.INVALID_GRAPHQL, message, *tokens, remedy=remedy)

    def hint(self, code: HintCode, message: str, *tokens: int) -> None:
        """Notes something worth knowing."""
        self.hints.append(hint(code, f'Subgraph "{self.source.name}": {message}', self.places(*tokens)))

    def places(self, *tokens: int) -> tuple[Location, ...]:
        """The distinct places of tokens; elements nobody wrote have none."""
        found = (self.source.location(token) for token in tokens if token != NOWHERE)
        return tuple(dict.fromkeys(found))

"""A supergraph's text as a Schema: our parser, with what a supergraph needs that a subgraph does not."""

from __future__ import annotations

from dataclasses import dataclass

from schema.language.nodes import Document, TypeKind
from schema.language.parser import SyntaxProblem, parse_document
from schema.language.source import Source
from schema.model.build import build_schema
from schema.model.definitions import BUILT_IN_SCALARS, ScalarType, Schema
from schema.report.collect import SubgraphReport
from schema.report.errors import CompositionFailure, ErrorCode, Location


@dataclass(frozen=True, slots=True)
class TextProblem:
    """What is wrong with the text, and where."""

    code: ErrorCode
    message: str
    place: Location | None


@dataclass(frozen=True, slots=True)
class SupergraphText:
    """What was read, with the source its tokens belong to; not to be used when there are problems."""

    schema: Schema
    source: Source
    problems: list[TextProblem]


def read_text(text: str) -> SupergraphText:
    """Parses and folds a supergraph's text. Linear in it."""
    report = _Report(Source("supergraph", text))
    schema = Schema()
    try:
        document = parse_document(text)
        schema = build_schema(document, report)
        _keep_built_in_scalars(schema, document)
    except SyntaxProblem as problem:
        report.invalid(f"{problem.message}.", problem.token)
    return SupergraphText(schema, report.source, report.problems)


def _keep_built_in_scalars(schema: Schema, document: Document) -> None:
    """A definition of `scalar String` means nothing, but a directive on it may be wrong."""
    for node in document.types:
        if node.name in BUILT_IN_SCALARS and node.kind is TypeKind.SCALAR:
            kept = schema.types.setdefault(node.name, ScalarType(node.name))
            kept.directives.extend(d for d in node.directives if d not in kept.directives)


class _Report(SubgraphReport):
    """A supergraph is no subgraph, so its problems are told with the place only."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.problems: list[TextProblem] = []

    def add(self, code: ErrorCode, message: str, *tokens: int, remedy: str | None = None) -> None:
        place = next(iter(self.places(*tokens)), None)
        self.problems.append(TextProblem(code, message, place))
        self.failures.append(CompositionFailure(code, message))

"""SDL to checked Subgraphs: parse, fold, link, and GraphQL's and federation's rules for each by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schema.language.parser import SyntaxProblem, parse_document
from schema.language.source import Source
from schema.link.link_schema import link_schema
from schema.model.build import build_schema
from schema.report.collect import SubgraphReport, failure
from schema.report.errors import CompositionFailure, ErrorCode, Location
from schema.report.hints import Hint
from schema.subgraph.roots import add_query_root, drop_federation_fields, rename_root_types
from schema.subgraph.states import Subgraph, SubgraphDefinition
from schema.validate import validate_federation, validate_graphql
from schema.validate.references import check_directive_definitions
from schema.validate.reserved_names import check_built_in_scalars

RESERVED_NAME = "_"


@dataclass(frozen=True, slots=True)
class Read:
    """All subgraphs, by name; everything wrong with any of them; what was noticed."""

    subgraphs: list[Subgraph]
    failures: list[CompositionFailure]
    hints: list[Hint]


def read_subgraphs(definitions: Sequence[SubgraphDefinition]) -> Read:
    """Reads and checks each subgraph by itself."""
    failures = _check_names(definitions)
    read: list[Subgraph] = []
    hints: list[Hint] = []
    for definition in sorted(definitions, key=lambda definition: definition.name):
        report = SubgraphReport(Source(definition.name, definition.sdl))
        subgraph = _read(definition, report)
        failures += report.failures
        hints += report.hints
        if subgraph is not None:
            read.append(subgraph)
    return Read(read, failures, hints)


def _check_names(definitions: Sequence[SubgraphDefinition]) -> list[CompositionFailure]:
    failures = []
    if not definitions:
        failures.append(failure(ErrorCode.NO_QUERIES, "There are no subgraphs to compose."))
    seen: set[str] = set()
    for definition in definitions:
        problem = None
        if definition.name == RESERVED_NAME:
            problem = f'"{RESERVED_NAME}" cannot be the name of a subgraph: it is reserved.'
        elif not definition.name:
            problem = "A subgraph has no name."
        elif definition.name in seen:
            problem = f'Two subgraphs are named "{definition.name}".'
        if problem is not None:
            start = Location(definition.name, 1, 1)
            failures.append(failure(ErrorCode.INVALID_SUBGRAPH_NAME, problem, (start,)))
        seen.add(definition.name)
    return failures


def _read(definition: SubgraphDefinition, report: SubgraphReport) -> Subgraph | None:
    """One subgraph through its stages; None when an early one fails."""
    try:
        document = parse_document(definition.sdl)
    except SyntaxProblem as problem:
        report.invalid(f"the schema cannot be read: {problem.message}.", problem.token)
        return None
    check_built_in_scalars(document, report)
    schema = build_schema(document, report)
    check_directive_definitions(schema, report)
    if report.failures:
        return None
    linked = link_schema(schema, report)
    if report.failures:
        return None
    if linked.version is None:
        drop_federation_fields(schema)
    subgraph = Subgraph(
        definition.name, definition.url, report.source, schema, linked.features, linked.version
    )
    if not validate_graphql(subgraph, report):
        return None
    rename_root_types(schema, report)
    add_query_root(schema)
    validate_federation(subgraph, report)
    return subgraph

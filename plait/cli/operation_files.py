"""A supergraph and an operation from files, for the commands that plan: `plait plan`, `plait debug`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from graphql import DocumentNode, extend_schema, parse

from plait.cli.failures import CANNOT_BE_READ, CommandFailed, Failure
from router.operation import Operation
from router.pipeline.parse import parse_document
from router.pipeline.validate import validate_document
from router.planner import QueryPlanner
from router.supergraph_file import read_supergraph
from schema import api_schema

F = TypeVar("F", bound=Callable[..., Any])

DEFER = parse(
    "directive @defer(label: String, if: Boolean! = true) on FRAGMENT_SPREAD | INLINE_FRAGMENT",
    no_location=True,
)
"""Plans may be deferred in parts whether or not the schema says so."""

FILE = click.Path(path_type=Path, dir_okay=False)


def supergraph_options(command: F) -> F:
    """--supergraph and --override-label."""
    for option in (
        click.option("--override-label", "labels", multiple=True, metavar="L", help="On; repeatable."),
        click.option("--supergraph", required=True, type=FILE, help="The supergraph SDL."),
    ):
        command = option(command)
    return command


def operation_options(command: F) -> F:
    """--operation, --operation-name and --variables."""
    for option in (
        click.option(
            "--variables", metavar="JSON", help="Decide @skip, @include and @defer by these values."
        ),
        click.option("--operation-name", metavar="N", help="Which operation of the document."),
        click.option("--operation", required=True, type=FILE, help="The GraphQL document."),
    ):
        command = option(command)
    return command


def read_planner(supergraph: Path) -> QueryPlanner:
    return QueryPlanner(read_supergraph(supergraph))


def read_operation(planner: QueryPlanner, path: Path, name: str | None, variables: str | None) -> Operation:
    """The operation, validated against the API schema and normalized. Raises what `told` tells."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise CommandFailed([Failure(CANNOT_BE_READ, f"{path}: cannot be read: {reason}")]) from error
    document = parse_document(text)
    _validate(planner, document)
    return planner.normalize(document, name, values=_values(variables))


def _validate(planner: QueryPlanner, document: DocumentNode) -> None:
    schema = api_schema(planner.supergraph)
    if schema.get_directive("defer") is None:
        schema = extend_schema(schema, DEFER)
    validate_document(schema, document, introspection=True)


def _values(variables: str | None) -> dict[str, object]:
    if variables is None:
        return {}
    try:
        values = json.loads(variables)
    except ValueError as error:
        raise click.BadParameter(f"--variables is not JSON: {error}") from error
    if not isinstance(values, dict):
        raise click.BadParameter("--variables must be a JSON object")
    return values

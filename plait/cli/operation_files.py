"""A supergraph and an operation from files, for the commands that plan: `plait plan`, `plait debug`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
from graphql import DocumentNode, extend_schema, parse

from router.errors import RouterError
from router.operation import Operation, OperationError
from router.pipeline.parse import parse_document
from router.pipeline.validate import validate_document
from router.planner import PlanningError, QueryPlanner
from router.supergraph_file import read_supergraph
from schema import CompositionError, api_schema
from schema.supergraph import SupergraphError

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


@contextmanager
def told(command: str) -> Iterator[None]:
    """What is wrong with the input goes to stderr with its code; the exit code is 1."""
    try:
        yield
    except (OperationError, PlanningError, SupergraphError, RouterError) as error:
        click.echo(f"plait {command}: {error.code}: {error}", err=True)
        sys.exit(1)
    except CompositionError as error:
        for failure in error.errors:
            click.echo(f"plait {command}: {failure.code}: {failure.message}", err=True)
        sys.exit(1)


def read_planner(supergraph: Path) -> QueryPlanner:
    return QueryPlanner(read_supergraph(supergraph))


def read_operation(planner: QueryPlanner, path: Path, name: str | None, variables: str | None) -> Operation:
    """The operation, validated against the API schema and normalized. Raises what `told` tells."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise OperationError(f"{path}: cannot be read: {error}") from error
    document = parse_document(text)
    _validate(planner, document)
    return planner.normalize(document, name, values=_values(variables))


def _validate(planner: QueryPlanner, document: DocumentNode) -> None:
    schema = api_schema(planner.supergraph.document)
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

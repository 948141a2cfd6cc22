"""`plait compose`: from supergraph.yaml to a supergraph.

The supergraph goes to stdout or --output, everything said about it to stderr. An --output file is replaced
at once and only by a supergraph that composed, so a router following the file never reads half of one.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

import click

from plait.cli.composition_report import Texts, as_json, error_lines, hint_line, summary
from plait.cli.failures import CommandFailed, Failure
from plait.cli.subgraph_sdl import IntrospectionFailed, fetch_sdl
from plait.cli.supergraph_config import (
    ConfigProblem,
    InvalidSupergraphConfig,
    SdlFile,
    SdlText,
    SdlUrl,
    SubgraphSource,
    read_supergraph_config,
)
from schema import (
    CompositionError,
    CompositionFailure,
    Contract,
    ErrorCode,
    Hint,
    HintLevel,
    SubgraphDefinition,
    compose,
)


@click.command(name="compose")
@click.option(
    "--config",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="supergraph.yaml, in Rover's format.",
)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write here.")
@click.option("--format", "form", type=click.Choice(["sdl", "json"]), default="sdl", show_default=True)
@click.option("--include-tag", multiple=True, metavar="TAG", help="A contract: only what has it; repeatable.")
@click.option(
    "--exclude-tag", multiple=True, metavar="TAG", help="A contract: nothing that has it; repeatable."
)
@click.option("--hide-unreachable-types", is_flag=True, help="A contract: no type that nothing leads to.")
def command(
    config: Path,
    output: Path | None,
    form: str,
    include_tag: tuple[str, ...],
    exclude_tag: tuple[str, ...],
    hide_unreachable_types: bool,
) -> None:
    """Compose subgraphs into a supergraph."""
    contract = None
    if include_tag or exclude_tag or hide_unreachable_types:
        contract = Contract(frozenset(include_tag), frozenset(exclude_tag), hide_unreachable_types)
    try:
        configured = read_supergraph_config(config, os.environ)
    except InvalidSupergraphConfig as error:
        _fail_on_config(config, error.problems, form)
    sources = configured.subgraphs
    definitions, failures = _definitions(sources)
    if failures:
        _fail(failures, [], definitions, sources, form)
    try:
        composition = compose(
            definitions, contract=contract, federation_version=configured.federation_version
        )
    except CompositionError as error:
        _fail(error.errors, error.hints, definitions, sources, form)
    if form == "json":
        document = {
            "supergraphSdl": composition.supergraph_sdl,
            "apiSchema": composition.api_schema_sdl,
            "hints": [as_json(hint) for hint in composition.hints],
        }
        _write(json.dumps(document, indent=2, ensure_ascii=False), output)
    else:
        _write(composition.supergraph_sdl, output)
        _say_hints(composition.hints)
        click.echo(summary(composition, len(definitions)), err=True)


def _definitions(
    sources: list[SubgraphSource],
) -> tuple[list[SubgraphDefinition], list[CompositionFailure]]:
    """The subgraphs with their SDL, and what kept others from being read."""
    definitions: list[SubgraphDefinition] = []
    failures: list[CompositionFailure] = []
    for source in sources:
        try:
            sdl = _sdl(source.schema)
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            path = source.schema.path if isinstance(source.schema, SdlFile) else ""
            message = f'The schema of subgraph "{source.name}", {path}, cannot be read: {reason}.'
            failures.append(CompositionFailure(ErrorCode.DOWNSTREAM_SERVICE_ERROR, message))
        except IntrospectionFailed as error:
            message = f'The schema of subgraph "{source.name}" cannot be fetched: {error}.'
            failures.append(CompositionFailure(ErrorCode.DOWNSTREAM_SERVICE_ERROR, message))
        else:
            definitions.append(SubgraphDefinition(source.name, source.routing_url, sdl))
    return definitions, failures


def _sdl(schema: SdlText | SdlFile | SdlUrl) -> str:
    match schema:
        case SdlText(text):
            return text
        case SdlFile(path):
            return path.read_text(encoding="utf-8")
        case SdlUrl(url, headers):
            return fetch_sdl(url, headers)


def _write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text)
        return
    temporary = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        temporary.write_text(f"{text}\n", encoding="utf-8")
        temporary.replace(output)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise CommandFailed(
            [Failure("FILE_CANNOT_BE_WRITTEN", f"{output} cannot be written: {error.strerror}")]
        ) from error


def _say_hints(hints: Iterable[Hint]) -> None:
    for hint in hints:
        if hint.level is not HintLevel.DEBUG:
            click.echo(hint_line(hint), err=True)


def _fail(
    failures: list[CompositionFailure],
    hints: list[Hint],
    definitions: list[SubgraphDefinition],
    sources: list[SubgraphSource],
    form: str,
) -> NoReturn:
    if form == "json":
        _print_json([as_json(failure) for failure in failures], [as_json(hint) for hint in hints])
    else:
        files = {
            source.name: str(source.schema.path) for source in sources if isinstance(source.schema, SdlFile)
        }
        texts = Texts({definition.name: definition.sdl for definition in definitions}, files)
        _say_hints(hints)
        for failure in failures:
            click.echo("\n".join(error_lines(failure, texts)) + "\n", err=True)
        count = len(failures)
        click.echo(f"The supergraph does not compose: {count} error{'s' if count != 1 else ''}.", err=True)
    sys.exit(1)


def _fail_on_config(path: Path, problems: list[ConfigProblem], form: str) -> NoReturn:
    if form == "json":
        _print_json(
            [{"code": "INVALID_CONFIG", "message": _at(path, p), "locations": []} for p in problems], []
        )
    else:
        for problem in problems:
            failure = Failure("INVALID_CONFIG", problem.message, str(path), problem.line or None)
            click.echo("\n".join(failure.lines()), err=True)
    sys.exit(1)


def _at(path: Path, problem: ConfigProblem) -> str:
    return f"{path}:{problem.line}: {problem.message}" if problem.line else f"{path}: {problem.message}"


def _print_json(errors: list[dict[str, object]], hints: list[dict[str, object]]) -> None:
    click.echo(json.dumps({"errors": errors, "hints": hints}, indent=2, ensure_ascii=False))

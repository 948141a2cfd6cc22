"""`plait compose`: from supergraph.yaml to a supergraph.

What is made goes to stdout or --output, everything said about it to stderr; `github` and `sarif` are reports
and go to stdout themselves, the supergraph then only to --output. An --output file is replaced at once and
only by a supergraph that composed, so a router following the file never reads half of one.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from plait.cli.composition.attempt import Attempt, attempt, named_files
from plait.cli.composition.differences import differences
from plait.cli.composition.findings import findings
from plait.cli.composition.github import github
from plait.cli.composition.json import composed_json, failed_json
from plait.cli.composition.sarif import sarif
from plait.cli.composition.text import failure_lines, hint_lines, summary
from plait.cli.failures import CommandFailed, Failure
from schema import Composition, Contract

FORMS = ("sdl", "json", "github", "sarif")
REPORTS = ("github", "sarif")


@click.command(name="compose")
@click.option(
    "--config",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="supergraph.yaml, in Rover's format.",
)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write here.")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMS),
    default="sdl",
    show_default=True,
    help="What stdout gets; github and sarif are reports, and the supergraph goes to --output alone.",
)
@click.option("--watch", is_flag=True, help="Compose again whenever a file changes; needs --output.")
@click.option("--include-tag", multiple=True, metavar="TAG", help="A contract: only what has it; repeatable.")
@click.option(
    "--exclude-tag", multiple=True, metavar="TAG", help="A contract: nothing that has it; repeatable."
)
@click.option("--hide-unreachable-types", is_flag=True, help="A contract: no type that nothing leads to.")
def command(
    config: Path,
    output: Path | None,
    form: str,
    watch: bool,
    include_tag: tuple[str, ...],
    exclude_tag: tuple[str, ...],
    hide_unreachable_types: bool,
) -> None:
    """Compose subgraphs into a supergraph."""
    contract = None
    if include_tag or exclude_tag or hide_unreachable_types:
        contract = Contract(frozenset(include_tag), frozenset(exclude_tag), hide_unreachable_types)
    if not watch:
        made = attempt(config, os.environ, contract)
        _tell(made, form, output)
        sys.exit(0 if made.composition is not None else 1)
    if output is None or form in REPORTS:
        raise click.UsageError(
            "--watch keeps a file up to date: it needs --output, and --format sdl or json."
        )
    from plait.cli.signals import until_signalled

    asyncio.run(until_signalled(lambda: _watch(config, output, form, contract)))


async def _watch(config: Path, output: Path, form: str, contract: Contract | None) -> None:
    """Until cancelled. The files are looked at before they are read: no change falls between."""
    from plait.cli.composition.watch import changed, stamps

    last: Composition | None = None
    files: list[Path] = []
    while True:
        before = stamps([config])
        files = named_files(config, os.environ) or files
        before |= stamps(files)
        made = await asyncio.to_thread(attempt, config, os.environ, contract)
        # People read what is wrong; the JSON is for the file.
        _tell(made, "sdl" if made.composition is None else form, output)
        _tell_change(last, made.composition, output)
        last = made.composition or last
        for file in await changed(before):
            click.echo(f"\n{file} changed.", err=True)


def _tell_change(last: Composition | None, new: Composition | None, output: Path) -> None:
    if new is None:
        kept = f"{output} stays as it was." if output.exists() else f"{output} is not written."
        click.echo(kept, err=True)
    elif last is not None:
        for line in differences(last.supergraph, new.supergraph):
            click.echo(f"  {line}", err=True)


def _tell(made: Attempt, form: str, output: Path | None) -> None:
    """Writes what was made, and says what was found where the form has it said."""
    composition = made.composition
    if form in REPORTS:
        found = findings(made, os.environ)
        click.echo(github(found) if form == "github" else sarif(found) + "\n", nl=False)
        if composition is not None and output is not None:
            _write(composition.supergraph_sdl, output)
    elif form == "json":
        document = failed_json(made) if composition is None else composed_json(composition)
        _write(document, None if composition is None else output)
    elif composition is not None:
        _write(composition.supergraph_sdl, output)
    if form != "json":
        for line in _said(made, form):
            click.echo(line, err=True)


def _said(made: Attempt, form: str) -> Iterator[str]:
    """What stderr gets: a report on stdout has all but the summary."""
    if form not in REPORTS:
        yield from hint_lines(made.hints)
        yield from failure_lines(made)
    yield from summary(made)


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

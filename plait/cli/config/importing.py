"""`plait config import`: another router's file as ours, and what became of each of its keys."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from plait.cli.failures import fail, told
from router.config.file import read_text
from router.config_import import DIALECTS, import_config
from router.config_import.report import HEADINGS, Imported, Remark


@click.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--from", "router", type=click.Choice(list(DIALECTS)), help="Found out when left out.")
@click.option("--output", type=click.Path(path_type=Path), help="Written there instead of to stdout.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json: configuration and remarks together on stdout.",
)
def import_command(file: Path, router: str | None, output: Path | None, form: str) -> None:
    """Read Apollo Router's, Cosmo Router's or Hive Router's FILE and write the same for this router.

    What could not be carried over, differs or is the default already is told on stderr.
    """
    with told():
        imported = import_config(read_text(file), router, os.environ)
    if output is not None:
        _write(output, imported)
    if form == "json":
        click.echo(json.dumps(imported.to_json(), indent=2, ensure_ascii=False))
        return
    if output is None:
        click.echo(imported.to_yaml(), nl=False)
    _tell(file, imported)


def _write(output: Path, imported: Imported) -> None:
    try:
        output.write_text(imported.to_yaml(), encoding="utf-8")
    except OSError as error:
        fail("FILE_CANNOT_BE_WRITTEN", f"{output}: cannot be written: {error.strerror}")


def _lines(remarks: list[Remark]) -> list[str]:
    """One line for all that have the same reason; the reason last."""
    keys: dict[str, list[str]] = {}
    for remark in remarks:
        keys.setdefault(remark.reason, []).append(f"{remark.key} → {remark.to}" if remark.to else remark.key)
    return [", ".join(found) + (f": {reason}" if reason else "") for reason, found in keys.items()]


def _tell(file: Path, imported: Imported) -> None:
    click.echo(f"{file}: {imported.router}, {len(imported.carried)} settings carried over", err=True)
    for kind, heading in HEADINGS.items():
        remarks = imported.of(kind)
        if remarks:
            click.echo(f"\n{heading}:", err=True)
        for line in _lines(remarks):
            click.echo(f"  {line}", err=True)
    if imported.faults:
        click.echo("\nBefore it is valid:", err=True)
        for fault in imported.faults:
            click.echo(f"  {fault}", err=True)

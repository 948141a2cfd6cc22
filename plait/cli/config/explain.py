"""`plait config explain`: a setting's type, unit, default, origin, example; the sections without a key."""

from __future__ import annotations

import json
import os
import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from plait.cli.failures import told
from router.config.explain import Explanation, explain
from router.config.settings import ROOT

WIDTH = 100


@click.command(name="explain")
@click.argument("key", required=False)
@click.option("--config", "file", type=click.Path(path_type=Path), help="Say what this file makes of it.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def explain_command(key: str | None, file: Path | None, form: str) -> None:
    """What a setting is: KEY is one like subgraphs.by_name.users.url. Without KEY, the sections."""
    with told():
        if key is None:
            _sections(form)
            return
        found = explain(key, file=file, environment=os.environ)
    if form == "json":
        click.echo(json.dumps(asdict(found), indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(lines(found)))


def _sections(form: str) -> None:
    sections = [(child.key, [beneath.key for beneath in child.children()]) for child in ROOT.children()]
    if form == "json":
        click.echo(json.dumps(dict(sections), indent=2))
        return
    width = max(len(key) for key, _ in sections) + 2
    for key, beneath in sections:
        names = ", ".join(name.removeprefix(f"{key}.") for name in beneath)
        click.echo(textwrap.fill(f"{key:<{width}}{names}", WIDTH, subsequent_indent=" " * width))
    click.echo("\nplait config explain KEY says more of one, like server or server.listen.")


def lines(found: Explanation) -> Iterator[str]:
    yield click.style(found.key, bold=True)
    if found.description:
        yield f"  {found.description}"
    yield ""
    yield from (f"  {name:<9}{text}" for name, text in _facts(found))
    if found.keys:
        yield ""
        width = max(len(key) for key, _ in found.keys) + 2
        yield from (f"  {key:<{width}}{description}".rstrip() for key, description in found.keys)
    if found.example:
        yield ""
        yield "  example"
        yield textwrap.indent(found.example.rstrip(), "    ")


def _facts(found: Explanation) -> Iterator[tuple[str, str]]:
    yield "type", found.type
    if found.unit:
        yield "unit", found.unit
    if found.required:
        yield "default", "none: it has to be given"
    elif found.default is not None:
        yield "default", found.default
    if found.needs_restart:
        yield "applied", "at the next start"
    for origin in found.origins:
        said = "" if origin.written is None else f"{origin.written}  "
        yield (
            "here",
            f"{said}({origin.source})"
            if found.key == origin.place
            else (
                f"{origin.place} = {said}({origin.source})" if said else f"{origin.place} ({origin.source})"
            ),
        )

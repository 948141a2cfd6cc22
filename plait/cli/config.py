"""`plait config`: the router's configuration, as a schema and checked."""

from __future__ import annotations

import json
from pathlib import Path

import click

from plait.cli.failures import told
from router.config.file import config_schema, load_config


@click.group(name="config")
def command() -> None:
    """The router's configuration."""


@command.command()
def schema() -> None:
    """Print the JSON schema of the configuration, for editors and checks."""
    click.echo(json.dumps(config_schema(), indent=2))


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
def validate(file: Path) -> None:
    """Check a configuration FILE; exit 1 and say what is wrong, where and what was meant."""
    with told():
        load_config(file)
    click.echo(f"{file}: valid")

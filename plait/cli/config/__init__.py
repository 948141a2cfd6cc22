"""`plait config`: the router's configuration as a schema, checked, explained, imported from other routers."""

from __future__ import annotations

import json
from pathlib import Path

import click

from plait.cli.config.explain import explain_command
from plait.cli.config.importing import import_command
from plait.cli.failures import told
from router.config.file import load_config
from router.config.schema import config_schema


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


command.add_command(explain_command)
command.add_command(import_command)

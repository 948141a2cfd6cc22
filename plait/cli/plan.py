"""`plait plan`: the query plan of an operation, without running it."""

from __future__ import annotations

import json
from pathlib import Path

import click

from plait.cli.failures import told
from plait.cli.operation_files import operation_options, read_operation, read_planner, supergraph_options


@click.command(name="plan")
@supergraph_options
@operation_options
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "mermaid"]), default="text", show_default=True
)
def command(
    supergraph: Path,
    labels: tuple[str, ...],
    operation: Path,
    operation_name: str | None,
    variables: str | None,
    form: str,
) -> None:
    """Print the query plan of an operation."""
    with told(operation):
        planner = read_planner(supergraph)
        selected = read_operation(planner, operation, operation_name, variables)
        plan = planner.plan_operation(selected, frozenset(labels))
    if form == "json":
        click.echo(json.dumps(plan.to_json(), indent=2))
    else:
        click.echo(plan.to_text() if form == "text" else plan.to_mermaid())

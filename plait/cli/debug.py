"""`plait debug`: every intermediate form of the planner, printed. docs/planning.md says how to read them."""

from __future__ import annotations

from pathlib import Path

import click

from plait.cli.failures import told
from plait.cli.operation_files import operation_options, read_operation, read_planner, supergraph_options
from router.operation import print_operation
from router.planner.fetch_graph.print import print_fetch_graph
from router.planner.search.trace import TracingSearch
from schema.graph import print_graph


@click.group(name="debug")
def command() -> None:
    """Print what the planner makes on its way to a plan."""


@command.command()
@supergraph_options
def graph(supergraph: Path, labels: tuple[str, ...]) -> None:
    """The query graph: every type in every subgraph, with its edges."""
    with told():
        planner = read_planner(supergraph)
        click.echo(print_graph(planner.facts(frozenset(labels)).graph))


@command.command()
@supergraph_options
@operation_options
def normalize(
    supergraph: Path,
    labels: tuple[str, ...],
    operation: Path,
    operation_name: str | None,
    variables: str | None,
) -> None:
    """The operation as it is planned: fragments expanded, fields merged."""
    del labels  # the same for every set of labels; taken so that the four commands can be called alike
    with told(operation):
        planner = read_planner(supergraph)
        click.echo(print_operation(read_operation(planner, operation, operation_name, variables)))


@command.command()
@supergraph_options
@operation_options
def paths(
    supergraph: Path,
    labels: tuple[str, ...],
    operation: Path,
    operation_name: str | None,
    variables: str | None,
) -> None:
    """The search: for each field, which subgraphs could answer it and at what cost."""
    with told(operation):
        planner = read_planner(supergraph)
        selected = read_operation(planner, operation, operation_name, variables)
        planner.search = lambda facts, footprints: TracingSearch(facts, footprints, click.echo)
        planner.plan_operation(selected, frozenset(labels))


@command.command("fetch-graph")
@supergraph_options
@operation_options
def fetch_graph(
    supergraph: Path,
    labels: tuple[str, ...],
    operation: Path,
    operation_name: str | None,
    variables: str | None,
) -> None:
    """The requests of the plan: what each waits for, needs and asks."""
    with told(operation):
        planner = read_planner(supergraph)
        selected = read_operation(planner, operation, operation_name, variables)
        facts = planner.facts(frozenset(labels))
        click.echo(print_fetch_graph(planner.fetch_graph(selected, facts), facts.graph.names))


@command.command()
@supergraph_options
@operation_options
def plan(
    supergraph: Path,
    labels: tuple[str, ...],
    operation: Path,
    operation_name: str | None,
    variables: str | None,
) -> None:
    """The plan, as `plait plan` prints it."""
    with told(operation):
        planner = read_planner(supergraph)
        selected = read_operation(planner, operation, operation_name, variables)
        click.echo(planner.plan_operation(selected, frozenset(labels)).to_text())

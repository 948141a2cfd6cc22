"""`plait operations`: what frontends and partners may ask by id: publish, list, compare, revoke."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec

from plait.cli.failures import CommandFailed, Failure, told
from plait.cli.operations_usage import command as usage
from router.persisted.check import Fault, OperationCheck
from router.persisted.manifest import PersistedOperation, read_operations
from router.persisted.publication import Difference
from router.persisted.store import OperationStore
from router.planner import QueryPlanner
from router.supergraph_file import read_supergraph

F = TypeVar("F", bound=Callable[..., Any])
PATH = click.Path(path_type=Path)
SHORT_ID = 12


def store_options(command: F) -> F:
    """--store and --list."""
    for option in (
        click.option(
            "--list", "name", default="default", show_default=True, help="Which frontend's or partner's."
        ),
        click.option(
            "--store",
            required=True,
            envvar="PLAIT_OPERATIONS",
            type=PATH,
            help="The folder published to, which routers name as a source. $PLAIT_OPERATIONS.",
        ),
    ):
        command = option(command)
    return command


@click.group(name="operations")
def command() -> None:
    """Published operations, which clients ask for by id, and what operations use."""


command.add_command(usage)


@command.command()
@click.argument("manifest", type=PATH)
@click.option("--supergraph", required=True, type=PATH, help="What the operations have to fit.")
@store_options
def publish(manifest: Path, supergraph: Path, store: Path, name: str) -> None:
    """Publish the operations of MANIFEST: Apollo's, a Relay map, codegen's output, a folder of .graphql.

    All of them or none; each is validated and planned against the supergraph first.
    """
    with told():
        operations = read_operations(manifest)
        _refuse(OperationCheck(QueryPlanner(read_supergraph(supergraph))).faults(operations), manifest)
        done = OperationStore(store).publish(name, operations)
    click.echo(
        f"{name}: {len(done.new)} new, {len(done.known)} known before, {len(done.missing)} others stay"
    )


def _refuse(faults: Any, manifest: Path) -> None:
    failures = [_failure(fault, manifest) for fault in faults]
    if failures:
        raise CommandFailed(failures)


def _failure(fault: Fault, manifest: Path) -> Failure:
    what = fault.operation.name or fault.operation.id[:SHORT_ID]
    return Failure(fault.code, f"{what}: {fault.message}", f"{manifest} ({what})", fault.line, fault.column)


@command.command()
@click.argument("manifest", type=PATH)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@store_options
def diff(manifest: Path, form: str, store: Path, name: str) -> None:
    """Show what publishing MANIFEST would change. Exit 1 when it cannot be published."""
    with told():
        difference = OperationStore(store).difference(name, read_operations(manifest))
    click.echo(_json(difference) if form == "json" else _text(difference), nl=False)
    if difference.changed:
        raise CommandFailed(
            Failure("INVALID_OPERATION_MANIFEST", f"{each.name or each.id}: published with another text")
            for each in difference.changed
        )


def _text(difference: Difference) -> str:
    marks = {"+": difference.new, "!": difference.changed, "-": difference.missing}
    lines = [f"{mark} {_line(each)}\n" for mark, all_ in marks.items() for each in all_]
    return "".join(lines) or "nothing would change\n"


def _json(difference: Difference) -> str:
    return json.dumps(msgspec.to_builtins(difference), indent=2) + "\n"


def _line(operation: PersistedOperation) -> str:
    client = f"  for {operation.client_name}" if operation.client_name else ""
    return f"{operation.id}  {operation.name or '(unnamed)'}{client}"


@command.command(name="list")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--store", required=True, envvar="PLAIT_OPERATIONS", type=PATH, help="The folder published to.")
def list_(form: str, store: Path) -> None:
    """Show what is published, list by list."""
    with told():
        lists = OperationStore(store).lists()
    if form == "json":
        click.echo(json.dumps(msgspec.to_builtins(lists), indent=2))
        return
    for name, operations in lists.items():
        click.echo(f"{name}: {len(operations)}")
        for each in operations:
            click.echo(f"  {_line(each)}")


@command.command()
@click.argument("ids", nargs=-1, required=True)
@store_options
def revoke(ids: Sequence[str], store: Path, name: str) -> None:
    """Take operations out of a list, by their IDS; routers refuse them from then on."""
    with told():
        revoked = OperationStore(store).revoke(name, set(ids))
    for each in revoked:
        click.echo(f"revoked {_line(each)}")

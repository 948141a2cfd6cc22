"""`plait partner`: who calls with a key of their own, what they may run, and what they did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from msgspec.structs import replace

from plait.cli.failures import CommandFailed, Failure, told
from plait.cli.partner_options import (
    Agreed,
    agreement_options,
    opened,
    store_option,
    supergraph_option,
    supergraph_text,
)
from plait.cli.partner_told import as_json, key_state, partner_json, partner_lines, usage_lines
from plait.cli.partner_values import duration
from router.partners.changes import (
    added,
    changed,
    existing,
    expiring,
    published,
    revoked,
    rotated,
    unpublished,
)
from router.partners.check import ContractCheck, require_known_tags
from router.partners.key import hash_of, new_key
from router.partners.partner import Limits, Partner, PartnerContract, PartnerKey
from router.partners.store import KEPT_DAYS
from router.persisted.check import Fault
from router.persisted.manifest import PersistedOperation, read_operations
from router.planner import QueryPlanner

FORMAT = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
KEY = click.option("--key", "key_id", metavar="ID", help="One key, by its id in the list; else all.")


@click.group(name="partner")
def command() -> None:
    """Partners: keys, operations, contracts, limits, use."""


@command.command()
@click.argument("name")
@click.option("--expires-in", type=duration, help="How long the key is good, like 90d.")
@agreement_options
@supergraph_option
@store_option
def add(
    name: str, expires_in: timedelta | None, supergraph: Path | None, location: str, **agreed: Any
) -> None:
    """Add the partner NAME. Its key is printed, once; only its hash is kept."""
    terms, now = Agreed(**agreed), datetime.now(UTC)
    key = new_key()
    kept = PartnerKey(hash=hash_of(key), created=now, expires=now + expires_in if expires_in else None)
    with told():
        if terms.names_contract:
            _require_contract(terms.contract(), (), supergraph, name)
        change = added(name, kept, terms.contract(), terms.limits(Limits()), terms.origins_of(()))
        opened(location).change(name, change)
    _show(name, key, kept, now)


@command.command()
@click.argument("name")
@click.option(
    "--overlap",
    type=duration,
    default="7d",
    show_default=True,
    help="How long the keys before stay good; 0s ends them now.",
)
@store_option
def rotate(name: str, overlap: timedelta, location: str) -> None:
    """Give NAME a new key, printed once, and let those before expire."""
    key, now = new_key(), datetime.now(UTC)
    kept = PartnerKey(hash=hash_of(key), created=now)
    with told():
        opened(location).change(name, rotated(name, kept, now + overlap))
    _show(name, key, kept, now)


@command.command()
@click.argument("name")
@click.option("--in", "after", type=duration, help="From now, like 30d; without it: for good again.")
@KEY
@store_option
def expire(name: str, after: timedelta | None, key_id: str | None, location: str) -> None:
    """Set how long the keys of NAME are good."""
    now = datetime.now(UTC)
    with told():
        at = now + after if after is not None else None
        partner = opened(location).change(name, expiring(name, at, now, key_id))
    _tell(partner, now)


@command.command()
@click.argument("name")
@KEY
@store_option
def revoke(name: str, key_id: str | None, location: str) -> None:
    """End the keys of NAME now; routers refuse them within seconds."""
    now = datetime.now(UTC)
    with told():
        partner = opened(location).change(name, revoked(name, now, key_id))
    _tell(partner, now)


@command.command(name="set")
@click.argument("name")
@click.option("--show-everything", is_flag=True, help="No contract: all that clients see.")
@agreement_options
@supergraph_option
@store_option
def set_(name: str, show_everything: bool, supergraph: Path | None, location: str, **agreed: Any) -> None:
    """Change what is agreed with NAME; what is not given stays, `none` takes a limit away.

    A contract is given as a whole. Where operations are published they have to fit the new one.
    """
    terms, now = Agreed(**agreed), datetime.now(UTC)
    if show_everything and terms.names_contract:
        raise click.UsageError("--show-everything is no contract: leave it, or the tags, out.")

    def change(before: Partner) -> Partner:
        after = terms.of(before)
        if not (show_everything or terms.names_contract):
            return after
        after = replace(after, contract=terms.contract())
        if terms.names_contract:
            _require_contract(after.contract, after.operations, supergraph, name)
        return after

    with told():
        partner = opened(location).change(name, changed(name, change))
    _tell(partner, now)


@command.command()
@click.argument("name")
@click.argument("manifest", type=click.Path(path_type=Path))
@supergraph_option
@store_option
def publish(name: str, manifest: Path, supergraph: Path | None, location: str) -> None:
    """Publish the operations of MANIFEST for NAME: Apollo's, a Relay map, a file or folder of .graphql.

    All of them or none; each is validated and planned, and may ask for nothing that NAME's contract hides.
    """
    new = 0

    def change(before: Partner | None) -> Partner:
        nonlocal new
        partner = existing(before, name)
        _require_fit(ContractCheck(planner, partner.contract), operations, str(manifest))
        after = published(name, operations)(partner)
        new = len(after.operations) - len(partner.operations)
        return after

    with told():
        operations = [replace(each, client_name=None) for each in read_operations(manifest)]
        planner = QueryPlanner(supergraph_text(supergraph))
        after = opened(location).change(name, change)
    click.echo(f"{name}: {new} new, {len(after.operations)} in all", err=True)
    for each in operations:
        click.echo(f"{each.id}  {each.name or '(unnamed)'}")


@command.command()
@click.argument("name")
@click.argument("ids", nargs=-1, required=True)
@store_option
def unpublish(name: str, ids: Sequence[str], location: str) -> None:
    """Take operations away from NAME, by their IDS."""
    with told():
        partner = opened(location).change(name, unpublished(name, set(ids)))
    click.echo(f"{name}: {len(partner.operations)} left")


@command.command(name="list")
@FORMAT
@store_option
def list_(form: str, location: str) -> None:
    """Show the partners: their keys by id, contracts and limits."""
    now = datetime.now(UTC)
    with told():
        partners = opened(location).read()
    if form == "json":
        click.echo(as_json([partner_json(partner, now) for partner in partners.values()]))
        return
    for partner in partners.values():
        _tell(partner, now)
    if not partners:
        click.echo("no partners yet: plait partner add NAME", err=True)


@command.command()
@click.argument("name")
@click.option("--days", type=click.IntRange(1, KEPT_DAYS), default=7, show_default=True)
@FORMAT
@store_option
def usage(name: str, days: int, form: str, location: str) -> None:
    """Show what NAME did, day by day (UTC): operations, their cost, errors by code."""
    with told():
        store = opened(location)
        partner = existing(store.read().get(name), name)
        found = store.use(name, days)
    if form == "json":
        click.echo(as_json(found))
        return
    for line in usage_lines(found, partner.operations):
        click.echo(line)
    if not found:
        click.echo(f"{name} has not called yet", err=True)


def _require_contract(
    contract: PartnerContract, operations: Sequence[PersistedOperation], supergraph: Path | None, place: str
) -> None:
    planner = QueryPlanner(supergraph_text(supergraph))
    require_known_tags(planner.supergraph.schema, contract)
    _require_fit(ContractCheck(planner, contract), operations, place)


def _require_fit(check: ContractCheck, operations: Sequence[PersistedOperation], place: str) -> None:
    failures = [_failure(fault, place) for fault in check.faults(operations)]
    if failures:
        raise CommandFailed(failures)


def _failure(fault: Fault, place: str) -> Failure:
    what = fault.operation.name or fault.operation.id[:12]
    return Failure(fault.code, f"{what}: {fault.message}", f"{place} ({what})", fault.line, fault.column)


def _show(name: str, key: str, kept: PartnerKey, now: datetime) -> None:
    """The key alone on standard output, so that a script can keep it."""
    click.echo(f"{name}: key {kept.id}, {key_state(kept, now)}. It is shown this once:", err=True)
    click.echo(key)


def _tell(partner: Partner, now: datetime) -> None:
    for line in partner_lines(partner, now):
        click.echo(line)

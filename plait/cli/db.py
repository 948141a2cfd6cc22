"""`plait db`: migrations, one history per domain."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import click

from plait.cli.domains import DomainName, chosen, progress, run

if TYPE_CHECKING:
    from db.config import DomainStore

domains_argument = click.argument("domains", nargs=-1, type=DomainName(), metavar="[DOMAIN]...")


@click.group()
def command() -> None:
    """Migrations, one history per domain. Without DOMAIN: all of them."""


@command.command()
@domains_argument
@click.option("--to", "revision", default="head", show_default=True, help="The revision to stop at.")
def upgrade(domains: tuple[str, ...], revision: str) -> None:
    """Bring schemas up to date. An interrupted run leaves nothing half-done; the next one goes on."""
    from db import migrate

    _for_each(domains, lambda store: migrate.upgrade(store, revision, progress=progress))


@command.command()
@domains_argument
@click.option(
    "--to", "revision", default="-1", show_default=True, help="The revision to go back to; base: the start."
)
def downgrade(domains: tuple[str, ...], revision: str) -> None:
    """Take back the last revision, or all after --to. Data in what it drops is lost."""
    from db import migrate

    _for_each(domains, lambda store: migrate.downgrade(store, revision, progress=progress))


@command.command()
@domains_argument
def current(domains: tuple[str, ...]) -> None:
    """Where each schema is: DOMAIN REVISION (head|behind|empty)."""
    from db import migrate
    from db.histories import newest

    async def show(store: DomainStore) -> None:
        at = await migrate.current(store)
        state = "empty" if at is None else "head" if at == newest(store.domain) else "behind"
        click.echo(f"{store.domain} {at or '-'} ({state})")

    _for_each(domains, show)


@command.command()
@click.argument("domain", type=DomainName())
def sql(domain: str) -> None:
    """Print all that DOMAIN's migrations make as one SQL file, for psql: roles, schema, extensions, tables.
    No server is needed.
    """
    from db.script import consolidated_sql

    click.echo(consolidated_sql(domain), nl=False)


@command.command()
@click.argument("domain", type=DomainName())
@click.option("-m", "--message", required=True, help="What it does, as a short sentence.")
@click.option(
    "--autogenerate",
    is_flag=True,
    help="With what the models' tables and columns have and the schema has not.",
)
def revision(domain: str, message: str, autogenerate: bool) -> None:
    """Write a new revision of DOMAIN: empty, or drafted from its models. Read it before you keep it: indexes,
    constraints, policies and what to do with rows are written by hand.
    """
    from db import migrate

    if not autogenerate:
        click.echo(migrate.new_revision(domain, message))
        return
    _for_each((domain,), lambda store: _draft(store, message))


async def _draft(store: DomainStore, message: str) -> None:
    from db.draft import draft_revision
    from db.migrate import new_revision
    from db.migrations.messaging import NAMES
    from subgraphs.registry import metadata_of

    draft = await draft_revision(store, metadata_of(store.domain), without=NAMES)
    if not draft.up:
        progress(f"{store.domain}: the schema is as the models say; no revision was written")
        return
    path = new_revision(store.domain, message, up=draft.up, down=draft.down, takes_away=draft.takes_away)
    click.echo(path)


def _for_each(domains: tuple[str, ...], work: Callable[[DomainStore], Awaitable[None]]) -> None:
    from db.stores import open_stores
    from plait.cli.settings import Settings

    async def all_of_them() -> None:
        names = chosen(domains)
        async with open_stores(Settings.from_environment().stores, names, progress=progress) as stores:
            for name in names:
                await work(stores[name])

    run(all_of_them)

"""`plait seed`: a small believable world, the same each time."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from plait.cli.domains import progress, run

if TYPE_CHECKING:
    from db.config import DomainStore
    from subgraphs.users.demo import DemoLogin

COUNTED = {"users": "users", "posts": "posts", "catalog": "artists", "events": "events"}


@click.command()
@click.option("--size", type=click.Choice(["small", "large"]), default="small", show_default=True)
def command(size: str) -> None:
    """Demo data: small has 30 users, 200 posts, 12 artists, 40 events; large twenty times that. What is there
    stays.
    """
    from db.migrate import upgrade
    from db.stores import open_stores
    from plait.cli.settings import Settings
    from subgraphs.registry import USES

    async def work() -> None:
        settings = Settings.from_environment()
        async with open_stores(settings.stores, settings.domains, uses=USES, progress=progress) as stores:
            for domain in settings.domains:
                await upgrade(stores[domain], progress=progress)
            await seed(stores, size)
        for login in demo_logins():
            click.echo(f"{login.username} {login.password}  ({login.about})")

    run(work)


async def seed(stores: Mapping[str, DomainStore], size: str = "small") -> Mapping[str, int]:
    """Add what is missing of the demo world, each domain's part through its own role; how many rows were
    new.
    """
    from db.postgres import connect
    from subgraphs.kit.demo import SIZES

    added = {}
    for domain, store in stores.items():
        database = connect(store)
        try:
            added[domain] = await importlib.import_module(f"subgraphs.{domain}.demo").seed(
                database, SIZES[size]
            )
        finally:
            await database.close()
        progress(f"{domain}: {added[domain]} new demo {COUNTED[domain]}")
    return added


def demo_logins() -> tuple[DemoLogin, ...]:
    """Accounts to try, for showing beside the URLs."""
    from subgraphs.users import demo

    return demo.demo_logins()

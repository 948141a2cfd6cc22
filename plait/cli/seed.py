"""`plait seed`: a believable world that is seen from today, and stays as it is once it is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from plait.cli.counting import counting
from plait.cli.demo_pictures import keep_pictures, picture_store
from plait.cli.demo_sounds import keep_tunes
from plait.cli.domains import progress, run

if TYPE_CHECKING:
    from db.config import DomainStore, S3Location
    from subgraphs.kit.demo import World
    from subgraphs.users.demo import DemoLogin

SHOWN_BY_OTHERS = "media"
"""Filled first: services that run already would take what shows an unknown upload away."""
COUNTED = {
    "catalog": "artists",
    "calendar": "lessons",
    "interactions": "comments",
    "feed": "timelines",
    "tickets": "ticket types",
    "processing": "tunes",
    "streaming": "plays",
}
"""What a domain's rows are called, where it is not the domain's name."""


@click.command()
@click.option("--size", type=click.Choice(["small", "large"]), default="small", show_default=True)
def command(size: str) -> None:
    """Demo data: small has 30 users, 200 posts, 12 artists, 40 events; large has 100,000 users with 1,000,000
    follows, 300,000 posts, 2,000 artists, 20,000 events. What is there stays.
    """
    from db.migrate import upgrade
    from db.stores import open_stores
    from plait.cli.settings import Settings
    from subgraphs.registry import USES

    async def work() -> None:
        settings = Settings.from_environment()
        async with (
            picture_store(settings) as pictures,
            open_stores(settings.stores, settings.domains, uses=USES, progress=progress) as stores,
        ):
            for domain in settings.domains:
                await upgrade(stores[domain], progress=progress)
            await seed(stores, size, pictures=await pictures.location())
        for login in demo_logins():
            click.echo(f"{login.username:<16}  {login.password}   {login.about}")

    run(work)


async def seed(
    stores: Mapping[str, DomainStore],
    size: str = "small",
    *,
    now: datetime | None = None,
    pictures: S3Location | None = None,
) -> Mapping[str, int]:
    """Add what is missing of the demo world, each domain's part through its own role, and the pictures if
    there is a store for them; how many rows were new. The world is seen from `now`, last midnight unless
    given.
    """
    from subgraphs.kit.demo import SIZES, World, today
    from subgraphs.kit.demo.pictures.book import PictureBook
    from subgraphs.registry import demo_of

    book = None if pictures is None else PictureBook()
    world = World(SIZES[size], now or today(), book)
    demos = {domain: demo_of(domain) for domain in stores}
    added = {}
    with counting("demo data", sum(demo.planned(world.size) for demo in demos.values())) as told:
        for domain in sorted(stores, key=lambda each: each != SHOWN_BY_OTHERS):
            added[domain] = await _fill(demos[domain], stores[domain], world, told)
    if pictures is not None and book is not None and book.used:
        await _keep(pictures, book.used)
    if pictures is not None and "processing" in stores:
        await _keep_tunes(pictures, world)
    for domain, rows in added.items():
        kind = COUNTED.get(domain, domain)
        progress(
            f"{domain}: {rows:,} new demo {kind}" if rows else f"{domain}: no new demo {kind}, all there"
        )
    return added


async def _keep(pictures: S3Location, used: Any) -> None:
    """A store that is away takes nothing else with it: the rows are there, and `plait seed` draws what is
    missing.
    """
    from db.errors import StoreUnavailable

    try:
        new = await keep_pictures(pictures, used)
    except StoreUnavailable as error:
        progress(f"pictures: left out, {error}; `plait seed` adds them when the store is back")
    else:
        progress(f"pictures: {new:,} new, {len(used):,} in all")


async def _keep_tunes(location: S3Location, world: World) -> None:
    from db.errors import StoreUnavailable

    try:
        new = await keep_tunes(location, world.size)
    except StoreUnavailable as error:
        progress(f"tunes: left out, {error}; `plait seed` adds them when the store is back")
    else:
        progress(f"tunes: {new:,} new; the worker makes sound of them")


async def _fill(demo: Any, store: DomainStore, world: World, told: Callable[[int], None]) -> int:
    from db.postgres import connect

    database = connect(store)
    try:
        added: int = await demo.seed(database, world, told)
        return added
    finally:
        await database.close()


def demo_logins() -> tuple[DemoLogin, ...]:
    """Accounts to try, for showing beside the URLs."""
    from subgraphs.users import demo

    return demo.demo_logins()

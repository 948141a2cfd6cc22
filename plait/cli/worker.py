"""`plait worker`: the relays, consumers and jobs of the domains, in a process of their own."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import click

from plait.cli.domains import DomainName, chosen, progress, run
from plait.cli.peers import http_peers
from plait.cli.quiet_log import log_to_stderr
from plait.cli.serving import listen_at
from plait.cli.signals import still_wanted
from plait.cli.subgraph_telemetry import watched_work
from plait.cli.together import LeftTogether
from plait.cli.usable import Usable


@click.command()
@click.argument("domains", nargs=-1, type=DomainName(), metavar="[DOMAIN]...")
def command(domains: tuple[str, ...]) -> None:
    """Relay messages, hear them, run jobs. Without DOMAIN: for all of them. Several may run: one at a time
    works for a domain, the others stand by. Ctrl-C stops it; what was not finished is done by the next.
    """
    from db.migrate import upgrade
    from db.stores import open_stores
    from plait.cli.settings import Settings
    from subgraphs.registry import USES, work_for

    names = chosen(domains)

    async def work() -> None:
        settings = Settings.from_environment()
        metrics = listen_at(settings.metrics) if settings.metrics is not None else None
        log_to_stderr()
        async with AsyncExitStack() as stack:
            stores = await stack.enter_async_context(
                open_stores(settings.stores, names, uses=USES, progress=progress)
            )
            peers = await stack.enter_async_context(http_peers(settings))
            watch = await stack.enter_async_context(watched_work(metrics, settings))
            works = await stack.enter_async_context(LeftTogether())
            for name, store in stores.items():
                still_wanted()
                if settings.stores.urls(name) is None:
                    await upgrade(store, progress=progress)
                usable = Usable(store)
                await usable.look()
                await usable.wait()
                config = settings.subgraph_config(name, peers)
                has_any = await works.enter(work_for(name, config, store, watch))
                progress(f"{name}: {'working' if has_any else 'has nothing to do'}")
            click.echo("Ready.")
            still_wanted()
            await asyncio.Event().wait()

    run(work, serves=True)

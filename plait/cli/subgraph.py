"""`plait subgraph`: one subgraph over its own store."""

from __future__ import annotations

from dataclasses import replace

import click

from plait.cli.domains import DomainName, progress, run
from plait.cli.peers import http_peers
from plait.cli.quiet_log import log_to_stderr
from plait.cli.serving import listen, listen_at, serve
from plait.cli.subgraph_telemetry import watched
from plait.cli.usable import Usable
from router.http.server import address_of
from subgraphs.registry import DOMAINS


@click.command()
@click.argument("name", type=DomainName())
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Default: 4001 for users, then one up; 0: any free port."
)
@click.option("--host", default="127.0.0.1", show_default=True)
def command(name: str, port: int | None, host: str) -> None:
    """One subgraph over its own store: the configured PostgreSQL, else the embedded one, brought up to
    date. A configured store that is away is waited for; until it is there, /health/ready says 503.
    """
    from db.migrate import upgrade
    from db.stores import open_stores
    from plait.cli.settings import FIRST_PORT, Settings
    from subgraphs.registry import USES, build_domain

    listener = listen(host, FIRST_PORT + DOMAINS.index(name) if port is None else port)

    async def work() -> None:
        settings = Settings.from_environment()
        metrics = listen_at(settings.metrics) if settings.metrics is not None else None
        log_to_stderr()
        async with open_stores(settings.stores, [name], uses=USES, progress=progress) as stores:
            if settings.stores.urls(name) is None:
                await upgrade(stores[name], progress=progress)
            store = Usable(stores[name])
            await store.look()
            async with (
                http_peers(settings) as peers,
                build_domain(name, settings.subgraph_config(name, peers), stores[name]) as subgraph,
            ):
                waiting = replace(subgraph, ready=store.and_then(subgraph.ready))
                url = f"http://{address_of(listener)}/graphql"
                async with watched(waiting, stores[name], metrics, settings) as seen:
                    await store.beside(serve(seen.asgi, listener, f"{name}: {url}"))

    with listener:
        run(work, serves=True)

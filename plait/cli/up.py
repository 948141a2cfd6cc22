"""`plait up`: everything in one process tree, on one port.

lock ── port ── stores ── migrate ── seed once ── subgraphs ── compose ── route ── serve

The subgraphs run in this process: the router reaches them without a socket. Stores are embedded unless a URL
is configured. Ctrl-C ends it in the opposite order.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from importlib.util import find_spec
from typing import TYPE_CHECKING

import click

from plait.cli import demo_page
from plait.cli.demo_pictures import OpenedAtNeed, PictureStore, picture_route, picture_store
from plait.cli.domains import progress, run
from plait.cli.first_operation import FIRST_OPERATION
from plait.cli.home_lock import hold_home
from plait.cli.partner_options import SUPERGRAPH_FILE
from plait.cli.preload import preloading
from plait.cli.quiet_log import log_to_stderr
from plait.cli.readiness import SubgraphReadiness
from plait.cli.serving import collect_rarely, listen, serve
from plait.cli.signals import still_wanted
from plait.cli.together import LeftTogether
from router.http.server import address_of

if TYPE_CHECKING:
    from starlette.routing import Route

    from db.config import DomainStore
    from plait.cli.settings import Settings
    from router import Router
    from subgraphs.kit.peers import Peer
    from subgraphs.kit.subgraph import Subgraph

SEEDED = "demo data was added"
"""The mark in the database: what people then delete stays deleted, and new data is filled again."""

PROPAGATED = ("authorization", "user-agent", "x-forwarded-for", "x-request-id")
"""What subgraphs hear of a request: logins note the device and the address."""


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=4000, show_default=True, help="0: any free port."
)
@click.option("--host", default="127.0.0.1", show_default=True)
def command(port: int, host: str) -> None:
    """Everything on one port: stores, subgraphs, router and studio, with demo data. Ctrl-C stops it."""
    from plait.cli.settings import Settings

    collect_rarely()

    async def work() -> None:
        settings = Settings.from_environment()
        with hold_home(settings.home) as claim, listen(host, port) as listener:
            claim.say(f"http://{address_of(listener)}/")
            await _up(settings, listener)

    run(work, serves=True)


async def _up(settings: Settings, listener: socket.socket) -> None:
    log_to_stderr()
    async with AsyncExitStack() as stack:
        pictures = await stack.enter_async_context(picture_store(settings))
        # Half a second of loading, and that store takes longest to start.
        from db.stores import open_stores
        from subgraphs.kit.peers import InProcessPeer
        from subgraphs.registry import USES

        async with preloading(settings.domains):
            stores = await stack.enter_async_context(
                open_stores(settings.stores, settings.domains, uses=USES, progress=progress)
            )
        await _migrate(settings, stores)
        await _seed_once(settings, stores, pictures)
        peers: dict[str, Peer] = {}
        opened = await stack.enter_async_context(LeftTogether())
        subgraphs = [await _open(opened, settings, stores[name], peers) for name in settings.domains]
        peers.update({subgraph.name: InProcessPeer(subgraph) for subgraph in subgraphs})
        await _work(stack, settings, stores, peers)
        progress("plait: composing")
        router = _route(settings, subgraphs, address_of(listener))
        app = router.asgi()
        app.router.routes.extend(route for subgraph in subgraphs for route in subgraph.routes)
        app.router.routes.extend(await _picture_routes(stack, pictures))
        demo = _demo_routes(settings)
        app.router.routes.extend(demo)
        still_wanted()
        progress("plait: every service of the graph is ready")
        served = SubgraphReadiness(app, subgraphs)
        await serve(served, listener, _welcome(address_of(listener), has_demo=bool(demo)))


async def _picture_routes(stack: AsyncExitStack, pictures: PictureStore) -> list[Route]:
    location = await pictures.location()
    return [] if location is None else [picture_route(OpenedAtNeed(stack, location).get)]


def _demo_routes(settings: Settings) -> Sequence[Route]:
    from plait.cli.seed import demo_logins
    from subgraphs.processing.demo import tracks_with_sound

    return demo_page.demo_routes(settings.domains, demo_logins(), tracks_with_sound())


async def _migrate(settings: Settings, stores: Mapping[str, DomainStore]) -> None:
    """What the last start left as it is to be is asked for in one go."""
    from db.settled import settle, settled

    embedded = _embedded(settings, stores)
    done = await settled(embedded.values())
    for name, store in stores.items():
        if name not in done:
            from db.migrate import upgrade

            still_wanted()
            await upgrade(store, progress=progress)
            if name in embedded:
                await settle(store)


async def _seed_once(settings: Settings, stores: Mapping[str, DomainStore], pictures: PictureStore) -> None:
    """Only embedded stores: a database that somebody configured is theirs to fill (`plait seed`)."""
    from db.marks import mark, marked

    embedded = _embedded(settings, stores)
    done = await marked(embedded.values(), SEEDED)
    if empty := {name: store for name, store in embedded.items() if name not in done}:
        from plait.cli.seed import seed

        await seed(empty, pictures=await pictures.location())
    for store in empty.values():
        await mark(store, SEEDED)


def _embedded(settings: Settings, stores: Mapping[str, DomainStore]) -> Mapping[str, DomainStore]:
    return {name: store for name, store in stores.items() if settings.stores.urls(name) is None}


async def _open(
    opened: LeftTogether, settings: Settings, store: DomainStore, peers: Mapping[str, Peer]
) -> Subgraph:
    from subgraphs.registry import build_domain

    return await opened.enter(
        build_domain(store.domain, settings.subgraph_config(store.domain, peers), store)
    )


async def _work(
    stack: AsyncExitStack,
    settings: Settings,
    stores: Mapping[str, DomainStore],
    peers: Mapping[str, Peer],
) -> None:
    """What `plait worker` does elsewhere. Stopped before the subgraphs are."""
    from subgraphs.registry import work_for

    works = await stack.enter_async_context(LeftTogether())
    for name, store in stores.items():
        still_wanted()
        if await works.enter(work_for(name, settings.subgraph_config(name, peers), store)):
            progress(f"{name}: working")


def _route(settings: Settings, subgraphs: Sequence[Subgraph], address: str) -> Router:
    from router import Router
    from router.config import (
        AuthenticationConfig,
        HeaderRule,
        HeadersConfig,
        JWKSConfig,
        JWTConfig,
        MCPConfig,
        PartnersConfig,
        Propagate,
        RequestRules,
        RouterConfig,
        ServerConfig,
        StudioConfig,
        UploadsConfig,
        for_development,
    )
    from router.persisted.folder import replace_file
    from schema import SubgraphDefinition, compose

    composed = compose([SubgraphDefinition(name=s.name, url="", sdl=s.sdl) for s in subgraphs])
    # What operations have to fit, for commands beside this process.
    replace_file(settings.home / SUPERGRAPH_FILE, composed.supergraph_sdl.encode(), 0o644)
    tokens = settings.tokens
    is_url = "://" in tokens.jwks
    keys = JWKSConfig(
        url=tokens.jwks if is_url else None,
        file=None if is_url else tokens.jwks,
        issuers=(tokens.issuer,),
        audiences=(tokens.audience,),
    )
    rules = tuple(HeaderRule(propagate=Propagate(named=name)) for name in PROPAGATED)
    config = RouterConfig(
        authentication=AuthenticationConfig(jwt=JWTConfig(jwks=(keys,), on_error="continue")),
        headers=HeadersConfig(all=RequestRules(request=rules)),
        partners=PartnersConfig(store=settings.partners),
        mcp=MCPConfig(enabled=find_spec("mcp") is not None),
        server=ServerConfig(listen=address),
        studio=StudioConfig(first_operation=FIRST_OPERATION),
        uploads=UploadsConfig(enabled=True, max_file_bytes=25_000_000),
    )
    return Router(composed.supergraph_sdl, {s.name: s for s in subgraphs}, config=for_development(config))


def _welcome(address: str, *, has_demo: bool) -> str:
    from plait.cli.seed import demo_logins

    logins = "\n".join(f"    {one.username:<16}  {one.password}   {one.about}" for one in demo_logins())
    listen = f"  Listen    http://{address}{demo_page.PATH}\n" if has_demo else ""
    operation = "\n".join(f"    {line}" for line in FIRST_OPERATION.strip().splitlines())
    return f"""
Plait is ready.

  Studio    http://{address}/
  GraphQL   http://{address}/graphql
{listen}
  Demo logins (mutation login):
{logins}

  A first operation to paste into the studio; it asks four services:
{operation}

Ctrl-C stops everything."""

"""`plait router`: the router alone, over any supergraph."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import click
from msgspec.structs import replace

from plait.cli.failures import told
from plait.cli.serving import configure_log
from router import Router
from router.config import RouterConfig, for_development
from router.config.file import load_config
from router.config.production import for_production
from router.http.admin import serve_admin
from router.http.server import address_of, bind, serve, serve_in_processes
from router.persisted.follow import follow_operations
from router.supergraph_file import follow, read_supergraph
from router.telemetry.metrics import forget_process, share_between_processes


@click.command(name="router")
@click.option(
    "--supergraph", required=True, type=click.Path(path_type=Path), help="Followed while it changes."
)
@click.option(
    "--config", "config_file", type=click.Path(path_type=Path), help="The router's configuration (YAML)."
)
@click.option("--listen", help="HOST:PORT; overrides the configuration.")
@click.option("--dev", is_flag=True, help="Plans on request, subgraphs' errors shown, introspection, studio.")
@click.option(
    "--production", is_flag=True, help="The safe settings of docs/operations/protection.md, printed."
)
@click.option("--workers", type=click.IntRange(min=1), help="Processes that share the port.")
def command(
    supergraph: Path,
    config_file: Path | None,
    listen: str | None,
    dev: bool,
    production: bool,
    workers: int | None,
) -> None:
    """Serve a supergraph."""
    if dev and production:
        raise click.UsageError("--dev shows what --production hides: give one of them.")
    configure_log()
    with told():
        config = _config(config_file, listen, dev, workers)
        _run(supergraph, _safe(config) if production else config)


def _safe(config: RouterConfig) -> RouterConfig:
    safe, settings = for_production(config)
    click.echo("Production settings:", err=True)
    for setting in settings:
        click.echo(f"  {setting}", err=True)
    return safe


def _config(path: Path | None, listen: str | None, dev: bool, workers: int | None) -> RouterConfig:
    config = load_config(path) if path is not None else RouterConfig()
    server = replace(
        config.server,
        listen=listen or config.server.listen,
        workers=workers or config.server.workers,
    )
    config = replace(config, server=server)
    return for_development(config) if dev else config


def _run(supergraph: Path, config: RouterConfig) -> None:
    sdl = read_supergraph(supergraph)
    metrics, is_shared = config.telemetry.metrics, config.server.workers > 1
    folder = share_between_processes() if metrics.enabled and is_shared else None
    router = Router(sdl, config=config)
    listener = bind(config.server.listen)
    admin = router.admin()
    admin_listener = bind(metrics.listen) if admin is not None else None
    _announce(
        address_of(listener), config, address_of(admin_listener) if admin_listener is not None else None
    )

    def teller(what: str) -> Callable[[str | None], None]:
        def tell(problem: str | None) -> None:
            router.engine.problems.pop(what, None)
            if problem is not None:
                router.engine.problems[what] = problem

        return tell

    async def beside() -> None:
        async with asyncio.TaskGroup() as group:  # It waits for each of them to end.
            group.create_task(follow(supergraph, sdl, router.replace_supergraph, teller("supergraph")))
            sources = config.persisted_operations.sources
            group.create_task(follow_operations(sources, router.replace_operations, teller("operations")))
            if admin is not None and admin_listener is not None:
                group.create_task(serve_admin(admin, admin_listener))

    def serve_one() -> None:
        serve(router.asgi(), listener, config.server, beside=beside)

    if not is_shared:
        serve_one()
    elif folder is None:
        serve_in_processes(config.server.workers, serve_one)
    else:
        with folder:
            serve_in_processes(config.server.workers, serve_one, forget_process)


def _announce(address: str, config: RouterConfig, admin: str | None) -> None:
    click.echo(f"GraphQL at http://{address}{config.server.graphql_path}", err=True)
    if config.studio.enabled:
        click.echo(f"Studio  at http://{address}/", err=True)
    if admin is not None:
        click.echo(f"Metrics at http://{admin}/metrics", err=True)

"""`plait router`: the router alone, over any supergraph."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click
from msgspec.structs import replace

from plait.cli.failures import told
from plait.cli.serving import configure_log
from router import Router
from router.config import RouterConfig, for_development
from router.config.file import ConfigFile, read_config_file
from router.config.following import follow_config
from router.config.production import for_production
from router.http.admin import serve_admin
from router.http.server import address_of, bind, serve, serve_in_processes
from router.persisted.follow import follow_operations
from router.reloading import ReloadingRouter
from router.supergraph_file import follow, read_supergraph
from router.telemetry.metrics import forget_process, share_between_processes

Read = Callable[[], ConfigFile]


@click.command(name="router")
@click.option(
    "--supergraph", required=True, type=click.Path(path_type=Path), help="Followed while it changes."
)
@click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path),
    help="The router's configuration (YAML); followed too.",
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
    change = for_development if dev else _safe if production else _as_it_is
    with told():
        given = _config(config_file, listen, workers)
        if production:
            _tell_settings(given.config)
        _run(
            supergraph,
            config_file,
            _changed(given, change),
            lambda: _changed(_config(config_file, listen, workers), change),
        )


def _as_it_is(config: RouterConfig) -> RouterConfig:
    return config


def _safe(config: RouterConfig) -> RouterConfig:
    return for_production(config)[0]


def _tell_settings(config: RouterConfig) -> None:
    click.echo("Production settings:", err=True)
    for setting in for_production(config)[1]:
        click.echo(f"  {setting}", err=True)


def _changed(file: ConfigFile, change: Callable[[RouterConfig], RouterConfig]) -> ConfigFile:
    return ConfigFile(change(file.config), file.files, file.is_empty)


def _config(path: Path | None, listen: str | None, workers: int | None) -> ConfigFile:
    """The file's configuration under the options, which win each time it is read."""
    read = read_config_file(path) if path is not None else ConfigFile(RouterConfig(), frozenset())
    server = replace(
        read.config.server,
        listen=listen or read.config.server.listen,
        workers=workers or read.config.server.workers,
    )
    return ConfigFile(replace(read.config, server=server), read.files, read.is_empty)


def _run(supergraph: Path, config_path: Path | None, file: ConfigFile, read: Read) -> None:
    config = file.config
    sdl = read_supergraph(supergraph)
    metrics, is_shared = config.telemetry.metrics, config.server.workers > 1
    folder = share_between_processes() if metrics.enabled and is_shared else None
    router = Router(sdl, config=config)
    listener = bind(config.server.listen)
    admin_listener = bind(metrics.listen) if metrics.enabled else None
    _announce(
        address_of(listener), config, address_of(admin_listener) if admin_listener is not None else None
    )

    def serve_one() -> None:
        reloading = ReloadingRouter(router)

        async def beside() -> None:
            async with asyncio.TaskGroup() as group:  # It waits for each of them to end.
                group.create_task(
                    follow(
                        supergraph, sdl, reloading.replace_supergraph, partial(reloading.tell, "supergraph")
                    )
                )
                group.create_task(
                    follow_operations(
                        config.persisted_operations.sources,
                        reloading.replace_operations,
                        partial(reloading.tell, "operations"),
                    )
                )
                if config_path is not None:
                    group.create_task(_follow_config(config_path, file, read, reloading))
                admin = reloading.admin()
                if admin is not None and admin_listener is not None:
                    group.create_task(serve_admin(admin, admin_listener))

        serve(reloading, listener, config.server, beside=beside)

    if not is_shared:
        serve_one()
    elif folder is None:
        serve_in_processes(config.server.workers, serve_one)
    else:
        with folder:
            serve_in_processes(config.server.workers, serve_one, forget_process)


async def _follow_config(
    path: Path, file: ConfigFile, read: Read, reloading: ReloadingRouter[Router]
) -> None:
    await follow_config(
        path,
        file,
        read,
        reloading.replace_config,
        lambda: reloading.supergraphs,
        partial(reloading.tell, "configuration"),
    )


def _announce(address: str, config: RouterConfig, admin: str | None) -> None:
    click.echo(f"GraphQL at http://{address}{config.server.graphql_path}", err=True)
    if config.mcp.enabled:
        click.echo(f"Tools   at http://{address}{config.mcp.path}", err=True)
    if config.studio.enabled:
        click.echo(f"Studio  at http://{address}/", err=True)
    if admin is not None:
        click.echo(f"Metrics at http://{admin}/metrics", err=True)

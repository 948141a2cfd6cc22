"""`plait introspect`: the SDL of a running subgraph, as it tells it itself."""

from __future__ import annotations

import click

from plait.cli.failures import fail
from router.subgraph_sdl import IntrospectionFailed, fetch_sdl


@click.command(name="introspect")
@click.argument("url")
@click.option(
    "--header", "-H", "headers", multiple=True, metavar="NAME:VALUE", help="Sent along; repeatable."
)
def command(url: str, headers: tuple[str, ...]) -> None:
    """Print the SDL that the subgraph at URL serves."""
    try:
        sdl = fetch_sdl(url, dict(map(_header, headers)))
    except IntrospectionFailed as error:
        fail("DOWNSTREAM_SERVICE_ERROR", str(error))
    click.echo(sdl.rstrip("\n"))


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise click.BadParameter(f"{text!r} is not NAME:VALUE", param_hint="--header")
    return name.strip(), value.strip()

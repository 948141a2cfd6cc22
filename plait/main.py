"""`plait`: the commands, each imported only when it is asked for, so `--help` and `compose` stay quick."""

from __future__ import annotations

import importlib

import click

COMMANDS = {
    "up": "plait.up",
    "subgraph": "plait.subgraph",
    "router": "plait.router",
    "compose": "plait.compose",
    "plan": "plait.plan",
    "debug": "plait.debug",
    "introspect": "plait.introspect",
    "db": "plait.db",
    "seed": "plait.seed",
    "config": "plait.config",
}
"""Command name → the module holding it as `command`."""


class LazyGroup(click.Group):
    """A group whose commands live in modules named by `COMMANDS`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(COMMANDS[cmd_name]).command
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="plait")
def main() -> None:
    """Plait: compose GraphQL subgraphs into one graph, and route operations over it."""

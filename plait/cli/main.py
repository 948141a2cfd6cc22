"""`plait`: the commands, each imported only when it is asked for, so `--help` and `compose` stay quick."""

from __future__ import annotations

import importlib
import signal
import threading
from typing import Any

import click

from plait.cli.failures import CommandFailed, Failure

COMMANDS = {
    "up": "plait.cli.up",
    "subgraph": "plait.cli.subgraph",
    "router": "plait.cli.router",
    "compose": "plait.cli.compose",
    "plan": "plait.cli.plan",
    "debug": "plait.cli.debug",
    "introspect": "plait.cli.introspect",
    "operations": "plait.cli.operations",
    "partner": "plait.cli.partner",
    "worker": "plait.cli.worker",
    "db": "plait.cli.db",
    "seed": "plait.cli.seed",
    "fake-psp": "plait.cli.fake_psp",
    "jobs": "plait.cli.jobs",
    "config": "plait.cli.config",
}
"""Command name → the module holding it as `command`."""


DOMAIN_LIBRARIES = {
    "aioboto3",
    "alembic",
    "argon2",
    "iso4217",
    "asyncpg",
    "PIL",
    "motor",
    "redis",
    "segno",
    "sqlalchemy",
    "strawberry",
}
"""What the extra `domains` installs; schema and router do without."""


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

    def invoke(self, ctx: click.Context) -> Any:
        heed_interrupts()
        try:
            return super().invoke(ctx)
        except (CommandFailed, click.UsageError):
            raise
        except click.ClickException as error:
            raise CommandFailed([Failure("CANNOT_RUN", error.format_message())]) from error
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] not in DOMAIN_LIBRARIES:
                raise
            message = f"this command needs the domain services ({error.name}): pip install 'plait[domains]'"
            raise CommandFailed([Failure("MISSING_EXTRA", message)]) from error


def heed_interrupts() -> None:
    """A shell that starts us in the background has SIGINT ignored, and so it would be until a command listens
    for it, seconds later: whoever sends it to us means it.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if is_main and signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="plait")
def main() -> None:
    """Plait: compose GraphQL subgraphs into one graph, and route operations over it."""

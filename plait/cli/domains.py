"""What `subgraph`, `db` and `seed` share: domain arguments, and errors as one line on stderr."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import click

from plait.cli.signals import until_signalled
from router.http.ending import close
from router.http.server import loop_factory
from subgraphs.registry import DOMAINS


class DomainName(click.ParamType[str]):
    """One of the domains; anything else is a usage error that names the nearest."""

    name = "domain"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value not in DOMAINS:
            from schema.report.suggestions import did_you_mean_or_known

            hint = did_you_mean_or_known(str(value), DOMAINS)
            self.fail(f"there is no domain {value!r}.{hint}", param, ctx)
        return str(value)


def chosen(domains: Sequence[str]) -> tuple[str, ...]:
    """In the registry's order; none given means all."""
    return tuple(domain for domain in DOMAINS if domain in domains) if domains else DOMAINS


def progress(line: str) -> None:
    click.echo(line, err=True)


def run(work: Callable[[], Coroutine[Any, Any, None]], *, serves: bool = False) -> None:
    """Run a command's coroutine. Expected failures end in one line and exit code 1.

    The first SIGINT or SIGTERM cancels it and waits for its clean-up; impatient ones after it do not cut that
    short. For a command that serves that is how it ends well (0); for one that was to finish it is the
    shell's 128 + signal.
    """
    from db.errors import StoreError
    from plait.cli.settings import SettingsError
    from subgraphs.kit.encryption import EncryptionError
    from subgraphs.kit.key_files import KeyFileError
    from subgraphs.users.tokens import SigningKeyError

    runner = asyncio.Runner(loop_factory=loop_factory())
    try:
        signalled = runner.run(until_signalled(work))
    except (StoreError, SettingsError, SigningKeyError, EncryptionError, KeyFileError) as error:
        close(runner, 1, f"plait: {error}")
        raise click.ClickException(str(error)) from error
    except BaseException:
        close(runner, 1)
        raise
    code = 0 if signalled is None or serves else 128 + signalled
    close(runner, code)
    if code:
        raise SystemExit(code)

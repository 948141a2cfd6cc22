"""PostgreSQL's data folder: made once, checked before each start."""

from __future__ import annotations

import secrets
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from db.embedded import system
from db.embedded.layout import Layout

Progress = Callable[[str], None]
SUPERUSER = "postgres"


def ensure_cluster(
    layout: Layout, user: system.Account | None, programs: Path, progress: Progress, durable: bool
) -> None:
    for partial in layout.partials():
        progress("postgres: clearing an interrupted first start")
        shutil.rmtree(partial, ignore_errors=True)
    version = layout.data / "PG_VERSION"
    if version.exists():
        found = version.read_text().strip()
        if found != system.MAJOR_VERSION:
            raise layout.fail(
                f"was made by PostgreSQL {found}, this is {system.MAJOR_VERSION}",
                f"dump it with version {found} (pg_dumpall), move {layout.data} away, start again and load "
                f"the dump; or set PLAIT_DATABASE_URL to a server of version {found}",
            )
        return
    if layout.data.exists() and any(layout.data.iterdir()):
        raise layout.fail("has a data folder that is not a PostgreSQL cluster", f"move {layout.data} away")
    progress("postgres: creating the cluster (once)")
    partial = layout.root / f"data.partial-{secrets.token_hex(4)}"
    system.own(partial, user)
    sync = [] if durable else ["--no-sync"]
    options = ["--auth=trust", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    made = _run(
        programs / "initdb",
        "-U",
        SUPERUSER,
        "-D",
        str(partial),
        "--no-instructions",
        *options,
        *sync,
        user=user,
    )
    if made.returncode != 0:
        raise layout.fail(
            f"could not be created: {made.stderr.strip() or made.stdout.strip()}", "see the message"
        )
    if layout.data.exists():
        layout.data.rmdir()
    partial.rename(layout.data)


def _run(*command: str | Path, user: system.Account | None) -> subprocess.CompletedProcess[str]:
    """One of PostgreSQL's programs, as the server's user, in its own session so Ctrl-C is ours to handle."""
    return subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        cwd="/",
        env=system.environment(),
        user=None if user is None else user.uid,
        group=None if user is None else user.gid,
        extra_groups=None if user is None else [],
        start_new_session=True,
        check=False,
    )

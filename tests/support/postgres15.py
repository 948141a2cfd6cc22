"""Debian's PostgreSQL 15 with PostGIS, in a folder of its own: what else migrations have to run on."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from db.embedded import system

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
POSTGIS = Path("/usr/share/postgresql/15/extension/postgis.control")
MISSING = "needs apt-get install postgresql-15 postgresql-15-postgis-3 (make services does)"


def is_installed() -> bool:
    return (PROGRAMS / "initdb").exists() and POSTGIS.exists()


@contextmanager
def postgres15() -> Iterator[str]:
    """The administrator's URL of its database `postgres`."""
    home = Path(tempfile.mkdtemp(prefix="plait-15-"))
    account = system.account()
    system.own(home, account)
    data = home / "data"
    try:
        options = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        _run(account, PROGRAMS / "initdb", "-U", "postgres", "-D", data, *options)
        settings = f"-k {home} -c listen_addresses= -c fsync=off"
        log = home / "log"
        _run(account, PROGRAMS / "pg_ctl", "start", "-w", "-D", data, "-l", log, "-o", settings)
        try:
            yield f"postgresql://postgres@/postgres?host={home}"
        finally:
            _run(account, PROGRAMS / "pg_ctl", "stop", "-w", "-m", "immediate", "-D", data)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _run(account: system.Account | None, *command: str | Path) -> None:
    done = subprocess.run(
        [str(part) for part in command],
        cwd="/",
        user=None if account is None else account.uid,
        group=None if account is None else account.gid,
        extra_groups=None if account is None else [],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 0, command

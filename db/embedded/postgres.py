"""The embedded PostgreSQL 18: a cluster made once, reached over a socket only its user and root can enter."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from db.budget import EMBEDDED_LIMIT
from db.embedded import system
from db.embedded.cluster import SUPERUSER, ensure_cluster
from db.embedded.layout import Layout
from db.embedded.server import EmbeddedServer, Order, Progress, claim

QUIET = ("log_error_verbosity=terse", "log_min_error_statement=panic")
"""A failed statement and the row it failed on hold what people wrote; neither belongs into a log."""


class EmbeddedPostgres(EmbeddedServer):
    """A claim on a running PostgreSQL."""

    def url(self, database: str = "postgres", user: str = SUPERUSER) -> str:
        return f"postgresql://{quote(user)}@/{quote(database)}?host={quote(str(self.socket), safe='')}"


def start_postgres(
    home: Path, *, progress: Progress = lambda _line: None, durable: bool = True
) -> EmbeddedPostgres:
    """Run (or join) the server of `home`. Blocks until it takes connections; raises EmbeddedStoreError.

    `durable=False` trades crash safety for speed (no fsync) and is meant for throw-away test clusters. Nobody
    takes statistics there unasked: a table that is analysed while it is filled counts as empty (db/bulk.py).
    """
    layout = Layout(home.resolve() / "postgres")
    joined, mine = claim(Postgres(durable), layout, progress)
    return EmbeddedPostgres(layout, joined, mine)


@dataclass(slots=True)
class Postgres:
    durable: bool
    stale: tuple[str, ...] = ()
    """What postmaster.pid said before the start: a crash leaves the one of its time."""
    name: str = "postgres"

    def prepare(self, layout: Layout, progress: Progress) -> Order:
        user = system.account()
        programs = system.postgres_programs()
        system.open_path_to(layout.data, user, progress)
        system.open_path_to(programs / "postgres", user, progress)
        ensure_cluster(layout, user, programs, progress, self.durable)
        system.own(system.socket_folder(layout.root), user)
        _forget_dead_postmaster(layout)
        self.stale = _postmaster(layout)
        command = [str(programs / "postgres"), "-D", str(layout.data), *self._flags(layout)]
        return Order(command, stop=[("SIGINT", 20), ("SIGQUIT", 5)], account=user)

    def _flags(self, layout: Layout) -> list[str]:
        settings = ["listen_addresses=", f"unix_socket_directories={system.socket_folder(layout.root)}"]
        settings += ["timezone=UTC", "log_timezone=UTC", f"max_connections={EMBEDDED_LIMIT}", *QUIET]
        if not self.durable:
            settings += ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"]
        return [part for setting in settings for part in ("-c", setting)]

    def is_ready(self, layout: Layout) -> bool:
        """PostgreSQL writes `ready` on the last line of postmaster.pid, and its number on the first: the file
        may be another's, of before.
        """
        lines = _postmaster(layout)
        if lines == self.stale or len(lines) < 8 or lines[7].strip() != "ready":
            return False
        return layout.server_lock.exists() and lines[0].strip() == layout.server_lock.read_text().strip()


def _forget_dead_postmaster(layout: Layout) -> None:
    """A killed server that nobody has reaped yet still has its number, and PostgreSQL would take it for
    alive; that its lock is free says it is not.
    """
    said = _postmaster(layout)
    if said and layout.server_lock.exists() and said[0].strip() == layout.server_lock.read_text().strip():
        layout.postmaster.unlink()
        for left in system.socket_folder(layout.root).glob(".s.PGSQL.*"):
            left.unlink()


def _postmaster(layout: Layout) -> tuple[str, ...]:
    return tuple(layout.postmaster.read_text().splitlines()) if layout.postmaster.exists() else ()

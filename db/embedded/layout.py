"""Where an embedded server keeps its things. See the package for what each is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from db.errors import EmbeddedStoreError


@dataclass(frozen=True, slots=True)
class Layout:
    """The files of one embedded server; `title` is the server's name for people."""

    root: Path
    title: str = "PostgreSQL"

    @property
    def data(self) -> Path:
        return self.root / "data"

    def partials(self) -> list[Path]:
        """What initdb was making when it was interrupted. One may still be at it: each has a name of its
        own.
        """
        return list(self.root.glob("data.partial-*"))

    @property
    def clients(self) -> Path:
        return self.root / "clients"

    @property
    def start_lock(self) -> Path:
        return self.root / "start.lock"

    @property
    def supervisor_lock(self) -> Path:
        return self.root / "supervisor.lock"

    @property
    def server_lock(self) -> Path:
        return self.root / "server.lock"

    @property
    def ready(self) -> Path:
        return self.root / "ready"

    @property
    def stopping(self) -> Path:
        """There from the moment the server is told to end until the next start: nobody may join it."""
        return self.root / "stopping"

    @property
    def log(self) -> Path:
        return self.root / "server.log"

    @property
    def postmaster(self) -> Path:
        return self.data / "postmaster.pid"

    def fail(self, problem: str, remedy: str) -> EmbeddedStoreError:
        return EmbeddedStoreError(self.title, self.root, problem, remedy)

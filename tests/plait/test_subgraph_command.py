"""`plait subgraph`: one subgraph as a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from db.embedded.locks import is_locked
from tests.plait.test_db_command import PLAIT, ROOT, plait
from tests.support.postgres import administer, shared_server


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="plait-home-") as folder:
        yield Path(folder)


def start(home: Path, name: str, *arguments: str, **variables: str) -> tuple[subprocess.Popen[str], str]:
    """The process and its URL, once it answers."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PLAIT_")}
    process = subprocess.Popen(
        [*PLAIT, "subgraph", name, "--port", "0", *arguments],
        cwd=ROOT,
        env=kept | {"PLAIT_HOME": str(home)} | variables,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said = process.stdout.readline().strip()
    assert said.startswith(f"{name}: http://"), said
    return process, said.partition(": ")[2]


def post(url: str, query: str, token: str | None = None) -> Any:
    headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {token}"} if token else {})
    body = json.dumps({"query": query}).encode()
    with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as response:
        return json.load(response)


def end(process: subprocess.Popen[str], number: signal.Signals = signal.SIGINT) -> int:
    process.send_signal(number)
    code = process.wait(timeout=30)
    assert process.stdout is not None
    process.stdout.close()
    return code


def test_two_subgraphs_share_the_embedded_store_and_trust_the_same_tokens(home: Path) -> None:
    users, users_url = start(home, "users")
    posts, posts_url = start(home, "posts")
    account = 'username: "ada", email: "a@plait.example", password: "correct horse"'
    signed_up = post(
        users_url, f"mutation {{ signUp(input: {{{account}}}) {{ login {{ accessToken user {{ id }} }} }} }}"
    )
    login = signed_up["data"]["signUp"]["login"]
    assert end(users) == 0
    write = 'mutation { createPost(input: {content: "Hello"}) { post { content author { id } } } }'
    made = post(posts_url, write, login["accessToken"])
    assert made["data"]["createPost"]["post"] == {"content": "Hello", "author": {"id": login["user"]["id"]}}
    assert post(posts_url, write)["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert is_locked(home / "postgres" / "supervisor.lock"), "the second subgraph still uses the store"
    assert end(posts, signal.SIGTERM) == 0
    assert not is_locked(home / "postgres" / "supervisor.lock")


def test_its_sdl_is_at_the_service_field_and_its_metrics_at_an_address_of_their_own(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        metrics = f"127.0.0.1:{free.getsockname()[1]}"
    catalog, url = start(home, "catalog", PLAIT_METRICS=metrics)
    assert post(url, "{ _service { sdl } }")["data"]["_service"]["sdl"].strip() == (
        (ROOT / "schema" / "sdl" / "catalog.graphql").read_text().strip()
    )
    with urllib.request.urlopen(f"http://{metrics}/metrics") as response:
        shown = response.read().decode()
    assert 'plait_subgraph_ready{subgraph="catalog"} 1.0' in shown
    assert 'plait_subgraph_operations_total{outcome="success",subgraph="catalog"} 1.0' in shown
    assert end(catalog) == 0


def test_a_taken_port_is_one_clear_line_before_anything_is_started(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = plait(home, "subgraph", "users", "--port", str(port))
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr == f"error[CANNOT_START]: Port {port} is already in use on 127.0.0.1.\n"
    assert not list(home.iterdir())


def test_an_unknown_subgraph_is_a_usage_error_with_the_nearest_name(home: Path) -> None:
    answer = plait(home, "subgraph", "catalogue")
    assert answer.returncode == 2
    assert "there is no domain 'catalogue'. Did you mean \"catalog\"?" in answer.stderr


def test_a_configured_store_is_not_migrated_behind_ones_back(home: Path) -> None:
    server = shared_server()
    asyncio.run(administer(server, "CREATE DATABASE unmigrated"))
    answer = plait(home, "subgraph", "events", "--port", "0", PLAIT_DATABASE_URL=server.url("unmigrated"))
    asyncio.run(administer(server, "DROP DATABASE unmigrated WITH (FORCE)"))
    assert (answer.returncode, answer.stdout) == (1, "")
    said = answer.stderr.removeprefix("valkey: starting\nvalkey: ready\n")
    start, end = "error[CANNOT_RUN]: the schema events is empty, not at ", ": run `plait db upgrade events`\n"
    assert said.startswith(start)
    assert said.endswith(end)
    assert said.removeprefix(start).removesuffix(end).isdigit()


def test_a_signing_key_that_cannot_be_read_is_one_clear_line(home: Path) -> None:
    (home / "key.pem").write_text("not a key")
    answer = plait(home, "subgraph", "users", "--port", "0", PLAIT_SIGNING_KEY_FILE=str(home / "key.pem"))
    assert answer.returncode == 1
    assert "key.pem is not an unencrypted private key in PEM" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert not is_locked(home / "postgres" / "supervisor.lock")

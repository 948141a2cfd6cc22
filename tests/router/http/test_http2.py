"""HTTP/2 by granian, as docs/http.md says: many operations at once on one connection, answered alike."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

h2_config = pytest.importorskip("h2.config", reason="needs h2 (pip install h2)")
pytest.importorskip("granian", reason="needs granian (pip install granian)")

from h2.connection import H2Connection  # noqa: E402 - after the skip
from h2.events import DataReceived, ResponseReceived, StreamEnded  # noqa: E402

pytestmark = pytest.mark.xdist_group("granian")

SECONDS = 30
OPERATIONS = 20


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        number: int = probe.getsockname()[1]
    command = ["-m", "granian", "--interface", "asgi", "--http", "2", "--host", "127.0.0.1"]
    process = subprocess.Popen(
        [sys.executable, *command, "--port", str(number), "tests.support.served:app"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        yield wait_for(process, number)
    finally:
        process.terminate()
        process.communicate(timeout=SECONDS)


def wait_for(process: subprocess.Popen[bytes], port: int) -> int:
    for _ in range(SECONDS * 10):
        assert process.poll() is None, process.communicate()[0].decode()
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return port
    raise AssertionError("granian did not listen")


Request = tuple[list[tuple[str, str]], bytes]
Answer = tuple[dict[Any, Any], bytes]


def ask(port: int, requests: list[Request]) -> dict[int, Answer]:
    """All of them on one connection before any answer is read."""
    connection = H2Connection(h2_config.H2Configuration(client_side=True, header_encoding="utf-8"))
    connection.initiate_connection()
    heads: dict[int, dict[Any, Any]] = {}
    bodies: dict[int, bytes] = {}
    with socket.create_connection(("127.0.0.1", port), SECONDS) as sock:
        for headers, body in requests:
            stream = connection.get_next_available_stream_id()
            connection.send_headers(stream, headers, end_stream=not body)
            if body:
                connection.send_data(stream, body, end_stream=True)
        sock.sendall(connection.data_to_send())
        ended = 0
        while ended < len(requests):
            received = sock.recv(65536)
            assert received, "granian closed the connection"
            for event in connection.receive_data(received):
                match event:
                    case ResponseReceived():
                        heads[event.stream_id] = dict(event.headers)
                    case DataReceived():
                        bodies[event.stream_id] = bodies.get(event.stream_id, b"") + event.data
                    case StreamEnded():
                        ended += 1
            sock.sendall(connection.data_to_send())
    return {stream: (head, bodies.get(stream, b"")) for stream, head in heads.items()}


def request(method: str, path: str = "/graphql", **headers: str) -> list[tuple[str, str]]:
    extra = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return [(":method", method), (":path", path), (":scheme", "http"), (":authority", "router"), *extra]


def test_many_operations_share_one_connection(port: int) -> None:
    body = json.dumps({"query": "{ me { name posts { title } } }"}).encode()
    asked = [(request("POST", content_type="application/json"), body)] * OPERATIONS
    answers = ask(port, asked)
    assert len(answers) == OPERATIONS
    for head, text in answers.values():
        assert (head[":status"], head["content-type"]) == ("200", "application/json; charset=utf-8")
        assert json.loads(text) == {"data": {"me": {"name": "Ada", "posts": [{"title": "T"}]}}}


def test_what_is_refused_over_http_1_is_refused_over_http_2(port: int) -> None:
    get = "/graphql?query=%7Bme%7Bname%7D%7D"
    asked = [
        (request("GET", get), b""),
        (request("GET", get, apollo_require_preflight="1", if_none_match="*"), b""),
        (request("PUT"), b""),
        (request("POST", content_type="text/plain"), b"{}"),
        (request("GET", "/health/ready"), b""),
    ]
    statuses = [head[":status"] for _, (head, _) in sorted(ask(port, asked).items())]
    assert statuses == ["400", "304", "405", "415", "200"]

"""`plait router`: serves any supergraph, follows its file, and ends as it should."""

from __future__ import annotations

import re
import signal
import socket
import time
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.support.federation import SUPERGRAPH
from tests.support.router_process import WAIT_SECONDS, RouterProcess, router_process

TYPENAME = {"query": "{ __typename }"}
BROKEN = "type Query {"


@pytest.fixture
def supergraph(tmp_path: Path) -> Path:
    path = tmp_path / "supergraph.graphql"
    path.write_text(SUPERGRAPH)
    return path


def url_of(process: RouterProcess) -> str:
    url = process.wait_for(r"GraphQL at (http://\S+)").group(1)
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            httpx.get(url.replace("/graphql", "/health/ready")).raise_for_status()
            return url
        except httpx.TransportError:
            assert time.monotonic() < deadline, process.lines


def ask(url: str, query: str) -> dict[str, object]:
    answer: dict[str, object] = httpx.post(url, json={"query": query}).json()
    return answer


def test_it_serves_a_supergraph_and_ctrl_c_ends_it_with_0_and_no_traceback(supergraph: Path) -> None:
    with router_process(supergraph) as process:
        assert ask(url_of(process), "{ __typename }") == {"data": {"__typename": "Query"}}
        assert process.interrupt() == 0
    assert not [line for line in process.lines if "Traceback" in line or "Error" in line]


def test_several_processes_share_the_port(supergraph: Path) -> None:
    with router_process(supergraph, "--workers", "2") as process:
        url = url_of(process)
        assert [ask(url, "{ __typename }") for _ in range(5)] == [{"data": {"__typename": "Query"}}] * 5
        assert process.interrupt() == 0
    assert not [line for line in process.lines if "Traceback" in line]


def test_a_taken_port_is_one_clear_line_and_exit_1(supergraph: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with router_process(supergraph, "--listen", f"127.0.0.1:{port}") as process:
            assert process.wait() == 1
    assert process.lines == [f"error[CANNOT_START]: Port {port} is already in use on 127.0.0.1."]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BROKEN, "The supergraph cannot be used: "),
        (None, "cannot be read: No such file"),
        ("", "cannot be used"),
    ],
)
def test_a_supergraph_that_is_not_usable_is_one_clear_line_and_exit_1(
    tmp_path: Path, text: str | None, message: str
) -> None:
    path = tmp_path / "bad.graphql"
    if text is not None:
        path.write_text(text)
    with router_process(path) as process:
        assert process.wait() == 1
    assert message in "\n".join(process.lines)
    assert "Traceback" not in "\n".join(process.lines)


def test_a_configuration_that_is_not_valid_is_exit_1(supergraph: Path, tmp_path: Path) -> None:
    config = tmp_path / "router.yaml"
    config.write_text("execution:\n  max_fetch: 3\n")
    with router_process(supergraph, "--config", str(config)) as process:
        assert process.wait() == 1
    assert 'execution.max_fetch: unknown key. Did you mean "max_fetches"?' in process.lines[0]


def test_a_changed_file_is_taken_over_and_a_broken_one_is_not(supergraph: Path) -> None:
    with router_process(supergraph) as process:
        url = url_of(process)
        supergraph.write_text(SUPERGRAPH.replace("  me: User", "  whoami: User"))
        process.wait_for("the new supergraph is in force")
        assert "errors" not in ask(url, '{ __type(name: "Query") { fields { name } } }')
        assert "Cannot query field 'me'" in str(ask(url, "{ me { id } }"))
        supergraph.write_text(BROKEN)
        line = process.wait_for("is not taken over").string
        assert "the previous supergraph stays in force" in line
        assert "found the end of the text (line 1, column 13)" in line
        assert "Cannot query field 'me'" in str(ask(url, "{ me { id } }"))
        # A file replaced by renaming, as deployments do it.
        fresh = supergraph.with_suffix(".new")
        fresh.write_text(SUPERGRAPH)
        fresh.replace(supergraph)
        process.wait_for("the new supergraph is in force")
        assert "Cannot query" not in str(ask(url, "{ me { id } }"))
        assert process.interrupt() == 0


@pytest.mark.parametrize("address", ["foo", "127.0.0.1:99999", "[::1]"])
def test_what_is_no_address_is_one_clear_line_and_exit_1(supergraph: Path, address: str) -> None:
    with router_process(supergraph, "--listen", address) as process:
        assert process.wait() == 1
    (line,) = process.lines
    assert line.startswith(f"error[INVALID_ADDRESS]: {address!r} is no address to listen on")


def test_a_closed_terminal_ends_it_as_orderly_as_ctrl_c(supergraph: Path) -> None:
    with router_process(supergraph) as process:
        url_of(process)
        process.send(signal.SIGHUP)
        assert process.wait() == 0


def test_lines_of_the_log_have_a_time(supergraph: Path) -> None:
    with router_process(supergraph) as process:
        url_of(process)
        supergraph.write_text(BROKEN)
        line = process.wait_for("is not taken over").string
        assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} ERROR: ", line)

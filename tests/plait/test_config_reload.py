"""`plait router --config FILE` follows the file: under load, on kept connections, with faults in between."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.plait.test_router_command import url_of
from tests.support.federation import SUPERGRAPH
from tests.support.router_process import RouterProcess, router_process

BATCH = [{"query": "{ __typename }"}]
ON = "batching: {enabled: true}\n"
OFF = "batching: {enabled: false}\n"
IN_FORCE = "the new configuration is in force"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "router.yaml"
    path.write_text(OFF)
    return path


@pytest.fixture
def process(tmp_path: Path, config: Path) -> Iterator[RouterProcess]:
    supergraph = tmp_path / "supergraph.graphql"
    supergraph.write_text(SUPERGRAPH)
    with router_process(supergraph, "--config", str(config)) as process:
        yield process


def batch_status(url: str) -> int:
    return httpx.post(url, json=BATCH).status_code


def test_a_reload_under_load_on_kept_connections_loses_no_request(
    process: RouterProcess, config: Path
) -> None:
    url, done, answers = url_of(process), threading.Event(), []

    def load() -> None:
        with httpx.Client() as client:
            while not done.is_set():
                answers.append(client.post(url, json={"query": "{ __typename }"}).text)

    clients = [threading.Thread(target=load) for _ in range(3)]
    for client in clients:
        client.start()
    try:
        with httpx.Client() as kept:
            assert kept.post(url, json=BATCH).status_code == 400
            for text in (ON, OFF, ON):
                config.write_text(text)
                process.wait_for(IN_FORCE)
                assert kept.post(url, json=BATCH).status_code == (200 if text == ON else 400)
    finally:
        done.set()
        for client in clients:
            client.join()
    assert len(answers) > 10
    assert set(answers) == {'{"data":{"__typename":"Query"}}'}
    assert process.interrupt() == 0
    assert not [line for line in process.lines if "Traceback" in line or "ERROR" in line]


def test_a_file_with_faults_keeps_the_old_one_and_says_them(process: RouterProcess, config: Path) -> None:
    url = url_of(process)
    config.write_text("batching: {enabld: true}\nexecution: {max_fetchs: 1}\n")
    line = process.wait_for("is not taken over").string
    assert "the previous configuration stays in force" in line
    assert 'batching.enabld: unknown key. Did you mean "enabled"?; execution.max_fetchs' in line
    assert batch_status(url) == 400
    config.write_text("")
    assert "It is empty; the defaults are written {}." in process.wait_for("is not taken over").string
    config.write_text("subgraphs: {by_name: {nobody: {url: 'http://nobody/'}}}\n")
    assert "Not in the supergraph: subgraph nobody" in process.wait_for("is not taken over").string
    fresh = config.with_suffix(".new")
    fresh.write_text(ON)
    fresh.replace(config)
    process.wait_for(IN_FORCE)
    assert batch_status(url) == 200


def test_what_cannot_change_is_said_in_one_line_and_the_rest_is_in_force(
    process: RouterProcess, config: Path
) -> None:
    url = url_of(process)
    config.write_text(f"server: {{shutdown_grace_seconds: 5, workers: 3}}\n{ON}")
    line = process.wait_for("router.yaml changed").string
    assert line.endswith(f"{IN_FORCE}; at the next start: server.workers, server.shutdown_grace_seconds.")
    assert batch_status(url) == 200
    config.write_text(f"server: {{shutdown_grace_seconds: 6, workers: 3}}\n{ON}")
    line = process.wait_for("router.yaml changed").string
    assert "nothing of it changes a running router; at the next start: server.workers" in line


def test_a_secret_that_is_replaced_is_taken_over(process: RouterProcess, config: Path) -> None:
    """Kubernetes changes a link to a folder, and the file that is read is never touched."""
    url = url_of(process)
    folders = [config.parent / name for name in ("one", "two")]
    for folder, text in zip(folders, ("false", "true"), strict=True):
        folder.mkdir()
        (folder / "batching").write_text(text)
    link = config.parent / "current"
    link.symlink_to(folders[0])
    config.write_text("batching: {enabled: '${file.current/batching}', max_operations: 3}\n")
    process.wait_for(IN_FORCE)
    assert batch_status(url) == 400
    link.unlink()
    link.symlink_to(folders[1])
    process.wait_for(IN_FORCE)
    assert batch_status(url) == 200


def test_counters_and_readiness_on_the_admin_address_go_on_with_the_new_configuration(tmp_path: Path) -> None:
    supergraph, config = tmp_path / "supergraph.graphql", tmp_path / "router.yaml"
    supergraph.write_text(SUPERGRAPH)
    watched = "telemetry: {metrics: {enabled: true, listen: '127.0.0.1:0'}}\n"
    config.write_text(watched + OFF)
    with router_process(supergraph, "--config", str(config), "--production") as process:
        url = url_of(process)
        admin = process.wait_for(r"Metrics at (http://\S+)/metrics").group(1)
        ready = f"{admin}/health/ready"
        assert batch_status(url) == 400
        config.write_text("batching: {enabld: true}\n")
        process.wait_for("is not taken over")
        assert "enabld" in httpx.get(ready).json()["problems"]["configuration"]
        config.write_text(watched + ON)
        process.wait_for(IN_FORCE)
        assert httpx.get(ready).json() == {"status": "UP"}
        assert batch_status(url) == 200
        text = httpx.get(f"{admin}/metrics").text
        for status in ("400", "200"):
            labels = f'http_request_method="POST",http_response_status_code="{status}"'
            assert f"http_server_request_duration_seconds_count{{{labels}}} 1.0" in text
        introspection = httpx.post(url, json={"query": "{ __schema { types { name } } }"})
        assert "INTROSPECTION_DISABLED" in introspection.text
        assert sum("Production settings:" in line for line in process.lines) == 1
        supergraph.write_text("type Query")
        process.wait_for("supergraph.graphql is not taken over")
        assert "supergraph" in httpx.get(ready).json()["problems"]
        config.write_text(watched + OFF)
        process.wait_for(IN_FORCE)
        assert "supergraph" in httpx.get(ready).json()["problems"]
        assert process.interrupt() == 0

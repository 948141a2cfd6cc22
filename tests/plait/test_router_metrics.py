"""`plait router` with metrics: an address of their own, and one sum over all processes."""

from __future__ import annotations

import json
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.plait.test_router_command import TYPENAME, url_of
from tests.support.federation import SUPERGRAPH
from tests.support.router_process import router_process

ASKED = 12
MAX_ASKED = 2_000
"""How often metrics are asked for until those of another process are there, which may be a moment later."""


@pytest.mark.parametrize("workers", [1, 2])
def test_metrics_are_served_apart_and_count_what_every_process_did(tmp_path: Path, workers: int) -> None:
    (tmp_path / "s.graphql").write_text(SUPERGRAPH)
    log = tmp_path / "access.log"
    config = tmp_path / "router.yaml"
    config.write_text(
        "telemetry:\n  metrics: {enabled: true, listen: '127.0.0.1:0'}\n"
        f"  access_log: {{enabled: true, file: {log}}}\n"
    )
    arguments = ("--config", str(config), "--workers", str(workers))
    with router_process(tmp_path / "s.graphql", *arguments) as process:
        url = url_of(process)
        admin = process.wait_for(r"Metrics at (http://\S+)").group(1)
        for _ in range(ASKED):  # A connection of its own each, so that every process gets some.
            assert httpx.post(url, json=TYPENAME).status_code == 200
        found = next((n for n in map(counted, [admin] * MAX_ASKED) if n >= ASKED), None)
        assert httpx.get(admin.replace("/metrics", "/health/ready")).json() == {"status": "UP"}
        assert httpx.get(url.replace("/graphql", "/metrics")).status_code == 404
        if workers == 1:
            (tmp_path / "s.graphql").write_text("type Query {")
            process.wait_for("is not taken over")
            health = httpx.get(admin.replace("/metrics", "/health/ready"))
            assert health.status_code == 200
            assert list(health.json()["problems"]) == ["supergraph"]
            assert httpx.get(url.replace("/graphql", "/health/ready")).json() == {"status": "UP"}
        assert process.interrupt() == 0
    assert found == ASKED
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["status"] for line in lines] == [200] * ASKED
    assert not [line for line in process.lines if "Traceback" in line]


def counted(admin: str) -> float:
    """Operations, of all labels."""
    lines = httpx.get(admin).text.splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith("plait_operations_total"))

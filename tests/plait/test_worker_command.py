"""`plait worker` as a process of its own."""

from __future__ import annotations

import re
import urllib.request
from pathlib import Path

import pytest

from tests.support.processes import Process, running

pytestmark = pytest.mark.xdist_group("up")


def test_it_says_what_it_does_for_each_domain_shows_it_and_stops_with_ctrl_c(tmp_path: Path) -> None:
    home = {"PLAIT_HOME": str(tmp_path / "home"), "PLAIT_METRICS": "127.0.0.1:0"}
    with running("worker", "users", "posts", environment=home, folder=tmp_path) as process:
        process.wait_for("Ready")
        (address,) = re.findall(r"Metrics at (http://\S+)", process.text)
        with urllib.request.urlopen(address) as response:
            shown = response.read().decode()
        assert process.stop() == 0, process.text
    assert "users: " in process.text
    assert 'plait_worker_leads{subgraph="posts"}' in shown
    assert 'plait_consumer_lag_seconds{consumer="posts.departures",subgraph="posts"}' in shown
    assert "events" not in process.text


def test_a_domain_that_is_not_is_refused_with_the_nearest(tmp_path: Path) -> None:
    process = Process(["worker", "user"], {"PLAIT_HOME": str(tmp_path)}, tmp_path)
    assert process.ended() == 2
    assert 'Did you mean "users"?' in process.text

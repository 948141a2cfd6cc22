"""A line of JSON for each operation; slow ones with their plan; nobody writes lines of his own."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import re
from pathlib import Path
from typing import Any

import pytest

from router.config import (
    AccessLogConfig,
    BatchingConfig,
    DeduplicationConfig,
    DemandConfig,
    ExecutionConfig,
    RouterConfig,
    SlowOperationsConfig,
    TelemetryConfig,
)
from router.errors import ConfigError
from router.pipeline.facts import OperationFacts
from router.telemetry import afterwards
from router.telemetry.access_log import AccessLog, LineFile
from router.telemetry.observer import Observed
from tests.router.http.test_graphql_endpoint import client
from tests.support.federation import Subgraph, router, users

TEXT = "query Mine { me { name posts { title } } }"


def logging_to(path: Path, **more: Any) -> RouterConfig:
    access_log = AccessLogConfig(enabled=True, file=str(path))
    return RouterConfig(telemetry=TelemetryConfig(access_log=access_log), **more)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().removesuffix("\n").split("\n")]


async def test_an_operation_is_a_line_with_who_what_how_long_and_what_came_of_it(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    headers = {
        "apollographql-client-name": "web",
        "apollographql-client-version": "1.2",
        "x-request-id": "r-1",
    }
    async with client(logging_to(path)) as http:
        answer = await http.post("/graphql", json={"query": TEXT}, headers=headers)
    (line,) = lines(path)
    durations = [line.pop(name) for name in ("duration", "preparing", "executing")]
    assert 0 < durations[1] <= durations[0]
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "request_id": "r-1",
        "method": "POST",
        "status": 200,
        "answer_bytes": len(answer.content),
        "client_address": "127.0.0.1",
        "client_name": "web",
        "client_version": "1.2",
        "operation_name": "Mine",
        "operation_kind": "query",
        "operation_hash": hashlib.sha256(TEXT.encode()).hexdigest(),
        "fetches": 2,
    }


def test_lines_are_one_write_and_a_file_that_was_closed_is_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    file = LineFile(str(path))
    file.add(b"1\n")
    file.add(b"2\n")
    assert path.read_bytes() == b""
    file.flush()
    assert path.read_bytes() == b"1\n2\n"
    file.add(b"3\n")
    file.close()
    file.add(b"4\n")
    file.close()
    assert path.read_bytes() == b"1\n2\n3\n4\n"


async def test_a_full_disk_loses_lines_and_no_answers_and_is_told_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with client(logging_to(Path("/dev/full"))) as http:
        for _ in range(2):
            assert (await http.post("/graphql", json={"query": TEXT})).status_code == 200
            await asyncio.sleep(2 * afterwards.DELAY)
    (told,) = [each.getMessage() for each in caplog.records if "access log" in each.getMessage()]
    assert re.fullmatch(r"[12] lines of the access log are lost: No space left on device", told)


async def test_what_an_operation_costs_is_in_its_line_even_if_it_is_refused_for_it(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    async with client(logging_to(path, demand=DemandConfig(mode="enforce", max_cost=3, actual=True))) as http:
        await http.post("/graphql", json={"query": "{ me { id } }"})
        await http.post("/graphql", json={"query": "{ posts { id } }"})
    assert [(line.get("cost_estimated"), line.get("cost_actual")) for line in lines(path)] == [
        (1, 1),
        (10, None),
    ]


async def test_what_was_refused_is_a_line_with_its_codes(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    async with client(logging_to(path)) as http:
        await http.post("/graphql", json={"query": "query No { nope }"})
        await http.post("/graphql", content=b"{", headers={"content-type": "application/json"})
        await http.put("/graphql")
    assert [(line["status"], line["codes"], "operation_hash" in line) for line in lines(path)] == [
        (200, ["GRAPHQL_VALIDATION_FAILED"], True),
        (400, ["INVALID_GRAPHQL_REQUEST"], False),
        (405, ["METHOD_NOT_ALLOWED"], False),
    ]


async def test_errors_beside_data_are_told_with_the_operation(tmp_path: Path) -> None:
    class Failing(Subgraph):
        async def execute(self, *arguments: Any) -> dict[str, Any]:
            return {"data": {"me": None}, "errors": [{"message": "no", "extensions": {"code": "OUCH"}}] * 2}

    path = tmp_path / "access.log"
    async with client(logging_to(path), users=Failing({})) as http:
        await http.post("/graphql", json={"query": "{ me { name } }"})
    assert [(line["codes"], line["fetches"]) for line in lines(path)] == [(["OUCH"], 1)]


async def test_each_operation_of_a_batch_is_a_line(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    config = logging_to(path, batching=BatchingConfig(enabled=True))
    async with client(config) as http:
        await http.post("/graphql", json=[{"query": "query A { me { id } }"}, {"query": "{ nope }"}])
    assert [(line["batch"], line.get("operation_name"), line.get("codes")) for line in lines(path)] == [
        (2, "A", None),
        (2, None, ["GRAPHQL_VALIDATION_FAILED"]),
    ]


async def test_an_operation_of_a_batch_that_has_no_text_is_told_with_its_code(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    config = logging_to(path, batching=BatchingConfig(enabled=True))
    async with client(config) as http:
        await http.post("/graphql", json=[{"query": "{ me { id } }"}, {"documentId": "unknown"}])
    assert [line.get("codes") for line in lines(path)] == [None, ["PERSISTED_QUERY_NOT_IN_LIST"]]


async def test_who_shares_anothers_run_has_a_line_too(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    watched = users()
    watched.gate = asyncio.Event()
    once = ExecutionConfig(deduplicate_operations=DeduplicationConfig(enabled=True, headers=()))
    async with client(logging_to(path, execution=once), users=watched) as http:
        asking = [asyncio.create_task(http.post("/graphql", json={"query": "{ me { id } }"})) for _ in "ab"]
        await watched.asked.wait()
        for _ in range(50):
            await asyncio.sleep(0)
        watched.gate.set()
        await asyncio.gather(*asking)
    assert len(watched.requests) == 1
    assert len({line["operation_hash"] for line in lines(path)}) == 1
    assert len(lines(path)) == 2


def test_the_time_of_a_line_is_when_its_request_ended() -> None:
    written: list[bytes] = []
    seconds = iter((1_700_000_000.0, 1_700_000_000.25, 1_700_000_061.0))
    log = AccessLog(written.append, now=lambda: next(seconds), clock=lambda: 50.0)
    for began, lasted in ((10.0, 39.5), (49.0, 1.0), (48.0, 1.125)):
        log.ended(Observed("GET", {}, began=began, seconds=lasted))
    assert [json.loads(line)["time"] for line in written] == [
        "2023-11-14T22:13:19.500+00:00",
        "2023-11-14T22:13:20.250+00:00",
        "2023-11-14T22:14:20.125+00:00",
    ]


def test_who_and_what_is_remembered_of_one_line_is_not_in_anothers() -> None:
    written: list[bytes] = []
    log = AccessLog(written.append)
    for number in (1, 2, 1):
        headers = {
            "x-forwarded-for": f"10.0.0.{number}",
            "graphql-client-name": f"c{number}",
            "x-request-id": "r",
        }
        observed = Observed("POST", headers, partner=f"p{number}")
        observed.operations.append(OperationFacts(text=f"{{ f{number} }}"))
        log.ended(observed)
    lines = [json.loads(line) for line in written]
    assert [(line["client_address"], line["client_name"], line["partner"]) for line in lines] == [
        (f"10.0.0.{number}", f"c{number}", f"p{number}") for number in (1, 2, 1)
    ]
    assert [line["operation_hash"] for line in lines] == [
        hashlib.sha256(f"{{ f{number} }}".encode()).hexdigest() for number in (1, 2, 1)
    ]


async def test_a_client_cannot_write_lines_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    async with client(logging_to(path)) as http:
        headers = {b"x-request-id": b"a\tb\x85c", b"graphql-client-name": b"x" * 5000}
        await http.post("/graphql", json={"query": TEXT, "operationName": "Mine"}, headers=headers)
    (line,) = lines(path)
    assert (line["request_id"], len(line["client_name"])) == ("a\tb\x85c", 100)


def test_a_file_that_cannot_be_written_is_told_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"telemetry.access_log.file: .* cannot be written"):
        router(logging_to(tmp_path / "none" / "access.log"))


@pytest.mark.parametrize(("threshold", "told"), [(0.0001, True), (60.0, False)])
async def test_a_slow_operation_is_logged_with_its_text_and_plan(
    threshold: float, told: bool, caplog: pytest.LogCaptureFixture
) -> None:
    slow = SlowOperationsConfig(threshold_seconds=threshold)
    config = RouterConfig(telemetry=TelemetryConfig(slow_operations=slow))
    with caplog.at_level(logging.WARNING, "router"):
        async with client(config) as http:
            headers = {b"x-request-id": b"r\x85FAKE"}
            await http.post("/graphql", json={"query": f"{TEXT} # \u2028FAKE"}, headers=headers)
    assert bool(caplog.messages) == told
    if told:
        first, *rest = caplog.messages[0].split("\n")
        assert first.startswith("Slow operation Mine: ")
        assert first.endswith("2 fetches, status 200 (request: r FAKE)")
        assert "    QueryPlan {" in rest
        assert all(line.startswith("    ") for line in rest)


async def test_nobody_watches_where_nothing_is_on() -> None:
    assert router().telemetry.observer is None

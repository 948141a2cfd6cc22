"""A worker that is watched: what it did, what waits, who is behind; and a trace for each piece."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from db.errors import StoreUnavailable
from db.postgres import WriteSession
from plait.cli.shown_metrics import otlp_metrics_of
from subgraphs.kit.jobs import Periodic, Queue, enqueue
from subgraphs.kit.outbox import Consumer, Message, Relay, add
from subgraphs.kit.telemetry.work import WorkMetrics
from subgraphs.kit.work_watching import Outcome
from subgraphs.kit.worker import working
from tests.subgraphs.kit.test_outbox import TOPIC, message
from tests.support.kit import World

Found = Mapping[tuple[str, ...], float]


async def read(metrics: WorkMetrics) -> Found:
    content = (await metrics.text()).decode()
    return {
        (sample.name, *(sample.labels[label] for label in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(content)
        for sample in family.samples
    }


async def mail(session: WriteSession, payload: Mapping[str, Any]) -> None:
    await session.execute(text("SELECT 1 AS mail"))
    if payload["to"] == "nobody":
        raise ValueError("no such person")


async def tidy(session: WriteSession) -> None: ...


async def hear(session: WriteSession, heard: Message) -> None:
    if heard.payload["number"] == 2:
        raise ValueError("not this one")


async def work_once(
    world: World, metrics: WorkMetrics, monkeypatch: pytest.MonkeyPatch, traces: Any = None
) -> Consumer:
    """Two jobs, one of which fails; a periodic run; a message that is heard, one that is not, one waits."""
    queue = Queue("mail", mail, world.database)
    consumer = Consumer("users.heard", [TOPIC], hear, world.database, world.redis)
    relay = Relay("users", world.database, world.redis)
    tasks = [queue, Periodic("tidy", timedelta(hours=1), tidy, world.database), consumer, relay]
    async with world.database.write() as session:
        for to in ("ada", "nobody"):
            await enqueue(session, "mail", {"to": to})
        await add(session, *(message(n) for n in (1, 2, 3)))
    watch = metrics.watch("users", world.database, tasks, traces)
    failed, stepped = asyncio.Event(), watch.stepped

    def seen(task: str, outcome: Outcome) -> None:
        stepped(task, outcome)
        if (task, outcome) == (consumer.name, "failed"):
            failed.set()

    monkeypatch.setattr(watch, "stepped", seen)
    async with working("users", world.database, tasks, watch):
        await asyncio.wait_for(failed.wait(), 20)
        while not (await read(metrics)).get(("plait_work_total", "job", "failed", "users", "mail")):
            assert await queue.step()
    return consumer


async def test_what_was_done_what_failed_and_what_waits_is_counted_by_queue_and_consumer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    metrics = WorkMetrics()
    await work_once(world, metrics, monkeypatch)
    await world.query("UPDATE jobs SET due_at = now() - interval '90 s', dead = (payload ->> 'to' = 'x')")
    await world.query(
        "INSERT INTO dead_letters (consumer, message_id, message, error) "
        "VALUES ('users.heard', gen_random_uuid(), '{}', 'no')"
    )
    found = await read(metrics)
    assert found["plait_work_total", "job", "done", "users", "mail"] == 1
    assert found["plait_work_total", "job", "failed", "users", "mail"] >= 1
    assert found["plait_work_total", "periodic", "done", "users", "tidy"] == 1
    assert found["plait_work_total", "message", "done", "users", "users.heard"] == 1
    assert found["plait_work_total", "message", "failed", "users", "users.heard"] >= 1
    assert found["plait_work_duration_seconds_count", "job", "users", "mail"] >= 2
    assert found["plait_task_steps_total", "worked", "users", "relay"] >= 1
    assert found["plait_jobs_waiting", "mail", "users"] == 1
    assert 89 < found["plait_jobs_oldest_seconds", "mail", "users"] < 150
    assert found["plait_jobs_dead", "mail", "users"] == 0
    assert found["plait_consumer_lag_messages", "users.heard", "users"] == 2
    assert 0 <= found["plait_consumer_lag_seconds", "users.heard", "users"] < 60
    assert found["plait_consumer_dead_letters", "users.heard", "users"] == 1
    assert found["plait_worker_leads", "users"] == 0, "it has ended"


async def test_who_was_never_there_is_behind_by_all_that_was_said(world: World) -> None:
    async with world.database.write() as session:
        await add(session, message(1), message(2))
    assert await Relay("users", world.database, world.redis).step()
    consumer = Consumer("posts.new", [TOPIC, "users.nothing"], hear, world.database, world.redis)
    assert (await consumer.lag()).messages == 2


async def test_a_store_that_is_away_leaves_out_what_it_would_say_and_keeps_what_was_done(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    metrics = WorkMetrics()
    consumer = await work_once(world, metrics, monkeypatch)

    async def away() -> int:
        raise StoreUnavailable("users", "gone")

    monkeypatch.setattr(consumer, "dead", away)
    found = await read(metrics)
    assert ("plait_consumer_lag_messages", "users.heard", "users") not in found
    assert found["plait_work_total", "job", "done", "users", "mail"] == 1


async def test_a_piece_is_a_trace_with_its_statements_and_metrics_go_to_a_collector(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sdk = pytest.importorskip("opentelemetry.sdk.trace", reason="needs pip install 'plait[telemetry]'")
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    from subgraphs.kit.telemetry.traces import SubgraphTraces

    collected, provider, metrics = InMemorySpanExporter(), sdk.TracerProvider(), WorkMetrics()
    provider.add_span_processor(SimpleSpanProcessor(collected))
    await work_once(world, metrics, monkeypatch, SubgraphTraces(provider, "users"))
    spans = collected.get_finished_spans()
    jobs = {span.context.span_id: span for span in spans if span.name == "job mail"}
    mails = [span for span in spans if span.attributes.get("db.query.text") == "SELECT 1 AS mail"]
    assert {span.parent.span_id for span in mails} == set(jobs)
    assert {span.parent for span in jobs.values()} == {None}

    sent: asyncio.Queue[Any] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    otlp = otlp_metrics_of(metrics, "plait-worker", "http://127.0.0.1:9/v1/metrics")
    monkeypatch.setattr(
        otlp._exporter, "export", lambda data: loop.call_soon_threadsafe(sent.put_nowait, data)
    )
    monkeypatch.setattr(otlp, "_interval", 0)
    otlp.start()
    (resource,) = (await asyncio.wait_for(sent.get(), 10)).resource_metrics
    await otlp.aclose()
    assert resource.resource.attributes["service.name"] == "plait-worker"
    assert {"plait_work", "plait_jobs_oldest", "plait_consumer_lag"} <= {
        metric.name for scope in resource.scope_metrics for metric in scope.metrics
    }

"""Dashboards and alert rules: promtool takes them, the rules fire when they should, and every metric and
label that they name is there in what a router and a subgraph show after a few requests.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import httpx2 as httpx
import pytest
import yaml
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from db.postgres import Database
from router.config import (
    DemandConfig,
    FieldUsageConfig,
    MetricsConfig,
    RouterConfig,
    TelemetryConfig,
)
from subgraphs.kit.outbox.backlog import Backlog
from subgraphs.kit.telemetry.metrics import SubgraphMetrics
from subgraphs.kit.telemetry.work import WorkMetrics
from tests.router.test_reloading import serving

FOLDER = Path(__file__).resolve().parent.parent / "dashboards"
RULES = FOLDER / "prometheus" / "rules.yaml"
DASHBOARDS = sorted((FOLDER / "grafana").glob("*.json"))
OF_PROMETHEUS = {"up": {"job", "instance"}}
"""Made by Prometheus itself for each target."""
ADDED_BY_PROMETHEUS = {"job", "instance"}

METRIC = re.compile(r"\b(?:plait_\w+|http_server_\w+|up\b)")
SELECTOR = re.compile(r"(\w+)\{([^}]*)\}")
MATCHER = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)")
GROUPING = re.compile(r"\bby \(([^)]*)\)")
VARIABLES = {"$__rate_interval": "5m", "$__range": "1h", "$client": ".*", "$subgraph": ".*"}


def panels(path: Path) -> list[Any]:
    found: list[Any] = json.loads(path.read_text())["panels"]
    return found


def expressions() -> Iterator[tuple[str, str]]:
    """Where it stands, and the expression."""
    for group in yaml.safe_load(RULES.read_text())["groups"]:
        for rule in group["rules"]:
            yield rule.get("alert") or rule["record"], rule["expr"]
    for path in DASHBOARDS:
        for panel in panels(path):
            for target in panel["targets"]:
                yield f"{path.name}: {panel['title']}", target["expr"]


def plain(expression: str) -> str:
    for variable, value in VARIABLES.items():
        expression = expression.replace(variable, value)
    return expression


async def shown() -> dict[str, set[str]]:
    """Names of samples, with their labels, after a few requests."""
    usage = FieldUsageConfig(enabled=True)
    config = RouterConfig(
        demand=DemandConfig(mode="measure", actual=True),
        telemetry=TelemetryConfig(metrics=MetricsConfig(enabled=True, field_usage=usage)),
    )
    async with serving(config) as (reloading, client):
        for query in ("{ me { name posts { title } } }", "{ nope }"):
            await client.post("/graphql", json={"query": query})
        admin = httpx.ASGITransport(reloading.admin())
        async with httpx.AsyncClient(transport=admin, base_url="http://admin") as http:
            texts = [(await http.get("/metrics")).text]

    async def ready() -> None: ...

    async def waiting() -> Backlog:
        return Backlog(1, 2.0, 3)

    metrics = SubgraphMetrics("users", ready, waiting)
    metrics.answered(["OUCH"], 0.1)
    metrics.sent("select", 0.1)
    texts.append((await metrics.text()).decode())
    texts.append(await shown_by_a_worker())
    found: dict[str, set[str]] = dict(OF_PROMETHEUS)
    for text in texts:
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                found.setdefault(sample.name, set()).update(sample.labels)
    return found


async def shown_by_a_worker() -> str:
    metrics = WorkMetrics()
    watch = metrics.watch("users", cast(Database, None), [])
    with watch.piece("job", "mail"):
        watch.stepped("mail", "worked")
    metrics.waiting.labels("users", "mail").set(1)
    text = (await metrics.text()).decode()
    assert "plait_jobs_waiting{" not in text, "nobody was asked"
    for gauge in (metrics.waiting, metrics.oldest, metrics.dead):
        gauge.labels("users", "mail").set(1)
    for gauge in (metrics.behind, metrics.behind_seconds, metrics.letters):
        gauge.labels("users", "users.heard").set(1)
    return generate_latest(metrics.registry).decode()


async def test_every_metric_and_label_that_is_asked_for_is_shown() -> None:
    known = await shown()
    asked = 0
    for where, expression in expressions():
        selectors = dict(SELECTOR.findall(expression))
        names = {name for name in METRIC.findall(expression) if not name.endswith("_")}
        for name in names:
            asked += 1
            assert name in known, f"{where}: nothing shows {name}"
            labels = set(MATCHER.findall(selectors.get(name, "")))
            assert labels <= known[name] | ADDED_BY_PROMETHEUS, (
                f"{where}: {name} has no {labels - known[name]}"
            )
        grouped = {label.strip() for group in GROUPING.findall(expression) for label in group.split(",")}
        there = ADDED_BY_PROMETHEUS.union(*(known[name] for name in names)) if names else grouped
        assert grouped <= there, f"{where}: nothing has {grouped - there}"
    assert asked > 30


def test_what_rules_record_is_what_alerts_ask_for() -> None:
    rules = [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]
    recorded = {rule["record"] for rule in rules if "record" in rule}
    asked = {name for rule in rules for name in re.findall(r"plait:\w+:\w+", rule["expr"])}
    assert asked == recorded
    assert all({"summary"} <= rule["annotations"].keys() for rule in rules if "alert" in rule)


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_a_dashboard_can_be_imported_as_it_is(path: Path) -> None:
    dashboard = json.loads(path.read_text())
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(ids) == len(set(ids)) > 5
    assert dashboard["uid"] == f"plait-{path.stem}"
    assert {panel["datasource"]["uid"] for panel in dashboard["panels"]} == {"${datasource}"}
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in dashboard["panels"]]
    assert len(places) == len(set(places))
    named = {variable["name"] for variable in dashboard["templating"]["list"]}
    texts = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    used = set(re.findall(r"\$(?!__)(\w+)", " ".join(texts)))
    assert used <= named


@pytest.fixture(scope="module")
def promtool() -> str:
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "plait" / "promtool"
    program = shutil.which("promtool") or (str(cache) if cache.is_file() else None)
    if program is None:
        pytest.skip("needs promtool: `make services` fetches it, or apt-get install prometheus")
    return program


def run(*command: str, cwd: Path) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_alert_fires_when_it_should_and_none_while_all_is_well(promtool: str) -> None:
    run(promtool, "check", "rules", RULES.name, cwd=RULES.parent)
    run(promtool, "check", "config", "prometheus.yaml", cwd=RULES.parent)
    run(promtool, "test", "rules", "rules_test.yaml", cwd=RULES.parent)


def test_every_alert_is_tested_to_fire() -> None:
    rules = yaml.safe_load(RULES.read_text())["groups"]
    alerts = {rule["alert"] for group in rules for rule in group["rules"] if "alert" in rule}
    tests = yaml.safe_load((RULES.parent / "rules_test.yaml").read_text())["tests"]
    fired = {case["alertname"] for one in tests for case in one["alert_rule_test"] if case.get("exp_alerts")}
    quiet = {
        case["alertname"] for one in tests for case in one["alert_rule_test"] if "exp_alerts" not in case
    }
    assert fired == alerts == quiet


def test_prometheus_reads_every_expression_of_the_dashboards(promtool: str, tmp_path: Path) -> None:
    rules = [{"record": f"a:b{n}", "expr": plain(text)} for n, (_, text) in enumerate(expressions())]
    (tmp_path / "all.yaml").write_text(yaml.safe_dump({"groups": [{"name": "all", "rules": rules}]}))
    run(promtool, "check", "rules", "all.yaml", cwd=tmp_path)

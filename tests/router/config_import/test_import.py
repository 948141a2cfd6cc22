"""What is not simply carried over is told: why, what differs, what was written out; and whose file it is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from router.config.file import parse_config
from router.config_import import import_config
from router.config_import.report import Imported, Kind
from router.errors import ConfigError


def told(imported: Imported, kind: Kind) -> dict[str, str]:
    return {remark.key: remark.reason for remark in imported.of(kind)}


def test_a_routers_default_that_is_not_ours_is_written_out() -> None:
    apollo = import_config("homepage: {enabled: false}", "apollo")
    assert apollo.config == {
        "headers": {"all": {"request": []}},
        "server": {"graphql_path": "/"},
        "introspection": {"enabled": False},
        "studio": {"enabled": False},
        "execution": {"operation_timeout_seconds": 30},
    }
    assert set(told(apollo, Kind.ASSUMED)) == {
        "headers",
        "supergraph.path",
        "supergraph.introspection",
        "sandbox.enabled",
        "traffic_shaping.router.timeout",
    }
    assert import_config("log: {}", "hive").config["server"] == {"listen": "0.0.0.0:4000"}
    assert import_config("log_level: info", "cosmo").config["cors"]["allow_origins"] == ["*"]


def test_a_value_that_is_said_there_and_is_our_default_is_not_taken_for_theirs() -> None:
    text = "supergraph: {path: /graphql, introspection: true}\ntraffic_shaping: {router: {timeout: 60s}}"
    imported = import_config(text, "apollo")
    assert set(imported.config) == {"headers", "studio"}
    assert set(told(imported, Kind.DEFAULT)) == {
        "supergraph.path",
        "supergraph.introspection",
        "traffic_shaping.router.timeout",
    }


def test_what_no_rule_takes_is_told_with_a_reason_and_what_is_off_is_the_default() -> None:
    text = "rhai: {scripts: ./x}\nsubscription: {enabled: false}\ntelemetry: {exporters: {}}\nnonsense: 1"
    imported = import_config(text, "apollo")
    reasons = told(imported, Kind.NOT_CARRIED)
    assert "Python" in reasons["rhai"]
    assert reasons["nonsense"] == "Apollo Router has no such key"
    assert "traces" in reasons["telemetry"]
    assert "subscription" in told(imported, Kind.DEFAULT)


def test_nothing_of_a_file_is_left_out_silently() -> None:
    """Every leaf is taken by a rule that says so, or told."""
    text = """
supergraph: {listen: 127.0.0.1:1, path: /g, odd: 1, query_planning: {cache: {in_memory: {limit: 5, more: 1}}}}
traffic_shaping: {all: {timeout: 1s, pool_idle_timeout: 3s}, subgraphs: {a: {timeout: 2s, compression: gzip}}}
"""
    imported = import_config(text, "apollo")
    assert {key for key, _ in imported.carried} | set(told(imported, Kind.NOT_CARRIED)) == {
        "supergraph.listen",
        "supergraph.path",
        "supergraph.odd",
        "supergraph.query_planning.cache.in_memory.limit",
        "supergraph.query_planning.cache.in_memory.more",
        "traffic_shaping.all.timeout",
        "traffic_shaping.all.pool_idle_timeout",
        "traffic_shaping.subgraphs.a.timeout",
        "traffic_shaping.subgraphs.a.compression",
    }


NOT_CARRIED = [
    ("apollo", "traffic_shaping: {all: {timeout: '${env.T:-30s}'}}", "traffic_shaping.all.timeout"),
    ("apollo", "traffic_shaping: {all: {timeout: soon}}", "traffic_shaping.all.timeout"),
    ("apollo", "traffic_shaping: {all: {timeout: 5 parsecs}}", "traffic_shaping.all.timeout"),
    ("cosmo", "traffic_shaping: {all: {request_timeout: 0s}}", "traffic_shaping.all.request_timeout"),
    ("apollo", "supergraph: {path: '/graphql/*'}", "supergraph.path"),
    ("apollo", "supergraph: {listen: 'unix:/run/r.sock'}", "supergraph.listen"),
    (
        "apollo",
        "headers: {all: {request: [{insert: {name: a, from_context: b}}]}}",
        "headers.all.request[0]",
    ),
    (
        "apollo",
        "headers: {subgraphs: {a: {request: [{remove: {matching: 'x-.*'}}]}}}",
        "headers.subgraphs.a.request[0]",
    ),
    (
        "cosmo",
        "headers: {all: {request: [{op: set, name: a, expression: b}]}}",
        "headers.all.request[0]",
    ),
    ("cosmo", "headers: {all: {request: [text]}}", "headers.all.request[0]"),
    (
        "hive",
        "headers: {all: {request: [{propagate: {matching: x, exclude: [y]}}]}}",
        "headers.all.request[0]",
    ),
    (
        "hive",
        "override_subgraph_urls: {subgraphs: {a: {url: {expression: '.default'}}}}",
        "override_subgraph_urls.subgraphs.a.url",
    ),
    (
        "hive",
        "traffic_shaping: {all: {request_timeout: {expression: x}}}",
        "traffic_shaping.all.request_timeout",
    ),
    ("hive", "override_labels: {a: {expression: x}}", "override_labels.a"),
    (
        "apollo",
        "authentication: {router: {jwt: {jwks: [{url: 'http://k/', headers: [{name: a, value: b}]}]}}}",
        "authentication.router.jwt.jwks[0]",
    ),
    (
        "cosmo",
        "authentication: {jwt: {jwks: [{secret: s, symmetric_algorithm: HS256, header_key_id: k}]}}",
        "authentication.jwt.jwks[0]",
    ),
    ("cosmo", "cors: {allow_origins: ['https://*.example']}", "cors.allow_origins"),
]


@pytest.mark.parametrize(("router", "text", "key"), NOT_CARRIED)
def test_a_value_without_counterpart_is_told_and_the_rest_is_valid(router: str, text: str, key: str) -> None:
    imported = import_config(text, router)
    assert key in told(imported, Kind.NOT_CARRIED)
    parse_config(imported.to_yaml(), {})


SWITCHES = [
    ("apollo", "csrf: {unsafe_disabled: '${env.X:-false}'}", "csrf.unsafe_disabled"),
    ("apollo", "limits: {warn_only: '${env.X:-false}'}", "limits.warn_only"),
    (
        "apollo",
        "authorization: {directives: {dry_run: '${env.X:-false}'}}",
        "authorization.directives.dry_run",
    ),
    (
        "apollo",
        "persisted_queries: {enabled: true, safelist: {enabled: '${env.X:-true}'}}",
        "persisted_queries.safelist.enabled",
    ),
    ("apollo", "demand_control: {enabled: '${env.X:-true}', mode: enforce}", "demand_control.enabled"),
    (
        "cosmo",
        "authorization: {reject_operation_if_unauthorized: '${X}'}",
        "authorization.reject_operation_if_unauthorized",
    ),
]


@pytest.mark.parametrize(("router", "text", "key"), SWITCHES, ids=[key for *_, key in SWITCHES])
def test_a_switch_that_the_environment_sets_turns_nothing_here_and_is_told(
    router: str, text: str, key: str
) -> None:
    imported = import_config(text, router)
    assert key in told(imported, Kind.NOT_CARRIED)
    assert not {"csrf", "limits", "authorization", "demand"} & set(imported.config)
    assert imported.config.get("persisted_operations", {}).get("mode") is None or router == "cosmo"


NOT_ONE_TO_ONE = [
    ("apollo", "tls: {subgraph: {all: {certificate_authorities: '-----BEGIN'}}}", "named"),
    ("apollo", "persisted_queries: {enabled: true, safelist: {enabled: true}}", "none from a registry"),
    ("apollo", "traffic_shaping: {router: {global_rate_limit: {capacity: 1}}}", "interval"),
    ("apollo", "traffic_shaping: {all: {global_rate_limit: {capacity: 1, interval: 1s}}}", "rate_limits"),
    ("apollo", "telemetry: {exporters: {tracing: {otlp: {enabled: true, protocol: grpc}}}}", "over HTTP"),
    ("apollo", "telemetry: {exporters: {metrics: {otlp: {enabled: true}}}}", "over HTTP"),
    (
        "cosmo",
        "telemetry: {metrics: {otlp: {exporters: [{endpoint: 'http://a'}, {endpoint: 'http://b'}]}}}",
        "to one collector",
    ),
    (
        "hive",
        "telemetry: {metrics: {exporters: [{kind: otlp, protocol: http, http: {headers: {a: b}}}]}}",
        "nothing but the data",
    ),
    ("apollo", "apq: {router: {cache: {redis: {urls: ['redis://a', 'redis://b']}}}}", "no cluster"),
    ("apollo", "authorization: {directives: {enabled: false}}", "always enforced"),
    ("cosmo", "tls: {client: {all: {insecure_skip_ca_verification: true}}}", "always verified"),
    ("cosmo", "rate_limit: {enabled: true, strategy: simple}", "rate_limits.rules"),
    ("hive", "traffic_shaping: {all: {tls: {cert_file: [a.pem, b.pem]}}}", "into one"),
    ("hive", "traffic_shaping: {all: {circuit_breaker: {half_open_attempts: 3}}}", "no counterpart"),
    ("hive", "demand_control: {enabled: true, max_cost: 5}", "demand.max_cost"),
]


@pytest.mark.parametrize(("router", "text", "reason"), NOT_ONE_TO_ONE, ids=[t for _, t, _ in NOT_ONE_TO_ONE])
def test_a_feature_that_is_here_and_other_says_what_to_set(router: str, text: str, reason: str) -> None:
    imported = import_config(text, router)
    assert any(reason in found for found in told(imported, Kind.NOT_CARRIED).values())
    assert imported.faults == ()


@pytest.mark.parametrize("shares", [("25", 0.25), ("50%", 0.5), ("0.5", 0.5)], ids=str)
def test_the_share_of_failures_is_a_percentage_there_and_a_ratio_here(shares: tuple[str, float]) -> None:
    text = f"traffic_shaping: {{all: {{circuit_breaker: {{enabled: true, error_threshold: {shares[0]}}}}}}}"
    imported = import_config(text, "hive")
    breaker = imported.config["subgraphs"]["defaults"]["circuit_breaker"]
    assert breaker.get("failure_ratio", 0.5) == shares[1]


def test_retries_that_are_off_there_are_off_here() -> None:
    imported = import_config("traffic_shaping: {all: {retry: {enabled: false, max_attempts: 4}}}", "cosmo")
    assert "max_retries" not in imported.config.get("subgraphs", {}).get("defaults", {})


@pytest.mark.parametrize(
    ("router", "text"),
    [
        ("apollo", "include_subgraph_errors: {all: true, subgraphs: {secret: false}}"),
        ("apollo", "include_subgraph_errors: {all: {redact_message: true}}"),
        ("hive", "error_masking: {all: {enabled: false}, subgraphs: {secret: {enabled: true}}}"),
    ],
)
def test_errors_that_are_hidden_there_are_never_shown_here(router: str, text: str) -> None:
    imported = import_config(text, router)
    assert "errors" not in imported.config
    assert any("errors stay masked" in reason for reason in told(imported, Kind.NOT_CARRIED).values())


def test_credentials_for_any_origin_are_off_and_said() -> None:
    imported = import_config("cors: {allow_origins: ['*'], allow_credentials: true}", "cosmo")
    assert "allow_credentials" not in imported.config["cors"]
    assert "credentials" in told(imported, Kind.DIFFERS)["cors"]


@pytest.mark.parametrize(
    ("router", "written", "ours"),
    [
        ("apollo", "${env.A:-b}", "${env.A:-b}"),
        ("apollo", "x ${file./k} y", "x ${file./k} y"),
        ("cosmo", "$A and ${B}", "${env.A} and ${env.B}"),
        ("hive", {"from_env": "A"}, "${env.A}"),
        ("hive", {"from_env": "A", "default": "b"}, "${env.A:-b}"),
        ("hive", "${env.A}", "$${env.A}"),
    ],
)
def test_the_environment_is_written_as_ours(router: str, written: Any, ours: str) -> None:
    rule = (
        {"op": "set", "name": "x", "value": written}
        if router == "cosmo"
        else {"insert": {"name": "x", "value": written}}
    )
    imported = import_config(json.dumps({"headers": {"all": {"request": [rule]}}}), router)
    assert imported.config["headers"]["all"]["request"] == [{"insert": {"name": "x", "value": ours}}]


def test_an_expression_that_only_reads_the_environment_is_one_of_ours() -> None:
    text = 'override_subgraph_urls: {subgraphs: {a: {url: {expression: \'env("U", "http://u")\'}}}}'
    assert import_config(text, "hive").config["subgraphs"]["by_name"]["a"]["url"] == "${env.U:-http://u}"


def test_a_number_or_flag_from_the_environment_stays_one() -> None:
    imported = import_config("introspection: {from_env: I, default: false}", "hive", {})
    assert imported.config["introspection"]["enabled"] == "${env.I:-false}"
    assert imported.faults == ()


def test_what_is_not_valid_yet_is_told() -> None:
    imported = import_config("supergraph: {listen: '${env.NOT_THERE}'}", "apollo")
    assert imported.faults == (
        "server.listen: the environment variable NOT_THERE is not set and has no default",
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("plugins: {}", "whose file this is cannot be told"),
        ("server: {listen: '1'}\nsubgraphs: {}", "a configuration of this router already"),
        ("- a", "expected a mapping"),
        ("", "expected a mapping"),
        ("a: [", "not YAML"),
        ("a: &a {b: *a}", "whose file this is"),
        ("supergraph: {listen: x}\na: &a [*a]", "contains itself"),
    ],
)
def test_a_text_that_is_no_such_file_is_refused(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        import_config(text)


def test_json_is_read_as_well() -> None:
    assert import_config('{"http": {"port": 1}, "log": {}}').router == "Hive Router"


@pytest.mark.parametrize("router", ["apollo", "cosmo", "hive"])
@pytest.mark.parametrize("value", [None, 5, "text", [], [1], {}, {"a": {"b": 1}}, True])
def test_sections_of_any_shape_are_no_traceback(router: str, value: Any) -> None:
    tops = ("supergraph", "http", "cors", "headers", "authentication", "jwt", "traffic_shaping", "limits")
    more = ("include_subgraph_errors", "error_masking", "override_labels", "override_subgraph_urls")
    inner = {"all": value, "jwt": value, "router": {"jwt": value}, "policies": [value], "subgraphs": value}
    for section in (value, inner, {"enabled": True, **inner}):
        import_config(json.dumps(dict.fromkeys((*tops, *more, "security"), section)), router)

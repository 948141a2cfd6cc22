"""Cosmo Router's `config.yaml`."""

from __future__ import annotations

from typing import Any

from router.config_import import keys, reasons
from router.config_import.cors import put_policies
from router.config_import.dialect import Dialect
from router.config_import.document import MISSING, Ours, Rule, Theirs, path_of, text_of
from router.config_import.environment import of_cosmo
from router.config_import.headers import PROPAGATE, Entries, carry_headers, mapping, pick
from router.config_import.otlp import of_cosmo as otlp
from router.config_import.report import Kind
from router.config_import.tokens import ASYMMETRIC, put_key_sets, put_sources
from router.config_import.values import NotCarried, address, flag, path, percent, same, seconds, size

MERGES = {"first_write": "first", "last_write": "last", "append": "append"}
RETRIED = "queries alone, within the budget subgraphs.defaults.retry_budget"
COUNTED = "what counts as one is not the same; compare with a measured operation"

FIELDS = "lines are JSON with fields of their own, and are told apart from the log: docs/observability.md"
NAMES = "the metrics have names of their own: docs/observability.md"

RULES = (
    Rule("listen_addr", "server.listen", address),
    Rule("graphql_path", "server.graphql_path", path),
    Rule("grace_period", "server.shutdown_grace_seconds", seconds),
    Rule("introspection_enabled", "introspection.enabled"),
    Rule("introspection.enabled", "introspection.enabled"),
    Rule("playground_enabled", "studio.enabled"),
    Rule("playground.enabled", "studio.enabled"),
    Rule("query_plans_enabled", "execution.expose_query_plan", differs="by Apollo-Expose-Query-Plan: true"),
    Rule("override_routing_url.subgraphs.*", "subgraphs.by_name.*.url"),
    Rule("overrides.subgraphs.*.routing_url", "subgraphs.by_name.*.url"),
    Rule("traffic_shaping.router.max_request_body_size", "server.max_request_bytes", size),
    Rule("traffic_shaping.router.max_header_bytes", "server.max_header_bytes", size),
    Rule("traffic_shaping.router.response_compression_min_size", "compression.min_bytes", size),
    Rule("traffic_shaping.all.request_timeout", "subgraphs.defaults.timeout_seconds", seconds),
    Rule("traffic_shaping.subgraphs.*.request_timeout", "subgraphs.by_name.*.timeout_seconds", seconds),
    Rule("traffic_shaping.all.max_conns_per_host", "subgraphs.defaults.max_connections"),
    Rule("traffic_shaping.subgraphs.*.max_conns_per_host", "subgraphs.by_name.*.max_connections"),
    Rule("tls.client.all.ca_file", "subgraphs.defaults.tls.ca_file"),
    Rule("tls.client.all.cert_file", "subgraphs.defaults.tls.certificate_file"),
    Rule("tls.client.all.key_file", "subgraphs.defaults.tls.key_file"),
    Rule("tls.client.subgraphs.*.ca_file", "subgraphs.by_name.*.tls.ca_file"),
    Rule("tls.client.subgraphs.*.cert_file", "subgraphs.by_name.*.tls.certificate_file"),
    Rule("tls.client.subgraphs.*.key_file", "subgraphs.by_name.*.tls.key_file"),
    Rule("access_logs.enabled", "telemetry.access_log.enabled", differs=FIELDS),
    Rule("telemetry.metrics.prometheus.enabled", "telemetry.metrics.enabled", differs=NAMES),
    Rule("telemetry.metrics.prometheus.listen_addr", "telemetry.metrics.listen", address),
    Rule("engine.enable_single_flight", "subgraphs.defaults.deduplicate"),
    Rule("engine.enable_inbound_request_deduplication", "execution.deduplicate_operations.enabled"),
    Rule("engine.execution_plan_cache_size", "cache.prepared_operations"),
    Rule("batching.enabled", "batching.enabled"),
    Rule("batching.max_entries_per_batch", "batching.max_operations"),
    Rule("file_upload.enabled", "uploads.enabled"),
    Rule("file_upload.max_files", "uploads.max_files"),
    Rule("file_upload.max_file_size", "uploads.max_file_bytes", size),
    Rule("automatic_persisted_queries.enabled", "persisted_operations.apq.enabled"),
    Rule("automatic_persisted_queries.cache.size", "persisted_operations.apq.max_bytes", size),
    Rule("authorization.require_authentication", "authorization.require_authentication"),
    Rule(
        "authorization.reject_operation_if_unauthorized",
        "authorization.on_denied",
        lambda reject: "reject" if flag(reject) else "filter",
    ),
    Rule("authentication.jwt.scope_claim", "authorization.scopes_claims", lambda claim: [claim]),
)

BREAKER = (
    ("enabled", "enabled", same),
    ("error_threshold_percentage", "failure_ratio", percent),
    ("request_threshold", "min_requests", same),
    ("rolling_duration", "window_seconds", seconds),
    ("sleep_window", "open_seconds", seconds),
)
"""(their key, ours, how its value is read)"""

BY_SUBGRAPH = (("all", "defaults"), ("subgraphs.*", "by_name.*"))


def resilience(theirs: Theirs, ours: Ours) -> None:
    for at, to in BY_SUBGRAPH:
        for name, setting, convert in BREAKER:
            key = f"traffic_shaping.{at}.circuit_breaker.{name}"
            Rule(key, f"subgraphs.{to}.circuit_breaker.{setting}", convert)(theirs, ours)
        off = theirs.get(path_of(f"traffic_shaping.{at}.retry.enabled")) is False
        retries = f"subgraphs.{to}.max_retries"
        if off:
            Rule(f"traffic_shaping.{at}.retry.enabled", retries, lambda enabled: 0)(theirs, ours)
            theirs.take(path_of(f"traffic_shaping.{at}.retry"))
        else:
            Rule(f"traffic_shaping.{at}.retry.max_attempts", retries, same, RETRIED)(theirs, ours)


LIMITS = (
    ("security.complexity_limits.depth", "max_depth", None),
    ("security.depth_limit", "max_depth", None),
    ("security.complexity_limits.total_fields", "max_height", COUNTED),
    ("security.complexity_limits.root_fields", "max_root_fields", COUNTED),
    ("security.complexity_limits.root_field_aliases", "max_aliases", COUNTED),
)
"""(their section, our limit, what differs)"""


def limits(theirs: Theirs, ours: Ours) -> None:
    """Each is enabled by itself."""
    for key, to, differs in LIMITS:
        section = theirs.take(path_of(key))
        if not isinstance(section, dict) or not section.get("enabled"):
            continue
        ours.put(f"{key}.limit", ("limits", to), section.get("limit"), differs)
        if section.get("ignore_persisted_operations"):
            ours.not_carried(f"{key}.ignore_persisted_operations", "a limit holds for every operation here")
    mode = theirs.take(path_of("security.complexity_limits.mode"))
    if mode is not MISSING:
        word = "enforce" if mode == "enforce" else "warn"
        ours.put("security.complexity_limits.mode", ("limits", "mode"), word)


def errors_of_subgraphs(theirs: Theirs, ours: Ours) -> None:
    at, to = ("subgraph_error_propagation",), path_of("errors.show_subgraph_errors")
    enabled, mode = theirs.take((*at, "enabled")), theirs.take((*at, "mode"))
    if enabled is False:
        ours.put("subgraph_error_propagation.enabled", to, False)
    elif mode == "pass-through":
        ours.put("subgraph_error_propagation.mode", to, True)
    else:
        key = "subgraph_error_propagation.mode"
        ours.say(
            Kind.DIFFERS,
            key,
            "errors that are wrapped there are masked here: one error with its code",
            text_of(to),
        )


def cors(theirs: Theirs, ours: Ours) -> None:
    """On for any origin when the file does not say otherwise."""
    section = theirs.take(("cors",))
    section = section if isinstance(section, dict) else {}
    if section.get("enabled") is False:
        ours.say(Kind.DEFAULT, "cors.enabled", "", "cors.allow_origins")
        return
    origins = section.get("allow_origins", ["*"])
    if "allow_origins" not in section:
        ours.say(Kind.ASSUMED, "cors.allow_origins", "any origin there", "cors.allow_origins")
    patterns = [str(origin) for origin in origins if "*" in str(origin) and origin != "*"]
    if patterns:
        ours.not_carried(
            "cors.allow_origins", "an origin with * inside is not a pattern here; see cors.match_origins"
        )
    policy = {
        "allow_origins": [origin for origin in origins if str(origin) not in patterns],
        "allow_headers": section.get("allow_headers"),
        "allow_credentials": section.get("allow_credentials", True),
        "methods": section.get("allow_methods"),
        "max_age": section.get("max_age", "5m"),
    }
    put_policies(ours, "cors", [{key: value for key, value in policy.items() if value is not None}])


def tokens(theirs: Theirs, ours: Ours) -> None:
    at, to = path_of("authentication.jwt"), path_of("authentication.jwt")
    entries = theirs.take((*at, "jwks"))
    if isinstance(entries, list):
        put_key_sets(ours, f"{text_of(at)}.jwks", entries, key_set)
    names = {}
    for name, ours_name in (("header_name", "header_name"), ("header_value_prefix", "header_prefix")):
        value = names[name] = theirs.take((*at, name))
        if value is not MISSING:
            value = str(value).lower() if name == "header_name" else value
            ours.put(f"{text_of(at)}.{name}", (*to, ours_name), value)
    sources = theirs.take((*at, "header_sources"))
    if isinstance(sources, list) and sources:
        header = "authorization" if names["header_name"] is MISSING else names["header_name"]
        first: dict[str, Any] = {"type": "header", "name": header}
        if names["header_value_prefix"] is not MISSING:
            first["value_prefixes"] = [names["header_value_prefix"]]
        put_sources(ours, f"{text_of(at)}.header_sources", [first, *sources], source)


def key_set(entry: dict[str, Any]) -> dict[str, Any]:
    """Raises `NotCarried`."""
    if "secret" in entry:
        raise NotCarried("a shared secret is given as a key set in a file here")
    found: dict[str, Any] = {"url": entry.get("url")}
    if entry.get("audiences"):
        found["audiences"] = entry["audiences"]
    found["algorithms"] = entry.get("algorithms") or list(ASYMMETRIC)
    found["refresh_seconds"] = seconds(entry.get("refresh_interval", "1m"))
    return found


def source(entry: dict[str, Any]) -> dict[str, Any]:
    """Raises `NotCarried`."""
    prefixes = entry.get("value_prefixes") or ["Bearer"]
    if len(prefixes) > 1:
        raise NotCarried("one place has one prefix here")
    return {"header": entry.get("name"), "prefix": prefixes[0]}


def request_rule(entry: Any) -> Entries:
    rule = mapping(entry, "the rule")
    match rule.get("op"):
        case "propagate":
            return [{"propagate": pick(rule, PROPAGATE, "op")}]
        case "set":
            return [{"insert": pick(rule, ("name", "value"), "op")}]
    raise NotCarried("the kind of rule is not known here")


def response_rule(entry: Any) -> Entries:
    rule = mapping(entry, "the rule")
    if rule.get("op") != "propagate" or rule.get("algorithm", "last_write") not in MERGES:
        raise NotCarried("answers' headers are sent on or removed here, merged by first, last or append")
    kept = pick(rule, ("named", "matching", "rename"), "op", "algorithm")
    return [{"propagate": kept | {"merge": MERGES[rule.get("algorithm", "last_write")]}}]


def headers(theirs: Theirs, ours: Ours) -> None:
    carry_headers(theirs, ours, {"request": request_rule, "response": response_rule})


def defaults(theirs: Theirs, ours: Ours) -> None:
    ours.assume("listen_addr", path_of("server.listen"), "localhost:3002")
    ours.assume(
        "traffic_shaping.router.max_request_body_size", path_of("server.max_request_bytes"), 5_000_000
    )
    ours.assume("traffic_shaping.all.request_timeout", path_of("subgraphs.defaults.timeout_seconds"), 60)
    ours.assume("file_upload.enabled", path_of("uploads.enabled"), True)
    ours.assume("automatic_persisted_queries.enabled", path_of("persisted_operations.apq.enabled"), False)


COSMO = Dialect(
    name="cosmo",
    title="Cosmo Router",
    keys=keys.COSMO,
    telling=(
        "headers.all.request.*.op",
        "headers.all.response.*.op",
        "headers.subgraphs.*.request.*.op",
        "telemetry.service_name",
        "telemetry.metrics.otlp",
        "telemetry.metrics.prometheus",
        "introspection.enabled",
        "introspection.secret",
        "cors.allow_origins",
        "cors.allow_methods",
        "authentication.jwt.jwks",
        "traffic_shaping.router.max_request_body_size",
        "traffic_shaping.all.retry",
        "overrides.subgraphs",
    ),
    translate=of_cosmo,
    steps=(*RULES, resilience, limits, errors_of_subgraphs, cors, tokens, headers, otlp, defaults),
    reasons=reasons.COSMO,
)

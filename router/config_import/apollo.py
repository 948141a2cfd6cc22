"""Apollo Router's `router.yaml`, versions 1 and 2."""

from __future__ import annotations

from typing import Any

from router.config_import import keys, reasons
from router.config_import.apollo_steps import authorization, demand, persisted, tls
from router.config_import.cors import policy_of, put_policies
from router.config_import.dialect import Dialect
from router.config_import.document import MISSING, Ours, Rule, Theirs, path_of, text_of
from router.config_import.environment import of_apollo
from router.config_import.headers import PROPAGATE, Entries, carry_headers, mapping, pick
from router.config_import.otlp import of_apollo as otlp
from router.config_import.report import Kind
from router.config_import.tokens import ASYMMETRIC, put_key_sets, put_sources
from router.config_import.values import NotCarried, address, flag, path, seconds, size

PARTIAL = "what has come by then is answered there with 504, here beside errors for the rest"

BURSTS = "so many at once, then one by one as time goes on; there so many in each interval"
COUNTED = "the costs of single fields may differ; compare with a measured operation"
NAMES = "the metrics have names of their own: docs/observability.md"


def only_one(value: Any) -> Any:
    """Raises `NotCarried` for a cluster."""
    if not isinstance(value, list) or len(value) != 1:
        raise NotCarried("one Redis is asked, no cluster")
    return value[0]


def rate(value: Any) -> list[dict[str, Any]]:
    """Raises `NotCarried`."""
    if not isinstance(value, dict) or not {"capacity", "interval"} <= value.keys():
        raise NotCarried("it has no capacity and interval")
    return [
        {
            "name": "global",
            "by": "all",
            "count": value["capacity"],
            "seconds": seconds(value["interval"]),
        }
    ]


RULES = (
    Rule("supergraph.listen", "server.listen", address),
    Rule("supergraph.path", "server.graphql_path", path),
    Rule("supergraph.introspection", "introspection.enabled"),
    Rule("supergraph.connection_shutdown_timeout", "server.shutdown_grace_seconds", seconds),
    Rule("supergraph.query_planning.cache.in_memory.limit", "cache.prepared_operations"),
    Rule("sandbox.enabled", "studio.enabled", differs="the page is the studio at /, not Apollo Sandbox"),
    Rule("override_subgraph_url.*", "subgraphs.by_name.*.url"),
    Rule("traffic_shaping.router.timeout", "execution.operation_timeout_seconds", seconds, PARTIAL),
    Rule("traffic_shaping.all.timeout", "subgraphs.defaults.timeout_seconds", seconds),
    Rule("traffic_shaping.subgraphs.*.timeout", "subgraphs.by_name.*.timeout_seconds", seconds),
    Rule("traffic_shaping.all.deduplicate_query", "subgraphs.defaults.deduplicate"),
    Rule("traffic_shaping.subgraphs.*.deduplicate_query", "subgraphs.by_name.*.deduplicate"),
    Rule(("plugins", "experimental.expose_query_plan"), "execution.expose_query_plan"),
    Rule("batching.enabled", "batching.enabled"),
    Rule("batching.maximum_size", "batching.max_operations"),
    Rule("limits.http_max_request_bytes", "server.max_request_bytes"),
    Rule("limits.http1_max_request_buf_size", "server.max_header_bytes", size),
    Rule("limits.parser_max_tokens", "limits.max_tokens"),
    Rule("limits.max_depth", "limits.max_depth"),
    Rule("limits.max_height", "limits.max_height"),
    Rule("limits.max_aliases", "limits.max_aliases"),
    Rule("limits.max_root_fields", "limits.max_root_fields"),
    Rule("limits.warn_only", "limits.mode", lambda only: "warn" if flag(only) else "enforce"),
    Rule("apq.router.cache.redis.urls", "persisted_operations.apq.redis_url", only_one),
    Rule("apq.router.cache.redis.ttl", "persisted_operations.apq.ttl_seconds", seconds),
    Rule("traffic_shaping.router.global_rate_limit", "rate_limits.rules", rate, BURSTS),
    Rule("demand_control.strategy.static_estimated.list_size", "demand.list_size"),
    Rule("demand_control.strategy.static_estimated.max", "demand.max_cost", differs=COUNTED),
    Rule("telemetry.exporters.metrics.prometheus.enabled", "telemetry.metrics.enabled", differs=NAMES),
    Rule("telemetry.exporters.metrics.prometheus.listen", "telemetry.metrics.listen", address),
    Rule("csrf.unsafe_disabled", "csrf.enabled", lambda disabled: not flag(disabled)),
    Rule("csrf.required_headers", "csrf.headers"),
    Rule("apq.enabled", "persisted_operations.apq.enabled"),
    Rule("authorization.require_authentication", "authorization.require_authentication"),
    Rule("preview_file_uploads.enabled", "uploads.enabled"),
    Rule("preview_file_uploads.protocols.multipart.limits.max_files", "uploads.max_files"),
    Rule("preview_file_uploads.protocols.multipart.limits.max_file_size", "uploads.max_file_bytes", size),
)


def errors_of_subgraphs(theirs: Theirs, ours: Ours) -> None:
    """Shown for all, or for those named; shown for all but some cannot be said here, and nothing is shown."""
    at = ("include_subgraph_errors",)
    show_all = theirs.take((*at, "all"))
    flags = {name: theirs.take((*at, "subgraphs", name)) for name in theirs.names((*at, "subgraphs"))}
    odd = [f for f in (show_all, *flags.values()) if f is not MISSING and not isinstance(f, bool)]
    hidden = [name for name, flag in flags.items() if flag is False]
    if odd or (show_all is True and hidden):
        what = "which parts of an error are told" if odd else "all subgraphs but some"
        ours.not_carried(text_of(at), f"{what} cannot be said here; errors stay masked")
        return
    if show_all is not MISSING:
        ours.put("include_subgraph_errors.all", path_of("errors.show_subgraph_errors"), show_all)
    shown = [name for name, flag in flags.items() if flag is True]
    if shown:
        ours.put("include_subgraph_errors.subgraphs", path_of("errors.show_subgraphs"), shown)


def cors(theirs: Theirs, ours: Ours) -> None:
    section = theirs.take(("cors",))
    if not isinstance(section, dict):
        return
    if section.get("allow_any_origin"):
        put_policies(ours, "cors", [policy_of({**section, "allow_origins": ["*"]})])
        return
    policies = section.get("policies") or [section]
    put_policies(
        ours,
        "cors",
        [
            policy_of({**policy, "allow_origins": policy.get("origins") or []}, section)
            for policy in policies
            if isinstance(policy, dict)
        ],
    )


def tokens(theirs: Theirs, ours: Ours) -> None:
    at = path_of("authentication.router.jwt")
    section = theirs.take(at)
    if not isinstance(section, dict):
        return
    put_key_sets(ours, f"{text_of(at)}.jwks", section.get("jwks") or [], key_set)
    to = path_of("authentication.jwt")
    for name, ours_name in (("header_name", "header_name"), ("header_value_prefix", "header_prefix")):
        if name in section:
            ours.put(f"{text_of(at)}.{name}", (*to, ours_name), section[name])
    if "on_error" in section:
        word = "continue" if section["on_error"] == "Continue" else "reject"
        ours.put(f"{text_of(at)}.on_error", (*to, "on_error"), word)
    sources = section.get("sources") or []
    if sources:
        first = {"type": "header", "name": section.get("header_name", "authorization")}
        first |= {"value_prefix": section["header_value_prefix"]} if "header_value_prefix" in section else {}
        put_sources(ours, f"{text_of(at)}.sources", [first, *sources], source)
    if section.get("ignore_other_prefixes"):
        ours.not_carried(f"{text_of(at)}.ignore_other_prefixes", "a token of another kind is a bad one here")


def key_set(entry: dict[str, Any]) -> dict[str, Any]:
    """Raises `NotCarried`."""
    if entry.get("headers"):
        raise NotCarried("headers for reading a key set are not sent")
    if entry.get("allow_missing_exp"):
        raise NotCarried("a token that never expires is refused here")
    found: dict[str, Any] = {}
    url = str(entry.get("url", ""))
    found |= {"file": url.removeprefix("file://")} if url.startswith("file://") else {"url": url}
    issuers = entry.get("issuers") or ([entry["issuer"]] if entry.get("issuer") else [])
    if issuers:
        found["issuers"] = issuers
    if entry.get("audiences"):
        found["audiences"] = entry["audiences"]
    found["algorithms"] = entry.get("algorithms") or list(ASYMMETRIC)
    found["refresh_seconds"] = seconds(entry.get("poll_interval", "60s"))
    return found


def source(entry: dict[str, Any]) -> dict[str, Any]:
    if entry.get("type") == "cookie":
        return {"cookie": entry.get("name")}
    found = {"header": entry.get("name", "authorization")}
    return found | ({"prefix": entry["value_prefix"]} if "value_prefix" in entry else {})


def request_rule(entry: Any) -> Entries:
    rule = mapping(entry, "the rule")
    if "propagate" in rule:
        return [{"propagate": pick(mapping(rule["propagate"], "the rule"), PROPAGATE)}]
    if "insert" in rule:
        return [{"insert": pick(mapping(rule["insert"], "the rule"), ("name", "value"))}]
    if "remove" in rule:
        return [{"remove": pick(mapping(rule["remove"], "the rule"), ("named",))}]
    raise NotCarried("the kind of rule is not known here")


def headers(theirs: Theirs, ours: Ours) -> None:
    carry_headers(theirs, ours, {"request": request_rule})


def defaults(theirs: Theirs, ours: Ours) -> None:
    ours.assume("supergraph.path", path_of("server.graphql_path"), "/")
    ours.assume("supergraph.introspection", path_of("introspection.enabled"), False)
    ours.assume("sandbox.enabled", path_of("studio.enabled"), False)
    ours.assume("traffic_shaping.router.timeout", path_of("execution.operation_timeout_seconds"), 30, PARTIAL)
    if ours.get(path_of("server.graphql_path")) == "/" and ours.get(path_of("studio.enabled")) is MISSING:
        ours.set(path_of("studio.enabled"), False)
        ours.say(Kind.DIFFERS, "sandbox.enabled", "the studio is at /, where operations are; it is off")


APOLLO = Dialect(
    name="apollo",
    title="Apollo Router",
    keys=keys.APOLLO,
    telling=(
        "supergraph.listen",
        "supergraph.path",
        "supergraph.introspection",
        "supergraph.query_planning",
        "supergraph.defer_support",
        "supergraph.experimental_log_on_broken_pipe",
        "telemetry.apollo",
        "telemetry.exporters",
        "telemetry.instrumentation",
        "tls.supergraph",
        "tls.subgraph",
        "batching.mode",
        "demand_control.strategy",
        "coprocessor.router",
        "coprocessor.supergraph",
        "authentication.router",
        "traffic_shaping.all.timeout",
        "traffic_shaping.all.deduplicate_query",
        "traffic_shaping.subgraphs.*.timeout",
        "traffic_shaping.subgraphs.*.deduplicate_query",
        "traffic_shaping.router.timeout",
        "plugins.experimental.expose_query_plan",
        "limits.http_max_request_bytes",
        "limits.parser_max_tokens",
        "csrf.unsafe_disabled",
    ),
    translate=of_apollo,
    steps=(
        *RULES,
        tls,
        demand,
        persisted,
        authorization,
        otlp,
        errors_of_subgraphs,
        cors,
        tokens,
        headers,
        defaults,
    ),
    reasons=reasons.APOLLO,
)

"""Hive Router's `router.config.yaml`, JSON as well."""

from __future__ import annotations

from typing import Any

from router.config_import import keys, reasons
from router.config_import.cors import policy_of, put_policies
from router.config_import.dialect import Dialect
from router.config_import.document import MISSING, Ours, Rule, Theirs, path_of, text_of
from router.config_import.environment import of_hive
from router.config_import.headers import PROPAGATE, Entries, carry_headers, each_named, mapping, pick
from router.config_import.otlp import of_hive as otlp
from router.config_import.report import Kind
from router.config_import.tokens import ASYMMETRIC, put_key_sets, put_sources
from router.config_import.values import NotCarried, one_file, path, ratio, seconds, size

EXPRESSION = "an expression is not evaluated here; in Python a router is extended (docs/embedding.md)"


def plain(value: Any) -> Any:
    """Raises `NotCarried` for an expression; those that only read the environment are translated before."""
    if isinstance(value, dict):
        raise NotCarried(EXPRESSION)
    return value


def plain_seconds(value: Any) -> Any:
    return seconds(plain(value))


RULES = (
    Rule("http.graphql_endpoint", "server.graphql_path", path),
    Rule("http.workers", "server.workers", differs="threads there, processes here"),
    Rule("introspection", "introspection.enabled", plain),
    Rule("laboratory.enabled", "studio.enabled"),
    Rule("graphiql.enabled", "studio.enabled"),
    Rule("override_subgraph_urls.subgraphs.*.url", "subgraphs.by_name.*.url", plain),
    Rule("traffic_shaping.router.request_timeout", "execution.operation_timeout_seconds", seconds),
    Rule("traffic_shaping.all.request_timeout", "subgraphs.defaults.timeout_seconds", plain_seconds),
    Rule("traffic_shaping.subgraphs.*.request_timeout", "subgraphs.by_name.*.timeout_seconds", plain_seconds),
    Rule("traffic_shaping.all.dedupe_enabled", "subgraphs.defaults.deduplicate"),
    Rule("traffic_shaping.subgraphs.*.dedupe_enabled", "subgraphs.by_name.*.deduplicate"),
    Rule(
        "traffic_shaping.max_connections_per_host",
        "subgraphs.defaults.max_connections",
        differs="per host there, per subgraph here",
    ),
    Rule("traffic_shaping.router.dedupe.enabled", "execution.deduplicate_operations.enabled"),
    Rule("traffic_shaping.router.dedupe.headers.include", "execution.deduplicate_operations.headers"),
    Rule(
        "query_planner.allow_expose",
        "execution.expose_query_plan",
        differs="by Apollo-Expose-Query-Plan: true",
    ),
    Rule(
        "query_planner.timeout",
        "execution.preparation_timeout_seconds",
        seconds,
        "time of planning there; CPU time of parsing, validating and planning here",
    ),
    Rule("traffic_shaping.all.tls.cert_file", "subgraphs.defaults.tls.ca_file", one_file),
    Rule(
        "traffic_shaping.all.tls.client_auth.cert_file", "subgraphs.defaults.tls.certificate_file", one_file
    ),
    Rule("traffic_shaping.all.tls.client_auth.key_file", "subgraphs.defaults.tls.key_file"),
    Rule("traffic_shaping.subgraphs.*.tls.cert_file", "subgraphs.by_name.*.tls.ca_file", one_file),
    Rule(
        "traffic_shaping.subgraphs.*.tls.client_auth.cert_file",
        "subgraphs.by_name.*.tls.certificate_file",
        one_file,
    ),
    Rule("traffic_shaping.subgraphs.*.tls.client_auth.key_file", "subgraphs.by_name.*.tls.key_file"),
    Rule("traffic_shaping.all.circuit_breaker.enabled", "subgraphs.defaults.circuit_breaker.enabled"),
    Rule(
        "traffic_shaping.all.circuit_breaker.error_threshold",
        "subgraphs.defaults.circuit_breaker.failure_ratio",
        ratio,
    ),
    Rule(
        "traffic_shaping.all.circuit_breaker.volume_threshold",
        "subgraphs.defaults.circuit_breaker.min_requests",
        differs="of the last so many requests there, of those within window_seconds here",
    ),
    Rule(
        "traffic_shaping.all.circuit_breaker.reset_timeout",
        "subgraphs.defaults.circuit_breaker.open_seconds",
        seconds,
    ),
    Rule("limits.max_request_body_size", "server.max_request_bytes", size),
    Rule("limits.max_request_header_size", "server.max_header_bytes", size),
    Rule("limits.max_depth.n", "limits.max_depth"),
    Rule("limits.max_tokens.n", "limits.max_tokens"),
    Rule("limits.max_directives.n", "limits.max_directives"),
    Rule("limits.max_aliases.n", "limits.max_aliases"),
    Rule("csrf.enabled", "csrf.enabled"),
    Rule("csrf.required_headers", "csrf.headers"),
    Rule("jwt.require_authentication", "authorization.require_authentication"),
    Rule("jwt.scopes_claim", "authorization.scopes_claims", lambda claim: [claim]),
    Rule(
        "authorization.directives.unauthorized.mode",
        "authorization.on_denied",
        lambda mode: "reject" if mode == "reject" else "filter",
    ),
)


def listen(theirs: Theirs, ours: Ours) -> None:
    host, port = theirs.take(("http", "host")), theirs.take(("http", "port"))
    to = path_of("server.listen")
    if host is MISSING and port is MISSING:
        ours.assume("http.host", to, "0.0.0.0:4000")
        return
    host = "0.0.0.0" if host is MISSING else str(host)  # noqa: S104
    host = f"[{host}]" if ":" in host and not host.startswith(("[", "${")) else host
    ours.put("http.host, http.port", to, f"{host}:{4000 if port is MISSING else port}")


def old_urls(theirs: Theirs, ours: Ours) -> None:
    """Names directly beneath the key, as first versions had them."""
    for name in theirs.names(("override_subgraph_urls",)):
        if name not in ("subgraphs", "all"):
            value = theirs.take(("override_subgraph_urls", name, "url"))
            key = f"override_subgraph_urls.{name}.url"
            url = MISSING if value is MISSING else ours.convert(key, plain, value)
            if url is not MISSING:
                ours.put(key, ("subgraphs", "by_name", name, "url"), url)


def labels(theirs: Theirs, ours: Ours) -> None:
    at = ("override_labels",)
    on = []
    for name in theirs.names(at):
        match theirs.take((*at, name)):
            case True:
                on.append(name)
            case False:
                ours.say(Kind.DEFAULT, text_of((*at, name)), "", "overrides.labels")
            case _:
                ours.not_carried(
                    text_of((*at, name)), "a label is on or off here, or decided by label_hook in Python"
                )
    if on:
        ours.put("override_labels", path_of("overrides.labels"), on)


def errors_of_subgraphs(theirs: Theirs, ours: Ours) -> None:
    """Masked unless switched off, for all or for some; all but some cannot be said here: none is."""
    at = ("error_masking",)
    off = theirs.take((*at, "enabled")) is False
    all_off = theirs.take((*at, "all", "enabled")) is False or off
    by_name = {n: theirs.take((*at, "subgraphs", n, "enabled")) for n in theirs.names((*at, "subgraphs"))}
    masked = [name for name, enabled in by_name.items() if enabled is True]
    if all_off and masked and not off:
        ours.not_carried("error_masking", "all subgraphs but some cannot be said here; errors stay masked")
        return
    if all_off:
        ours.put("error_masking", path_of("errors.show_subgraph_errors"), True)
    shown = [name for name, enabled in by_name.items() if enabled is False]
    if shown and not all_off:
        ours.put("error_masking.subgraphs", path_of("errors.show_subgraphs"), shown)


def cors(theirs: Theirs, ours: Ours) -> None:
    section = theirs.take(("cors",))
    if not isinstance(section, dict):
        return
    if not section.get("enabled", False):
        ours.say(Kind.DEFAULT, "cors.enabled", "", "cors.allow_origins")
        return
    if section.get("allow_any_origin"):
        put_policies(ours, "cors", [policy_of({**section, "allow_origins": ["*"]})])
        return
    policies = [
        policy_of(
            {
                **policy,
                "allow_origins": policy.get("origins") or [],
                "match_origins": policy.get("match_origin") or [],
            },
            section,
        )
        for policy in section.get("policies") or []
        if isinstance(policy, dict)
    ]
    put_policies(ours, "cors", policies)


def tokens(theirs: Theirs, ours: Ours) -> None:
    if theirs.take(("jwt", "enabled")) is not True:
        if theirs.get(("jwt",)) is not MISSING:
            theirs.take(("jwt",))
            ours.say(Kind.DEFAULT, "jwt.enabled", "", "authentication.jwt.jwks")
        return
    common = {
        name: value
        for name, key in (
            ("issuers", "issuers"),
            ("audiences", "audiences"),
            ("algorithms", "allowed_algorithms"),
        )
        if (value := theirs.take(("jwt", key))) is not MISSING and value
    }
    providers = theirs.take(("jwt", "jwks_providers"))
    if isinstance(providers, list):
        put_key_sets(ours, "jwt.jwks_providers", providers, lambda entry: key_set(entry) | common)
    _places(theirs, ours)


def key_set(entry: dict[str, Any]) -> dict[str, Any]:
    """Raises `NotCarried`."""
    found: dict[str, Any] = (
        {"file": entry.get("path")} if entry.get("source") == "file" else {"url": entry.get("url")}
    )
    return found | {
        "algorithms": list(ASYMMETRIC),
        "refresh_seconds": seconds(entry.get("polling_interval", "10m")),
    }


def _places(theirs: Theirs, ours: Ours) -> None:
    """One header is ours everywhere; more of them, and cookies, need our `sources`."""
    places = theirs.take(("jwt", "lookup_locations"))
    if places is MISSING:
        return
    match places:
        case [{"source": "header", "name": str(name), **rest}]:
            ours.put("jwt.lookup_locations", path_of("authentication.jwt.header_name"), name.lower())
            prefix = rest.get("prefix") or ""
            ours.put("jwt.lookup_locations", path_of("authentication.jwt.header_prefix"), prefix)
        case list():
            put_sources(ours, "jwt.lookup_locations", places, source)


def source(entry: dict[str, Any]) -> dict[str, Any]:
    if entry.get("source") == "cookies":
        return {"cookie": entry.get("name")}
    return {"header": entry.get("name"), "prefix": entry.get("prefix") or ""}


def request_rule(entry: Any) -> Entries:
    rule = mapping(entry, "the rule")
    if "propagate" in rule:
        parts = each_named(mapping(rule["propagate"], "the rule"))
        return [{"propagate": pick(part, PROPAGATE)} for part in parts]
    if "insert" in rule:
        inserted = mapping(rule["insert"], "the rule")
        if isinstance(inserted.get("expression"), dict):
            raise NotCarried(EXPRESSION)
        return [{"insert": pick(inserted, ("name", "value"))}]
    if "remove" in rule:
        return [
            {"remove": pick(part, ("named",))} for part in each_named(mapping(rule["remove"], "the rule"))
        ]
    raise NotCarried("the kind of rule is not known here")


def response_rule(entry: Any) -> Entries:
    rule = mapping(entry, "the rule")
    if "propagate" in rule:
        parts = list(each_named(mapping(rule["propagate"], "the rule")))
        merges = [part.get("algorithm", "last") for part in parts]
        return [
            {"propagate": pick(part, ("named", "matching", "rename"), "algorithm") | {"merge": merge}}
            for part, merge in zip(parts, merges, strict=True)
        ]
    if "remove" in rule:
        return [
            {"remove": pick(part, ("named",))} for part in each_named(mapping(rule["remove"], "the rule"))
        ]
    raise NotCarried("answers' headers are sent on or removed here, not made")


def headers(theirs: Theirs, ours: Ours) -> None:
    carry_headers(theirs, ours, {"request": request_rule, "response": response_rule})


HIVE = Dialect(
    name="hive",
    title="Hive Router",
    keys=keys.HIVE,
    telling=(
        "supergraph.source",
        "plugins.*.config",
        "plugins.*.enabled",
        "headers.all.response.*.insert.expression",
        "headers.all.request.*.insert.expression",
        "traffic_shaping.all.dedupe_enabled",
        "traffic_shaping.subgraphs.*.dedupe_enabled",
        "traffic_shaping.max_connections_per_host",
        "traffic_shaping.router.request_timeout",
        "traffic_shaping.router.dedupe",
        "limits.max_request_body_size",
        "cors.policies.*.match_origin",
        "csrf.enabled",
    ),
    translate=of_hive,
    steps=(*RULES, listen, old_urls, labels, errors_of_subgraphs, cors, tokens, headers, otlp),
    reasons=reasons.HIVE,
)

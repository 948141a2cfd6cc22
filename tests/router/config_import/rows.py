"""For each row of docs/coming-from.md's settings: a file of each router that has it, and what it becomes."""

from __future__ import annotations

from typing import Any

Row = dict[str, tuple[str, Any]]
"""Router → (file, the value at our key)."""

JWKS = "http://keys.example/jwks.json"

ROWS: dict[str, Row] = {
    "address": {
        "apollo": ("supergraph: {listen: '0.0.0.0:4100'}", "0.0.0.0:4100"),
        "cosmo": ("listen_addr: ':4100'", "0.0.0.0:4100"),
        "hive": ("http: {host: '::1', port: 4100}", "[::1]:4100"),
    },
    "path": {
        "apollo": ("supergraph: {path: /api}", "/api"),
        "cosmo": ("graphql_path: /api", "/api"),
        "hive": ("http: {graphql_endpoint: /api}", "/api"),
    },
    "processes": {"hive": ("http: {workers: 3}", 3)},
    "introspection": {
        "apollo": ("supergraph: {introspection: false}", False),
        "cosmo": ("introspection: {enabled: false}", False),
        "hive": ("introspection: false", False),
    },
    "page for developers": {
        "apollo": ("sandbox: {enabled: false}", False),
        "cosmo": ("playground: {enabled: false}", False),
        "hive": ("laboratory: {enabled: false}", False),
    },
    "subgraph's address": {
        "apollo": ("override_subgraph_url: {a.b: 'http://u:1/'}", "http://u:1/"),
        "cosmo": ("overrides: {subgraphs: {a.b: {routing_url: 'http://u:1/'}}}", "http://u:1/"),
        "hive": ("override_subgraph_urls: {subgraphs: {a.b: {url: 'http://u:1/'}}}", "http://u:1/"),
    },
    "all subgraphs' timeout": {
        "apollo": ("traffic_shaping: {all: {timeout: 500ms}}", 0.5),
        "cosmo": ("traffic_shaping: {all: {request_timeout: 1m30s}}", 90),
        "hive": ("traffic_shaping: {all: {request_timeout: 2s}}", 2),
    },
    "subgraph timeout": {
        "apollo": ("traffic_shaping: {subgraphs: {a.b: {timeout: 5s}}}", 5),
        "cosmo": ("traffic_shaping: {subgraphs: {a.b: {request_timeout: 5s}}}", 5),
        "hive": ("traffic_shaping: {subgraphs: {a.b: {request_timeout: 5s}}}", 5),
    },
    "whole operation's timeout": {
        "apollo": ("traffic_shaping: {router: {timeout: 45s}, all: {timeout: 1s}}", 45),
        "hive": ("traffic_shaping: {router: {request_timeout: 45s}}", 45),
    },
    "connections to a subgraph": {
        "cosmo": ("traffic_shaping: {all: {max_conns_per_host: 7}}", 7),
        "hive": ("traffic_shaping: {max_connections_per_host: 7}", 7),
    },
    "identical requests to a subgraph in flight travel once": {
        "apollo": ("traffic_shaping: {all: {deduplicate_query: false}}", False),
        "cosmo": ("engine: {enable_single_flight: false}", False),
        "hive": ("traffic_shaping: {all: {dedupe_enabled: false}}", False),
    },
    "identical operations of clients in flight run once": {
        "cosmo": ("engine: {enable_inbound_request_deduplication: true}", True),
        "hive": ("traffic_shaping: {router: {dedupe: {enabled: true}}}", True),
    },
    "plans kept": {
        "apollo": ("supergraph: {query_planning: {cache: {in_memory: {limit: 64}}}}", 64),
        "cosmo": ("engine: {execution_plan_cache_size: 64}", 64),
    },
    "roots that certificates of subgraphs are believed by": {
        "apollo": ("tls: {subgraph: {all: {certificate_authorities: '${file./ca.pem}'}}}", "/ca.pem"),
        "cosmo": ("tls: {client: {all: {ca_file: /ca.pem}}}", "/ca.pem"),
        "hive": ("traffic_shaping: {all: {tls: {cert_file: [/ca.pem]}}}", "/ca.pem"),
    },
    "our certificate for one subgraph": {
        "apollo": (
            "tls: {subgraph: {subgraphs: {a.b: {client_authentication: "
            "{certificate_chain: '${file.c.pem}', key: '${file.k.pem}'}}}}}",
            "c.pem",
        ),
        "cosmo": ("tls: {client: {subgraphs: {a.b: {cert_file: c.pem, key_file: k.pem}}}}", "c.pem"),
        "hive": (
            "traffic_shaping: {subgraphs: {a.b: {tls: {client_auth: {cert_file: c.pem, key_file: k.pem}}}}}",
            "c.pem",
        ),
    },
    "a subgraph that mostly fails is left alone": {
        "cosmo": (
            "traffic_shaping: {all: {circuit_breaker: {enabled: true, error_threshold_percentage: 25}}}",
            True,
        ),
        "hive": (
            "traffic_shaping: {all: {circuit_breaker: {enabled: true, error_threshold: 25%, "
            "reset_timeout: 30s}}}",
            True,
        ),
    },
    "requests that failed are sent again": {
        "cosmo": ("traffic_shaping: {all: {retry: {enabled: true, max_attempts: 3}}}", 3),
    },
    "headers to subgraphs": {
        "apollo": (
            "headers: {all: {request: [{propagate: {named: x-a, rename: x-b, default: c}}]}}",
            [{"propagate": {"named": "x-a", "rename": "x-b", "default": "c"}}],
        ),
        "cosmo": (
            "headers: {all: {request: [{op: propagate, named: x-a, rename: x-b, default: c}]}}",
            [{"propagate": {"named": "x-a", "rename": "x-b", "default": "c"}}],
        ),
        "hive": (
            "headers: {all: {request: [{propagate: {named: [x-a, x-b]}}, {insert: {name: x-c, value: d}}]}}",
            [
                {"propagate": {"named": "x-a"}},
                {"propagate": {"named": "x-b"}},
                {"insert": {"name": "x-c", "value": "d"}},
            ],
        ),
    },
    "tokens": {
        "apollo": (
            f"authentication: {{router: {{jwt: {{jwks: [{{url: '{JWKS}', issuer: i, "
            "algorithms: [RS256]}]}}}",
            [{"url": JWKS, "issuers": ["i"], "algorithms": ["RS256"], "refresh_seconds": 60}],
        ),
        "cosmo": (
            f"authentication: {{jwt: {{jwks: [{{url: '{JWKS}', refresh_interval: 2m, "
            "algorithms: [RS256]}]}}",
            [{"url": JWKS, "algorithms": ["RS256"], "refresh_seconds": 120}],
        ),
        "hive": (
            "jwt: {enabled: true, audiences: [g], allowed_algorithms: [RS256], "
            "jwks_providers: [{source: file, path: k.json}]}",
            [{"file": "k.json", "algorithms": ["RS256"], "refresh_seconds": 600, "audiences": ["g"]}],
        ),
    },
    "browsers of other origins": {
        "apollo": ("cors: {policies: [{origins: ['https://a.example']}]}", ["https://a.example"]),
        "cosmo": ("cors: {allow_origins: ['https://a.example']}", ["https://a.example"]),
        "hive": (
            "cors: {enabled: true, policies: [{origins: ['https://a.example']}]}",
            ["https://a.example"],
        ),
    },
    "foreign pages kept out (CSRF)": {
        "apollo": ("csrf: {unsafe_disabled: true}", False),
        "hive": ("csrf: {enabled: false}", False),
    },
    "texts by their hash (APQ)": {
        "apollo": ("apq: {enabled: false}", False),
        "cosmo": ("automatic_persisted_queries: {enabled: false}", False),
    },
    "published operations": {
        "apollo": ("persisted_queries: {enabled: true, local_manifests: [ops.json]}", ["ops.json"]),
    },
    "published operations alone": {
        "apollo": (
            "persisted_queries: {enabled: true, safelist: {enabled: true, require_id: true}, "
            "local_manifests: [ops.json]}",
            "require-id",
        ),
    },
    "anonymous clients refused": {
        "apollo": ("authorization: {require_authentication: true}", True),
        "cosmo": ("authorization: {require_authentication: true}", True),
        "hive": ("jwt: {enabled: true, require_authentication: true}", True),
    },
    "fields that are not granted": {
        "apollo": ("authorization: {directives: {reject_unauthorized: true}}", "reject"),
        "cosmo": ("authorization: {reject_operation_if_unauthorized: true}", "reject"),
        "hive": ("authorization: {directives: {unauthorized: {mode: reject}}}", "reject"),
    },
    "depth of an operation": {
        "apollo": ("limits: {max_depth: 9}", 9),
        "cosmo": ("security: {complexity_limits: {depth: {enabled: true, limit: 9}}}", 9),
        "hive": ("limits: {max_depth: {n: 9}}", 9),
    },
    "what an operation may cost": {
        "apollo": (
            "demand_control: {enabled: true, mode: enforce, strategy: "
            "{static_estimated: {list_size: 5, max: 500}}}",
            500,
        ),
    },
    "how many operations at a time": {
        "apollo": (
            "traffic_shaping: {router: {global_rate_limit: {capacity: 10, interval: 1s}}}",
            [{"name": "global", "by": "all", "count": 10, "seconds": 1}],
        ),
    },
    "metrics": {
        "apollo": ("telemetry: {exporters: {metrics: {prometheus: {enabled: true}}}}", True),
        "cosmo": ("telemetry: {metrics: {prometheus: {enabled: true, listen_addr: ':9099'}}}", True),
        "hive": ("telemetry: {metrics: {exporters: [{kind: prometheus, port: 9099}]}}", True),
    },
    "metrics by OTLP": {
        "apollo": (
            "telemetry: {exporters: {metrics: {otlp: {enabled: true, protocol: http, "
            "endpoint: 'http://collector:4318', batch_processor: {scheduled_delay: 10s}}}}}",
            "http://collector:4318/v1/metrics",
        ),
        "cosmo": (
            "telemetry: {metrics: {otlp: {enabled: true, exporters: "
            "[{exporter: http, endpoint: 'http://collector:4318', path: /otlp/v1/metrics}]}}}",
            "http://collector:4318/otlp/v1/metrics",
        ),
        "hive": (
            "telemetry: {metrics: {exporters: [{kind: otlp, protocol: http, interval: 10s, "
            "endpoint: 'http://collector:4318/v1/metrics'}]}}",
            "http://collector:4318/v1/metrics",
        ),
    },
    "traces": {
        "apollo": (
            "telemetry: {exporters: {tracing: {otlp: {enabled: true, protocol: http, "
            "endpoint: 'http://collector:4318'}}}}",
            "http://collector:4318/v1/traces",
        ),
        "cosmo": (
            "telemetry: {tracing: {exporters: [{endpoint: 'http://collector:4318'}, {disabled: true}]}}",
            "http://collector:4318/v1/traces",
        ),
        "hive": (
            "telemetry: {tracing: {exporters: [{kind: otlp, protocol: http, "
            "endpoint: 'http://collector:4318/v1/traces'}]}}",
            "http://collector:4318/v1/traces",
        ),
    },
    "access log": {"cosmo": ("access_logs: {enabled: true}", True)},
    "size of a request": {
        "apollo": ("limits: {http_max_request_bytes: 1000}", 1000),
        "cosmo": ("traffic_shaping: {router: {max_request_body_size: 3MB}}", 3_000_000),
        "hive": ("limits: {max_request_body_size: 3MiB}", 3_145_728),
    },
    "batches": {
        "apollo": ("batching: {enabled: true, mode: batch_http_link}", True),
        "cosmo": ("batching: {enabled: true}", True),
    },
    "subgraphs' error messages": {
        "apollo": ("include_subgraph_errors: {all: true}", True),
        "cosmo": ("subgraph_error_propagation: {mode: pass-through}", True),
        "hive": ("error_masking: {enabled: false}", True),
    },
    "messages of some subgraphs": {
        "apollo": ("include_subgraph_errors: {all: false, subgraphs: {a: true, b: false}}", ["a"]),
        "hive": ("error_masking: {subgraphs: {a: {enabled: false}, b: {enabled: true}}}", ["a"]),
    },
    "`@override` labels": {"hive": ("override_labels: {a: true, b: false}", ["a"])},
    "environment in the file": {
        "apollo": ("override_subgraph_url: {a.b: 'http://${env.H:-h}:1/'}", "http://${env.H:-h}:1/"),
        "cosmo": ("overrides: {subgraphs: {a.b: {routing_url: 'http://${H}:1/'}}}", "http://${env.H}:1/"),
        "hive": ("override_subgraph_urls: {subgraphs: {a.b: {url: {from_env: H}}}}", "${env.H}"),
    },
    "secrets in files": {
        "apollo": ("override_subgraph_url: {a.b: '${file./run/url}'}", "${file./run/url}"),
    },
    "plan beside the answer": {
        "apollo": ("plugins: {experimental.expose_query_plan: true}", True),
        "cosmo": ("query_plans_enabled: true", True),
        "hive": ("query_planner: {allow_expose: true}", True),
    },
}

KEYS = {
    "environment in the file": "subgraphs.by_name.NAME.url",
    "secrets in files": "subgraphs.by_name.NAME.url",
    "headers to subgraphs": "headers.all.request",
}
"""Rows whose last column is no key by itself: what is looked at."""

"""What no rule carries over, and why: a line for each key; a feature that arrives takes its line away."""

from __future__ import annotations

ELSEWHERE = "the supergraph is a file here: plait router --supergraph FILE"
HEALTH = "health is at /health, /health/live and /health/ready of the same address"
LOG = "the log goes to stderr as it is"
NO_PROXY_TLS = "TLS of clients ends before the router: put a proxy in front"
NO_TELEMETRY = "traces and metrics are not exported by this configuration"
NO_EXTENSIONS = "a router embedded in Python is extended in Python (docs/embedding.md)"
NO_REGISTRY = "there is no registry or control plane"
NO_SUBSCRIPTIONS = "subscriptions are not served yet"
NO_RESPONSE_CACHE = "answers of subgraphs are not cached"
NO_CONNECTORS = "REST connectors are not supported"
NO_RATE_LIMITS = "rate limits are not in the configuration yet"
NO_DEMAND = "demand control is not in the configuration yet"
NO_RETRY = "requests to subgraphs are not repeated, and no circuit breaker is configured"
TUNING = "an inner size or time of that router"

APOLLO = {
    "apq": "where texts of persisted queries are kept is configured otherwise",
    "persisted_queries": "lists of operations and their store are configured otherwise",
    "preview_file_uploads": "how files are sent cannot be chosen",
    "authentication.connector": NO_CONNECTORS,
    "authentication.subgraph": "signing requests to subgraphs (AWS SigV4) is not done",
    "batching.mode": "batches are JSON lists, as Apollo's batch_http_link sends them",
    "batching.subgraph": "requests to a subgraph are merged by the query plan, not batched",
    "connectors": NO_CONNECTORS,
    "coprocessor": NO_EXTENSIONS,
    "demand_control": NO_DEMAND,
    "health_check": HEALTH,
    "homepage": "there is one page, the studio: studio.enabled",
    "license_enforcement": "nothing here needs a licence",
    "limits": "this limit has no counterpart",
    "plugins": NO_EXTENSIONS,
    "preview_entity_cache": NO_RESPONSE_CACHE,
    "response_cache": NO_RESPONSE_CACHE,
    "rhai": NO_EXTENSIONS,
    "server": TUNING,
    "subscription": NO_SUBSCRIPTIONS,
    "supergraph.defer_support": "@defer is not served over HTTP yet",
    "supergraph.query_planning": TUNING,
    "supergraph": "it has no counterpart",
    "telemetry": NO_TELEMETRY,
    "tls.subgraph": "certificates for subgraphs are not taken over; see docs/configuration.md",
    "tls": NO_PROXY_TLS,
    "traffic_shaping.router.concurrency_limit": "connections are bounded instead: server.max_connections",
    "traffic_shaping.router.global_rate_limit": NO_RATE_LIMITS,
    "traffic_shaping.all.global_rate_limit": NO_RATE_LIMITS,
    "traffic_shaping": TUNING,
}

COSMO = {
    "version": "a version of the format has no counterpart",
    "access_logs": LOG,
    "cache_warmup": "plans are made when an operation first comes",
    "cdn": NO_REGISTRY,
    "client_header": "headers that name the client have fixed names",
    "cluster": NO_REGISTRY,
    "connect_rpc": "ConnectRPC is not served",
    "controlplane_url": NO_REGISTRY,
    "dev_mode": "plait router --dev",
    "demo_mode": "plait up shows a graph of its own",
    "engine": TUNING,
    "events": "event-driven subgraphs (Kafka, NATS, Redis) are not supported",
    "execution_config": f"{ELSEWHERE}, written by plait compose or rover",
    "graph": NO_REGISTRY,
    "graphql_metrics": NO_REGISTRY,
    "health_check_path": HEALTH,
    "headers.cookie_whitelist": "a rule that sends the cookie header on sends all cookies",
    "headers.router": "headers of answers are not made from expressions",
    "json_log": LOG,
    "liveness_check_path": HEALTH,
    "log_level": LOG,
    "log_service_name": LOG,
    "mcp": "operations are not served as MCP tools yet",
    "modules": NO_EXTENSIONS,
    "overrides": "only the routing_url of a subgraph is overridden",
    "playground": "the studio is at / and has no settings of this kind",
    "playground_path": "the studio is at /",
    "persisted_operations": "lists of operations and their store are configured otherwise",
    "automatic_persisted_queries": "where texts of persisted queries are kept is configured otherwise",
    "plugins": NO_EXTENSIONS,
    "poll_interval": ELSEWHERE,
    "poll_jitter": ELSEWHERE,
    "rate_limit": NO_RATE_LIMITS,
    "readiness_check_path": HEALTH,
    "router_config_path": f"{ELSEWHERE}, written by plait compose or rover",
    "router_registration": NO_REGISTRY,
    "security.cost_control": NO_DEMAND,
    "security": "this limit has no counterpart",
    "shutdown_delay": "running requests have server.shutdown_grace_seconds, counted from the signal",
    "split_config_poller": NO_REGISTRY,
    "storage_providers": "lists of operations and their store are configured otherwise",
    "subgraph_error_propagation": "what is told of a subgraph's error cannot be chosen field by field",
    "telemetry": NO_TELEMETRY,
    "tls.server": NO_PROXY_TLS,
    "tls": "certificates for subgraphs are not taken over; see docs/configuration.md",
    "traffic_shaping.all.circuit_breaker": NO_RETRY,
    "traffic_shaping.all.retry": NO_RETRY,
    "traffic_shaping": TUNING,
    "watch_config": "the file is followed always",
    "websocket": NO_SUBSCRIPTIONS,
}

HIVE = {
    "authorization": "what is done with fields that are not granted is configured otherwise",
    "coprocessor": NO_EXTENSIONS,
    "demand_control": NO_DEMAND,
    "error_masking": "what is told of a masked error cannot be chosen",
    "jwt.forward_claims_to_upstream_extensions": "claims are not put into requests to subgraphs",
    "laboratory": "the studio has no settings of this kind",
    "limits": "this limit has no counterpart",
    "log": LOG,
    "persisted_documents": "lists of operations and their store are configured otherwise",
    "plugins": NO_EXTENSIONS,
    "query_planner": TUNING,
    "response_extensions": "extensions of subgraphs' answers stay where they are",
    "storages": "lists of operations and their store are configured otherwise",
    "subscriptions": NO_SUBSCRIPTIONS,
    "supergraph": ELSEWHERE,
    "telemetry": NO_TELEMETRY,
    "traffic_shaping.router.tls": NO_PROXY_TLS,
    "traffic_shaping.all.circuit_breaker": NO_RETRY,
    "traffic_shaping": TUNING,
    "usage_reporting": NO_REGISTRY,
    "websocket": NO_SUBSCRIPTIONS,
}

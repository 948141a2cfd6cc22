"""What no rule carries over, and why: a line for each key; a feature that arrives takes its line away."""

from __future__ import annotations

ELSEWHERE = "the supergraph is a file here: plait router --supergraph FILE"
HEALTH = "health is at /health, /health/live and /health/ready of the same address"
LOG = "the log goes to stderr as it is"
NO_PROXY_TLS = "TLS of clients ends before the router: put a proxy in front"
NO_TELEMETRY = "of traces, metrics and logs what docs/observability.md lists can be set, not this"
NO_EXTENSIONS = "a router embedded in Python is extended in Python (docs/embedding.md)"
NO_REGISTRY = "there is no registry or control plane"
NO_SUBSCRIPTIONS = "subscriptions are not served yet"
NO_RESPONSE_CACHE = "answers of subgraphs are not cached"
NO_CONNECTORS = "REST connectors are not supported"
NO_RATE_LIMITS = "operations of clients are counted here, not requests to subgraphs: rate_limits.rules"
NO_DEMAND = "costs are limited by demand.mode, demand.max_cost and demand.list_size, not by this"
NO_RETRY = "how requests are repeated is subgraphs.defaults.max_retries and retry_budget, not this"
NO_BREAKER = "this part of a circuit breaker has no counterpart: subgraphs.defaults.circuit_breaker"
NO_LISTS = "lists of operations are files here: persisted_operations.sources, with persisted_operations.mode"
NO_TEXTS = "texts are kept in memory by their size, and in one Redis: persisted_operations.apq"
NO_TLS = "certificates of subgraphs are always verified, and named as files: subgraphs.defaults.tls"
TUNING = "an inner size or time of that router"

APOLLO = {
    "apq": NO_TEXTS,
    "apq.subgraph": "texts are sent to subgraphs whole",
    "persisted_queries": NO_LISTS,
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
    "tls.subgraph": NO_TLS,
    "tls": NO_PROXY_TLS,
    "traffic_shaping.router.concurrency_limit": "connections are bounded instead: server.max_connections",
    "traffic_shaping.all.experimental_retry": NO_RETRY,
    "traffic_shaping.all.global_rate_limit": NO_RATE_LIMITS,
    "traffic_shaping": TUNING,
}

COSMO = {
    "version": "a version of the format has no counterpart",
    "access_logs": "a line has fields of its own; a file for them is telemetry.access_log.file",
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
    "persisted_operations": NO_LISTS,
    "automatic_persisted_queries": NO_TEXTS,
    "plugins": NO_EXTENSIONS,
    "poll_interval": ELSEWHERE,
    "poll_jitter": ELSEWHERE,
    "rate_limit": NO_RATE_LIMITS,
    "readiness_check_path": HEALTH,
    "router_config_path": f"{ELSEWHERE}, written by plait compose or rover",
    "router_registration": NO_REGISTRY,
    "security.block_non_persisted_operations": NO_LISTS,
    "security.cost_control": NO_DEMAND,
    "security": "this limit has no counterpart",
    "shutdown_delay": "running requests have server.shutdown_grace_seconds, counted from the signal",
    "split_config_poller": NO_REGISTRY,
    "storage_providers": NO_LISTS,
    "subgraph_error_propagation": "what is told of a subgraph's error cannot be chosen field by field",
    "telemetry": NO_TELEMETRY,
    "tls.server": NO_PROXY_TLS,
    "tls": NO_TLS,
    "traffic_shaping.all.circuit_breaker": NO_BREAKER,
    "traffic_shaping.all.retry": NO_RETRY,
    "traffic_shaping": TUNING,
    "watch_config": "the file is followed always",
    "websocket": NO_SUBSCRIPTIONS,
}

HIVE = {
    "authorization": "what is done with fields that are not granted is authorization.on_denied",
    "coprocessor": NO_EXTENSIONS,
    "demand_control": NO_DEMAND,
    "error_masking": "what is told of a masked error cannot be chosen",
    "jwt.forward_claims_to_upstream_extensions": "claims are not put into requests to subgraphs",
    "laboratory": "the studio has no settings of this kind",
    "limits": "this limit has no counterpart",
    "log": LOG,
    "persisted_documents": NO_LISTS,
    "plugins": NO_EXTENSIONS,
    "query_planner": TUNING,
    "response_extensions": "extensions of subgraphs' answers stay where they are",
    "storages": NO_LISTS,
    "subscriptions": NO_SUBSCRIPTIONS,
    "supergraph": ELSEWHERE,
    "telemetry": NO_TELEMETRY,
    "traffic_shaping.router.tls": NO_PROXY_TLS,
    "traffic_shaping.all.circuit_breaker": NO_BREAKER,
    "traffic_shaping.all.tls": NO_TLS,
    "traffic_shaping": TUNING,
    "usage_reporting": NO_REGISTRY,
    "websocket": NO_SUBSCRIPTIONS,
}

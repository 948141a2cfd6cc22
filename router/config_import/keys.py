"""The keys at the top of each router's files, as their own schemas list them."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


APOLLO = _words("""
    apq authentication authorization batching connectors coprocessor cors csrf demand_control
    enhanced_client_awareness experimental_chaos experimental_diagnostics
    experimental_hoist_orphan_errors experimental_type_conditioned_fetching fleet_detector
    forbid_mutations headers health_check homepage include_subgraph_errors license_enforcement
    limits override_subgraph_url persisted_queries plugins preview_entity_cache preview_file_uploads
    progressive_override response_cache rhai sandbox server subscription supergraph telemetry tls
    traffic_shaping
""")

COSMO = _words("""
    version instance_id graph storage_providers persisted_operations automatic_persisted_queries
    execution_config split_config_poller graphql_metrics pyroscope dev_mode tls websocket compliance
    batching access_logs telemetry cors cluster listen_addr controlplane_url playground
    playground_enabled introspection_enabled introspection query_plans_enabled log_level json_log
    log_service_name shutdown_delay grace_period poll_interval poll_jitter health_check_path
    readiness_check_path liveness_check_path graphql_path playground_path file_upload
    traffic_shaping headers cache_control_policy modules authentication authorization rate_limit
    localhost_fallback_inside_docker cdn mcp connect_rpc demo_mode events cache_warmup
    router_config_path router_registration override_routing_url overrides security engine
    subgraph_error_propagation subgraph_extension_propagation apollo_compatibility_flags
    apollo_router_compatibility_flags plugins client_header watch_config
""")

HIVE = _words("""
    log laboratory graphiql supergraph query_planner http traffic_shaping headers
    response_extensions csrf cors jwt override_subgraph_urls override_labels authorization limits
    introspection telemetry demand_control plugins subscriptions websocket persisted_documents
    coprocessor storages error_masking usage_reporting
""")

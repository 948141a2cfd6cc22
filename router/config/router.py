"""The whole configuration."""

from __future__ import annotations

from msgspec import field
from msgspec.structs import replace

from router.config.authentication import AuthenticationConfig
from router.config.authorization import AuthorizationConfig
from router.config.base import Config
from router.config.demand import DemandConfig
from router.config.errors import ErrorsConfig
from router.config.execution import CacheConfig, ExecutionConfig, OverridesConfig
from router.config.headers import HeadersConfig
from router.config.http import CacheControlConfig, CompressionConfig, CSRFConfig, UploadsConfig
from router.config.limits import LimitsConfig
from router.config.mcp import MCPConfig
from router.config.partners import PartnersConfig
from router.config.persisted import PersistedConfig
from router.config.rates import RateLimitsConfig
from router.config.server import BatchingConfig, CORSConfig, IntrospectionConfig, ServerConfig, StudioConfig
from router.config.subgraphs import SubgraphsConfig
from router.config.telemetry import TelemetryConfig


class RouterConfig(Config, frozen=True):
    server: ServerConfig = field(default_factory=ServerConfig)
    batching: BatchingConfig = field(default_factory=BatchingConfig)
    cors: CORSConfig = field(default_factory=CORSConfig)
    csrf: CSRFConfig = field(default_factory=CSRFConfig)
    cache_control: CacheControlConfig = field(default_factory=CacheControlConfig)
    uploads: UploadsConfig = field(default_factory=UploadsConfig)
    compression: CompressionConfig = field(default_factory=CompressionConfig)
    studio: StudioConfig = field(default_factory=StudioConfig)
    persisted_operations: PersistedConfig = field(default_factory=PersistedConfig)
    partners: PartnersConfig = field(default_factory=PartnersConfig)
    mcp: MCPConfig = field(default_factory=MCPConfig)
    introspection: IntrospectionConfig = field(default_factory=IntrospectionConfig)
    execution: ExecutionConfig = field(default_factory=ExecutionConfig)
    cache: CacheConfig = field(default_factory=CacheConfig)
    subgraphs: SubgraphsConfig = field(default_factory=SubgraphsConfig)
    headers: HeadersConfig = field(default_factory=HeadersConfig)
    errors: ErrorsConfig = field(default_factory=ErrorsConfig)
    overrides: OverridesConfig = field(default_factory=OverridesConfig)
    authentication: AuthenticationConfig = field(default_factory=AuthenticationConfig)
    authorization: AuthorizationConfig = field(default_factory=AuthorizationConfig)
    limits: LimitsConfig = field(default_factory=LimitsConfig)
    demand: DemandConfig = field(default_factory=DemandConfig)
    rate_limits: RateLimitsConfig = field(default_factory=RateLimitsConfig)
    telemetry: TelemetryConfig = field(default_factory=TelemetryConfig)


def for_development(config: RouterConfig) -> RouterConfig:
    """What `--dev` changes: plans on request, subgraphs' errors shown, introspection and studio on."""
    return replace(
        config,
        execution=replace(config.execution, expose_query_plan=True),
        errors=replace(config.errors, show_subgraph_errors=True),
        introspection=IntrospectionConfig(enabled=True),
        studio=StudioConfig(enabled=True),
    )

"""The router's configuration: one frozen object per process, read once.

Units are in the names, flags are positive, and every key has a default. `file.py` reads it from YAML,
`faults.py` says what its types cannot; docs/configuration.md lists every key (a test compares).
"""

from __future__ import annotations

from router.config.authentication import (
    Algorithm,
    AuthenticationConfig,
    JWKSConfig,
    JWTConfig,
    OnTokenError,
    TokenSource,
)
from router.config.authorization import AuthorizationConfig, OnDenied
from router.config.base import Config, Positive, Seconds
from router.config.demand import DemandConfig, DemandMode
from router.config.errors import ErrorsConfig
from router.config.execution import CacheConfig, DeduplicationConfig, ExecutionConfig, OverridesConfig
from router.config.headers import (
    HeaderRule,
    HeadersConfig,
    Insert,
    Propagate,
    Remove,
    RequestRules,
    ResponseRule,
    Return,
    SubgraphRules,
    Withhold,
)
from router.config.http import CacheControlConfig, CompressionConfig, CSRFConfig, UploadsConfig
from router.config.limits import LimitsConfig, LimitsMode
from router.config.mcp import MCPCallers, MCPConfig, MCPOAuthConfig, MCPSessionsConfig
from router.config.partners import PartnersConfig
from router.config.persisted import APQConfig, PersistedConfig
from router.config.rates import LimitBy, RateLimit, RateLimitsConfig
from router.config.router import RouterConfig, for_development
from router.config.server import (
    BatchingConfig,
    CORSConfig,
    CORSPolicy,
    IntrospectionConfig,
    ServerConfig,
    StudioConfig,
)
from router.config.subgraphs import (
    CircuitBreakerConfig,
    HTTPClient,
    SubgraphConfig,
    SubgraphDefaults,
    SubgraphsConfig,
    TLSConfig,
)
from router.config.telemetry import (
    AccessLogConfig,
    FieldUsageConfig,
    MetricsConfig,
    OTLPMetricsConfig,
    SlowOperationsConfig,
    TelemetryConfig,
    TracesConfig,
)

__all__ = [
    "APQConfig",
    "AccessLogConfig",
    "Algorithm",
    "AuthenticationConfig",
    "AuthorizationConfig",
    "BatchingConfig",
    "CORSConfig",
    "CORSPolicy",
    "CSRFConfig",
    "CacheConfig",
    "CacheControlConfig",
    "CircuitBreakerConfig",
    "CompressionConfig",
    "Config",
    "DeduplicationConfig",
    "DemandConfig",
    "DemandMode",
    "ErrorsConfig",
    "ExecutionConfig",
    "FieldUsageConfig",
    "HTTPClient",
    "HeaderRule",
    "HeadersConfig",
    "Insert",
    "IntrospectionConfig",
    "JWKSConfig",
    "JWTConfig",
    "LimitBy",
    "LimitsConfig",
    "LimitsMode",
    "MCPCallers",
    "MCPConfig",
    "MCPOAuthConfig",
    "MCPSessionsConfig",
    "MetricsConfig",
    "OTLPMetricsConfig",
    "OnDenied",
    "OnTokenError",
    "OverridesConfig",
    "PartnersConfig",
    "PersistedConfig",
    "Positive",
    "Propagate",
    "RateLimit",
    "RateLimitsConfig",
    "Remove",
    "RequestRules",
    "ResponseRule",
    "Return",
    "RouterConfig",
    "Seconds",
    "ServerConfig",
    "SlowOperationsConfig",
    "StudioConfig",
    "SubgraphConfig",
    "SubgraphDefaults",
    "SubgraphRules",
    "SubgraphsConfig",
    "TLSConfig",
    "TelemetryConfig",
    "TokenSource",
    "TracesConfig",
    "UploadsConfig",
    "Withhold",
    "for_development",
]

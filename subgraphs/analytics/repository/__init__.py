"""How analytics is kept: Protocols for the services, and PostgreSQL behind them."""

from subgraphs.analytics.repository.postgres_funnels import PostgresFunnelRepository
from subgraphs.analytics.repository.postgres_views import PostgresViewRepository
from subgraphs.analytics.repository.protocol import FunnelRepository, ViewRepository

__all__ = ["FunnelRepository", "PostgresFunnelRepository", "PostgresViewRepository", "ViewRepository"]

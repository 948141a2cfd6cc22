"""What is configured about stores, as values: nothing here connects, or imports what does.

    one database, a schema per service    PLAIT_DATABASE_URL, or nothing at all (the embedded server)
    a database per service                PLAIT_USERS_DATABASE_URL, PLAIT_POSTS_DATABASE_URL, …

A domain's own URL wins over the common one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class StoreUrls:
    """What was configured for one domain (or, as the common one, for all)."""

    url: str
    migration_url: str | None = None
    replica_url: str | None = None


@dataclass(frozen=True, slots=True)
class StoreSettings:
    home: Path
    common: StoreUrls | None = None
    domains: Mapping[str, StoreUrls] = field(default_factory=dict)

    def urls(self, domain: str) -> StoreUrls | None:
        return self.domains.get(domain, self.common)


@dataclass(frozen=True, slots=True)
class DomainStore:
    """One domain's PostgreSQL: its schema is named after the domain."""

    domain: str
    url: str
    """The service's login: the domain's own role, or a member of it."""
    admin_url: str
    """The login that may create roles and schemas, for migrations only."""
    replica_url: str | None = None

    @property
    def schema(self) -> str:
        return self.domain

    @property
    def role(self) -> str:
        return f"plait_{self.domain}"

    @property
    def owner(self) -> str:
        return f"plait_{self.domain}_owner"

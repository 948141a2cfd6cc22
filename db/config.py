"""What is configured about stores, as values: nothing here connects, or imports what does.

    one database, a schema per service    PLAIT_DATABASE_URL, or nothing at all (the embedded server)
    a database per service                PLAIT_USERS_DATABASE_URL, PLAIT_POSTS_DATABASE_URL, …

A domain's own URL wins over the common one. Redis, S3 and MongoDB are common to all: `PLAIT_REDIS_URL`,
`PLAIT_S3_URL` with its keys, `PLAIT_MONGO_URL`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from db.budget import MOST


@dataclass(frozen=True, slots=True)
class StoreUrls:
    """What was configured for one domain (or, as the common one, for all)."""

    url: str
    migration_url: str | None = None
    replica_url: str | None = None


@dataclass(frozen=True, slots=True)
class S3Location:
    """An S3 endpoint and the pair of keys that opens it."""

    endpoint: str
    access_key: str
    secret_key: str = field(repr=False)
    region: str = "us-east-1"
    public_endpoint: str | None = None
    """What browsers call it in signed links; the endpoint itself where they reach that."""


@dataclass(frozen=True, slots=True)
class StoreSettings:
    home: Path
    common: StoreUrls | None = None
    domains: Mapping[str, StoreUrls] = field(default_factory=dict)
    redis: str | None = None
    s3: S3Location | None = None
    mongo: str | None = None
    connections: int | None = None
    """To one configured PostgreSQL, all domains of this process together; db/budget.py has the default."""
    traced: bool = False
    """Whether spans are made: a driver that tells of each command is told to only then."""

    def urls(self, domain: str) -> StoreUrls | None:
        return self.domains.get(domain, self.common)


@dataclass(frozen=True, slots=True)
class DomainStore:
    """Where one domain's stores are. In PostgreSQL its schema is named after the domain; the others are None
    where the domain does not use them, and `mongo` also where none is configured.
    """

    domain: str
    url: str
    """The service's login: the domain's own role, or a member of it."""
    admin_url: str
    """The login that may create roles and schemas, for migrations only."""
    replica_url: str | None = None
    redis: str | None = None
    s3: S3Location | None = None
    mongo: str | None = None
    connections: int = MOST
    """This process's to its PostgreSQL, and as many again to a replica."""
    traced: bool = False

    @property
    def schema(self) -> str:
        return self.domain

    @property
    def role(self) -> str:
        return f"plait_{self.domain}"

    @property
    def owner(self) -> str:
        return f"plait_{self.domain}_owner"

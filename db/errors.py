"""What can go wrong with a store, and what a caller can do about it.

StoreError
├── EmbeddedStoreError      the server of `plait up` did not start; the message says why
├── StoreUnavailable        no connection: down, refused, or gone while we were talking
│   └── StoreFull           there is one, but the store's disk is full
├── StoreNotDeclared        a domain asks for a store that its entry in the registry does not name
├── TooFewConnections       the domains of a process would have too few connections each
├── ProvisionError          the login may not create the domain's roles and schema
├── MigrationError          a revision failed; nothing of it is left behind
├── MigrationNeeded         the schema is behind the code
└── SchemaTooNew            the schema is ahead, and has lost something that this code needs
"""

from __future__ import annotations

from pathlib import Path


class StoreError(Exception):
    """The root: every subclass has a stable `code` and a message for a person."""

    code = "STORE_ERROR"


class EmbeddedStoreError(StoreError):
    code = "EMBEDDED_STORE_FAILED"

    def __init__(self, store: str, directory: Path, problem: str, remedy: str) -> None:
        super().__init__(f"the embedded {store} in {directory} {problem}; {remedy}")
        self.store = store
        self.directory = directory
        self.problem = problem


class StoreUnavailable(StoreError):
    code = "STORE_UNAVAILABLE"

    def __init__(self, target: str, reason: str, store: str = "PostgreSQL") -> None:
        super().__init__(f"cannot reach {store} at {target}: {reason}")
        self.target = target
        self.store = store


class StoreFull(StoreUnavailable):
    """The store's disk is full: reads go on, nothing can be written until there is room."""

    code = "STORE_FULL"


class StoreNotDeclared(StoreError):
    code = "STORE_NOT_DECLARED"

    def __init__(self, domain: str, store: str) -> None:
        super().__init__(f"{domain} uses {store} and does not say so: add it to subgraphs/registry.py")
        self.domain = domain


class TooFewConnections(StoreError):
    code = "TOO_FEW_CONNECTIONS"

    def __init__(self, server: str, budget: int, domains: int, least: int) -> None:
        super().__init__(
            f"{budget} connections to PostgreSQL at {server} are too few for {domains} domains: "
            f"set PLAIT_DATABASE_CONNECTIONS to {least * domains} or more, "
            "or run domains in processes of their own"
        )
        self.server = server
        self.budget = budget


class ProvisionError(StoreError):
    code = "STORE_NOT_PROVISIONED"


class MigrationError(StoreError):
    code = "MIGRATION_FAILED"

    def __init__(self, domain: str, reason: str) -> None:
        super().__init__(f"migrating {domain} failed and was rolled back: {reason}")
        self.domain = domain


class MigrationNeeded(StoreError):
    code = "MIGRATION_NEEDED"

    def __init__(self, domain: str, at: str | None, newest: str | None) -> None:
        where = f"at revision {at}" if at else "empty"
        super().__init__(f"the schema {domain} is {where}, not at {newest}: run `plait db upgrade {domain}`")
        self.domain = domain


class SchemaTooNew(StoreError):
    code = "SCHEMA_TOO_NEW"

    def __init__(self, domain: str, at: str, newest: str, oldest: str) -> None:
        super().__init__(
            f"the schema {domain} is at {at}, which no longer serves code of revision {newest} "
            f"(it needs {oldest} or later): run a newer release"
        )
        self.domain = domain

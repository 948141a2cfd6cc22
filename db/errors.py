"""What can go wrong with a store, and what a caller can do about it.

StoreError
├── EmbeddedStoreError      the server of `plait up` did not start; the message says why
├── StoreUnavailable        no connection: down, refused, or gone while we were talking
├── ProvisionError          the login may not create the domain's roles and schema
└── MigrationError          a revision failed; nothing of it is left behind
"""

from __future__ import annotations

from pathlib import Path


class StoreError(Exception):
    """The root: every subclass has a stable `code` and a message for a person."""

    code = "STORE_ERROR"


class EmbeddedStoreError(StoreError):
    code = "EMBEDDED_STORE_FAILED"

    def __init__(self, directory: Path, problem: str, remedy: str) -> None:
        super().__init__(f"the embedded PostgreSQL in {directory} {problem}; {remedy}")
        self.directory = directory
        self.problem = problem


class StoreUnavailable(StoreError):
    code = "STORE_UNAVAILABLE"

    def __init__(self, target: str, reason: str) -> None:
        super().__init__(f"cannot reach PostgreSQL at {target}: {reason}")
        self.target = target


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

"""A domain's roles and schema, made before its first migration and checked before every other.

    plait_<domain>_owner   no login; owns the schema and its tables; taken on by migrations
    plait_<domain>         the service; may use rows, not tables; no BYPASSRLS; sees no other domain's schema
    extensions             the schema of what migrations use of contrib; both roles may use it

Everything here may run again, and next to another process doing the same.
"""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.pool import NullPool

from db.config import DomainStore
from db.errors import ProvisionError
from db.postgres import is_connection_failure, private_engine
from db.urls import parse_url

LOCK = 0x706C616974
"""The advisory lock that makes provisioning in one database happen one at a time ("plait")."""

ATTEMPTS = 5
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist", "cube")
"""What migrations may use of PostgreSQL's contrib. All are trusted: who may create in the database may
install them. They live in a schema of their own, unless somebody has installed them elsewhere before.
"""
OPTIONAL = ("postgis",)
"""What migrations use where somebody has installed it: not trusted, so that is a superuser's to do."""
EXTENSION_SCHEMA = "extensions"

RACE_CODES = {"42710", "23505", "XX000"}
"""Roles belong to the whole server, where no lock reaches: duplicate_object, unique_violation, "tuple
concurrently updated" (reported as internal_error)."""


async def provision(store: DomainStore) -> None:
    """Raises ProvisionError when the login may not do this, StoreUnavailable when nobody answers."""
    service = parse_url(store.url)
    if service == parse_url(store.admin_url) and service.username == store.role:
        raise ProvisionError(
            f"{store.role} must not own its tables: give `plait db` another login in "
            f"PLAIT_{store.domain.upper()}_MIGRATION_DATABASE_URL"
        )
    engine = private_engine(parse_url(store.admin_url), poolclass=NullPool)
    try:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with engine.begin() as connection:
                    await _provision(
                        connection, store, service.password if service.username == store.role else None
                    )
                return
            except DBAPIError as error:
                if attempt == ATTEMPTS or _sqlstate(error) not in RACE_CODES:
                    raise
    except DBAPIError as error:
        if is_connection_failure(error):
            raise
        raise ProvisionError(f"cannot prepare {store.domain}: {str(error.orig).splitlines()[0]}") from error
    finally:
        await engine.dispose()


async def create_database(admin_url: str, name: str) -> None:
    """Make the database if it is missing, closed to roles that were not let in."""
    engine = private_engine(parse_url(admin_url), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            found = await connection.scalar(
                text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}
            )
            if found is None:
                await connection.execute(text(f"CREATE DATABASE {_quoted(name)}"))
            await connection.execute(text(f"REVOKE ALL ON DATABASE {_quoted(name)} FROM PUBLIC"))
    except DBAPIError as error:
        if _sqlstate(error) not in {"42P04", *RACE_CODES}:
            raise
    finally:
        await engine.dispose()


async def _provision(connection: AsyncConnection, store: DomainStore, password: str | None) -> None:
    await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    await _ensure_role(connection, store.owner, "NOLOGIN")
    await _ensure_role(connection, store.role, "LOGIN")
    if password is not None:
        literal = await connection.scalar(
            text("SELECT quote_literal(CAST(:password AS text))"), {"password": password}
        )
        await connection.execute(text(f"ALTER ROLE {_quoted(store.role)} PASSWORD {_escaped(str(literal))}"))
    for statement in rights(store, await _database(connection)):
        await connection.execute(text(statement))
    for extension in EXTENSIONS:
        await _ensure_extension(connection, store, extension)
    for extension in OPTIONAL:
        await _open_extension(connection, store, extension)


async def _ensure_extension(connection: AsyncConnection, store: DomainStore, name: str) -> None:
    """Installed, and open to the domain's roles. Raises ProvisionError when the server does not have it."""
    if await connection.scalar(_WHERE, {"name": name}) is None:
        available = text("SELECT 1 FROM pg_available_extensions WHERE name = :name")
        if await connection.scalar(available, {"name": name}) is None:
            raise ProvisionError(
                f"cannot prepare {store.domain}: the server has no extension {name}; install PostgreSQL's "
                "contrib modules there (Debian: postgresql-contrib)"
            )
        await connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {EXTENSION_SCHEMA}"))
        await connection.execute(text(f"CREATE EXTENSION {name} SCHEMA {EXTENSION_SCHEMA}"))
    await _open_extension(connection, store, name)


async def _open_extension(connection: AsyncConnection, store: DomainStore, name: str) -> None:
    """The domain's roles may use it, where it is installed."""
    schema = await connection.scalar(_WHERE, {"name": name})
    for role in (store.owner, store.role) if schema is not None else ():
        may = text("SELECT has_schema_privilege(:role, :schema, 'USAGE')")
        if not await connection.scalar(may, {"role": role, "schema": schema}):
            await connection.execute(text(f"GRANT USAGE ON SCHEMA {_quoted(schema)} TO {_quoted(role)}"))


async def _ensure_role(connection: AsyncConnection, role: str, login: str) -> None:
    """Only a member may take a role on. A superuser may anyway; one who made it may not yet (since PostgreSQL
    16).
    """
    found = await connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role})
    if found is None:
        await connection.execute(
            text(f"CREATE ROLE {_quoted(role)} {login} NOSUPERUSER NOCREATEDB NOCREATEROLE")
        )
    if not await connection.scalar(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")):
        await connection.execute(text(f"GRANT {_quoted(role)} TO CURRENT_USER"))


def rights(store: DomainStore, database: str) -> list[str]:
    """The statements that make the schema and say who may do what there."""
    schema, owner, role = _quoted(store.schema), _quoted(store.owner), _quoted(store.role)
    defaults = f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {schema} GRANT"
    return [
        f"GRANT CONNECT ON DATABASE {_quoted(database)} TO {owner}, {role}",
        f"GRANT CREATE ON DATABASE {_quoted(database)} TO {owner}",
        f"CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {owner}",
        f"REVOKE CREATE ON DATABASE {_quoted(database)} FROM {owner}",
        f"REVOKE ALL ON SCHEMA {schema} FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA {schema} TO {role}",
        f"{defaults} SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
        f"{defaults} USAGE, SELECT ON SEQUENCES TO {role}",
    ]


_WHERE = text(
    "SELECT nspname FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace WHERE extname = :name"
)


async def _database(connection: AsyncConnection) -> str:
    return str(await connection.scalar(text("SELECT current_database()")))


def _sqlstate(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _escaped(literal: str) -> str:
    """A colon would start a bind parameter of `text`."""
    return literal.replace(":", "\\:")

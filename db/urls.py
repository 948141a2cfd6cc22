"""Where a domain's tables are, and as whom to go there.

Each domain has two roles: `plait_<domain>` reads and writes rows, `plait_<domain>_owner` owns the tables and
is only taken on to migrate. A URL may log in as the role itself, or as a member of it: then the role is taken
on at the start of every connection, so that the server applies the role's rights either way.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from db.errors import ProvisionError


def parse_url(text: str) -> URL:
    """`postgresql://…` in any spelling → SQLAlchemy's URL for asyncpg. Raises ProvisionError for anything
    else.
    """
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise ProvisionError("a database URL reads postgresql://USER:PASSWORD@HOST:PORT/DATABASE") from error
    if url.get_backend_name() not in {"postgresql", "postgres"}:
        raise ProvisionError(f"the stores are PostgreSQL; a {url.get_backend_name()} URL was given")
    return url.set(drivername="postgresql+asyncpg")


def server_of(url: URL) -> str:
    """Host and port: what domains that share a server have in common."""
    return f"{url.host or url.query.get('host') or 'localhost'}:{url.port or 5432}"


PLANNER = {"jit": "off", "enable_bitmapscan": "off"}
"""Services look rows up and read pages in an index's order. A bitmap loses that order: it is chosen when a
parent is thought to have few rows, and reads all of them when it has many.
"""


def connect_settings(url: URL, role: str, schema: str) -> Mapping[str, str]:
    """Server settings of a connection: taken on before its first statement, kept by RESET."""
    settings = {"search_path": schema, "application_name": role, "timezone": "UTC", **PLANNER}
    if url.username != role:
        settings["role"] = role
    return settings

"""One SQL file for a whole domain, as seed 004 has them: roles, schema, extensions and every revision.

    createdb users && psql users < users.sql          # what `plait db sql users` prints

What the file makes is what `plait db upgrade` makes, the revision it is at among it, so that the next upgrade
goes on from there. It is made of the migrations themselves, without a server, and is run by who may create
roles and extensions. Passwords are not in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from alembic import command

from db.config import DomainStore
from db.histories import HISTORIES, VERSIONS
from db.migrate import alembic_config, oldest_code_comment
from db.provision import EXTENSION_SCHEMA, EXTENSIONS, rights

HERE = "the database this runs in"


def consolidated_sql(domain: str, histories: Path = HISTORIES) -> str:
    store = DomainStore(domain, "", "")
    statements = [*_before(store), *_migrations(store, histories), *_after(store, histories)]
    return f"-- {domain}: what its migrations make.\n\n" + "\n".join(statements) + "\n"


def _before(store: DomainStore) -> Iterator[str]:
    for role, login in ((store.owner, "NOLOGIN"), (store.role, "LOGIN")):
        made = f'CREATE ROLE "{role}" {login} NOSUPERUSER NOCREATEDB NOCREATEROLE'
        yield f"DO $$ BEGIN {made}; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
    for right in rights(store, HERE):
        yield _of_this_database(right)
    yield f"CREATE SCHEMA IF NOT EXISTS {EXTENSION_SCHEMA};"
    for extension in EXTENSIONS:
        yield f"CREATE EXTENSION IF NOT EXISTS {extension} SCHEMA {EXTENSION_SCHEMA};"
    yield f'GRANT USAGE ON SCHEMA {EXTENSION_SCHEMA} TO "{store.owner}", "{store.role}";'
    yield f'SET ROLE "{store.owner}";\nSET search_path = "{store.schema}";\n'


def _of_this_database(right: str) -> str:
    """The file does not know what it is called."""
    if HERE not in right:
        return f"{right};"
    formatted = right.replace(f'"{HERE}"', "%I")
    return f"DO $$ BEGIN EXECUTE format('{formatted}', current_database()); END $$;"


def _migrations(store: DomainStore, histories: Path) -> Iterator[str]:
    written = StringIO()
    config = alembic_config(store.domain, histories)
    config.output_buffer = written
    config.attributes["schema"] = store.schema
    command.upgrade(config, "head", sql=True)
    yield written.getvalue()


def _after(store: DomainStore, histories: Path) -> Iterator[str]:
    yield oldest_code_comment(store.domain, "head", histories) + ";"
    yield f'REVOKE INSERT, UPDATE, DELETE ON {VERSIONS} FROM "{store.role}";'
    yield "RESET search_path;\nRESET ROLE;"

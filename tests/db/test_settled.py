"""What a start need not do again, and what makes it do all of it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from alembic.script import ScriptDirectory

from db import provision
from db import settled as module
from db.config import DomainStore
from db.embedded import EmbeddedPostgres
from db.histories import HISTORIES, newest
from db.marks import mark, marked
from db.migrate import alembic_config, downgrade, upgrade
from db.settled import settle, settled
from db.stores import embedded_store
from subgraphs.registry import DOMAINS
from tests.support.postgres import administer

SOME = ("posts", "users")


@pytest.fixture
def stores(postgres_server: EmbeddedPostgres, empty_database: str) -> Mapping[str, DomainStore]:
    return {domain: embedded_store(postgres_server, domain, empty_database) for domain in SOME}


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_last_file_by_name_is_what_alembic_calls_the_head(domain: str) -> None:
    history = ScriptDirectory.from_config(alembic_config(domain, HISTORIES))
    assert newest(domain) == history.get_current_head()


async def test_only_what_was_migrated_and_noted_is_settled(stores: Mapping[str, DomainStore]) -> None:
    assert await settled(stores.values()) == frozenset()
    await upgrade(stores["users"])
    assert await settled(stores.values()) == frozenset()
    await settle(stores["users"])
    await settle(stores["posts"])
    assert await settled(stores.values()) == {"users"}


async def test_a_revision_taken_back_unsettles(stores: Mapping[str, DomainStore]) -> None:
    await upgrade(stores["users"])
    await settle(stores["users"])
    await downgrade(stores["users"])
    assert await settled(stores.values()) == frozenset()
    await downgrade(stores["users"], "base")
    assert await settled(stores.values()) == frozenset()


async def test_other_statements_that_provision_unsettle(
    stores: Mapping[str, DomainStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    await upgrade(stores["users"])
    await settle(stores["users"])
    monkeypatch.setattr(module, "EXTENSIONS", (*provision.EXTENSIONS, "citext"))
    assert await settled(stores.values()) == frozenset()


async def test_a_database_whose_roles_are_gone_is_not_settled(
    stores: Mapping[str, DomainStore], postgres_server: EmbeddedPostgres
) -> None:
    """Restored on another server."""
    await upgrade(stores["users"])
    await settle(stores["users"])
    await administer(postgres_server, "ALTER ROLE plait_users RENAME TO plait_somebody")
    try:
        assert await settled(stores.values()) == frozenset()
    finally:
        await administer(postgres_server, "ALTER ROLE plait_somebody RENAME TO plait_users")


async def test_a_mark_is_one_domains_and_made_once(stores: Mapping[str, DomainStore]) -> None:
    assert await marked(stores.values(), "done") == frozenset()
    await mark(stores["posts"], "done")
    await mark(stores["posts"], "done")
    assert await marked(stores.values(), "done") == {"posts"}

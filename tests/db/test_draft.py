"""Revisions drafted from models: what they do, and that they do all of it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, text

from db.config import DomainStore
from db.draft import Draft, draft_revision
from db.errors import MigrationNeeded
from db.histories import HISTORIES
from db.migrate import downgrade, new_revision, upgrade
from db.migrations.messaging import NAMES
from db.postgres import connect
from subgraphs.registry import DOMAINS, metadata_of

COLUMNS = """SELECT column_name FROM information_schema.columns
    WHERE table_schema = 'groups' AND table_name = 'groups' AND column_name IN ('colour', 'description')"""


def changed_models() -> MetaData:
    """Of groups, with a table and a column more, and a column less."""
    metadata = MetaData()
    for table in metadata_of("groups").tables.values():
        table.to_metadata(metadata)
    Table("rooms", metadata, Column("id", Integer, primary_key=True), Column("name", String(50)))
    groups = metadata.tables["groups"]
    groups.append_column(Column("colour", String(20), nullable=False, server_default="it's blue"))
    groups._columns.remove(groups.c.description)  # type: ignore[attr-defined]
    return metadata


@pytest.mark.parametrize("domain", DOMAINS)
async def test_a_domain_whose_models_are_its_schema_needs_no_revision(
    domain: str, stores: Mapping[str, DomainStore]
) -> None:
    assert await draft_revision(stores[domain], metadata_of(domain), without=NAMES) == Draft((), ())


async def test_a_drafted_revision_brings_the_schema_to_the_models_and_back(
    stores: Mapping[str, DomainStore], tmp_path: Path
) -> None:
    store, models = stores["groups"], changed_models()
    shutil.copytree(HISTORIES / "groups", tmp_path / "groups")
    draft = await draft_revision(store, models, without=NAMES)
    assert draft.takes_away
    said = {"up": draft.up, "down": draft.down, "takes_away": draft.takes_away}
    path = new_revision("groups", "rooms and colours", tmp_path, **said)  # type: ignore[arg-type]
    assert 'oldest_code = "0002"' in path.read_text()
    try:
        await upgrade(store, histories=tmp_path)
        assert await columns(store) == ["colour"]
        assert await draft_revision(store, models, without=NAMES, histories=tmp_path) == Draft((), ())
    finally:
        await downgrade(store, "0001", histories=tmp_path)
    assert await columns(store) == ["description"]
    assert await draft_revision(store, metadata_of("groups"), without=NAMES) == Draft((), ())


async def test_a_schema_that_is_behind_is_not_compared(
    stores: Mapping[str, DomainStore], tmp_path: Path
) -> None:
    shutil.copytree(HISTORIES / "groups", tmp_path / "groups")
    new_revision("groups", "later", tmp_path)
    with pytest.raises(MigrationNeeded):
        await draft_revision(stores["groups"], metadata_of("groups"), histories=tmp_path)


async def columns(store: DomainStore) -> list[str]:
    database = connect(store)
    async with database.read() as session:
        found = [row[0] for row in await session.execute(text(COLUMNS))]
    await database.close()
    return found

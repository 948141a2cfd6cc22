"""Mistyped words, in every domain that looks some up: by the index, in a service's session."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import text

from db.config import DomainStore
from db.embedded import EmbeddedPostgres
from db.postgres import connect
from tests.support.postgres import SHARED, administer

KINDS = {
    "catalog": ("artists", "albums", "tracks", "genres"),
    "events": ("venues", "events"),
    "users": ("users",),
}
THERE = """SELECT proname FROM pg_proc
    WHERE proname LIKE 'similar\\_in\\_%' AND pronamespace = CAST(:schema AS regnamespace)"""
SCANS = "SELECT pg_stat_get_xact_numscans(CAST(:index AS regclass))"


async def test_a_mistyped_word_is_looked_up_in_the_trigram_index_and_not_in_all_words(
    stores: Mapping[str, DomainStore], postgres_server: EmbeddedPostgres
) -> None:
    looked_up = {
        f"{domain}.{kind}": await _scans(stores[domain], postgres_server, kind)
        for domain, kinds in KINDS.items()
        for kind in kinds
    }
    assert looked_up == dict.fromkeys(looked_up, (1, 1)), "by trigrams, and its beginning by key"


async def test_no_domain_looks_words_up_that_is_not_asked_here(stores: Mapping[str, DomainStore]) -> None:
    found = {domain: await _functions(store, domain) for domain, store in stores.items()}
    assert {domain: names for domain, names in found.items() if names} == {
        domain: {f"similar_in_{kind}" for kind in kinds} for domain, kinds in KINDS.items()
    }


async def _scans(store: DomainStore, server: EmbeddedPostgres, kind: str) -> tuple[int, ...]:
    """How often one look-up among 5,000 words began to read each index of the words."""
    words = f"{store.schema}.{kind}_vocabulary"
    fill = f"INSERT INTO {words} SELECT md5(g::text) FROM generate_series(1, 5000) AS g"
    await administer(server, fill, f"VACUUM ANALYZE {words}", database=SHARED)
    database = connect(store)
    async with database.write() as session:
        await session.execute(text(f"SELECT * FROM similar_in_{kind}(ARRAY['rollnig'])"))
        scans = [
            (await session.execute(text(SCANS), {"index": f"{kind}_vocabulary_{index}"})).scalar_one()
            for index in ("trgm_idx", "pkey")
        ]
    await database.close()
    return tuple(scans)


async def _functions(store: DomainStore, domain: str) -> set[str]:
    database = connect(store)
    async with database.read() as session:
        names = {row.proname for row in await session.execute(text(THERE), {"schema": store.schema})}
    await database.close()
    return names

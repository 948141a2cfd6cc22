"""What the five documents say of tables, looked up in a migrated database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import text

from db.config import DomainStore
from db.postgres import connect
from subgraphs.registry import DOMAINS

INDEXES = {
    "events": {
        "idx_events_tenant_id": "(tenant_id)",
        "idx_events_status": "(status, starts_at, id) WHERE ((status)::text = 'PUBLISHED'::text)",
        "idx_events_starts_at": "(starts_at, id)",
        "idx_events_tenant_status": "(tenant_id, status, starts_at, id)",
    },
    "tickets": {
        "idx_registrations_tenant_id": "(tenant_id)",
        "idx_registrations_event_id": "(event_id, status, created_at, id)",
        "idx_registrations_user_id": "(user_id, created_at DESC, id DESC)",
    },
    "catalog": {"artists_name_idx": "(name, id)", "artist_managers_user_id_idx": "(user_id, created_at"},
}
SHAPES = {
    ("users", "users"): {
        "id": "uuid",
        "username": "character varying(50)",
        "email": "character varying(255)",
        "password_hash": "character varying(255)",
        "avatar_url": "character varying(512)",
        "is_verified": "boolean",
    },
    ("users", "refresh_tokens"): {
        "id": "bigint",
        "user_id": "uuid",
        "expires_at": "timestamp with time zone",
        "created_at": "timestamp with time zone",
        "token_hash": "character varying(64)",
        "ip_address": "inet",
        "device_info": "character varying(255)",
        "revoked": "boolean",
    },
    ("catalog", "artists"): {"name": "character varying(100)", "avatar_url": "character varying(512)"},
    ("catalog", "artist_managers"): {
        "id": "bigint",
        "artist_id": "uuid",
        "user_id": "uuid",
        "permissions": "jsonb",
        "created_at": "timestamp with time zone",
    },
    ("catalog", "albums"): {"title": "character varying(150)", "release_date": "date"},
    ("catalog", "tracks"): {
        "id": "uuid",
        "album_id": "uuid",
        "file_key": "character varying(255)",
        "duration_sec": "integer",
    },
    ("tickets", "ticket_types"): {"event_id": "uuid", "quantity": "integer", "sold_count": "integer"},
    ("tickets", "registrations"): {"tenant_id": "uuid", "ticket_type_id": "uuid", "user_id": "uuid"},
    ("tickets", "check_ins"): {"registration_id": "uuid", "checked_in_by": "uuid"},
    ("processing", "processing_jobs"): {
        "id": "uuid",
        "track_id": "uuid",
        "source_bucket": "character varying(100)",
        "source_key": "character varying(255)",
        "status": "character varying(20)",
        "worker_pod": "character varying(100)",
        "error_log": "text",
    },
    ("media", "media"): {
        "id": "uuid",
        "user_id": "uuid",
        "filename": "text",
        "content_type": "text",
        "size": "bigint",
        "bucket": "text",
        "path": "text",
        "variants": "jsonb",
        "created_at": "timestamp with time zone",
    },
    ("streaming", "playback_history"): {
        "id": "bigint",
        "user_id": "uuid",
        "track_id": "uuid",
        "listened_sec": "integer",
        "timestamp": "timestamp with time zone",
        "ip_address": "inet",
        "platform": "character varying(20)",
    },
    ("events", "events"): {
        "id": "uuid",
        "tenant_id": "uuid",
        "host_id": "uuid",
        "venue_id": "uuid",
        "created_at": "timestamp with time zone",
    },
}


IN_ORDER = {"audit", "outbox", "jobs"}
"""Of every domain, read in the order in which they were written."""
NUMBERED = {
    "catalog.genres",
    "users.roles",
    "users.refresh_tokens",
    "catalog.artist_managers",
    "users.mail_requests",
    "payments.ledger_entries",
    "notifications.notification_logs",
    "analytics.pending_rollups",
}
"""The first four as seed 001 has them; what is read in the order in which it was written."""


@pytest.mark.parametrize("domain", list(INDEXES))
async def test_the_indexes_of_the_documents_are_there(domain: str, stores: Mapping[str, DomainStore]) -> None:
    rows = await ask(stores[domain], "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = :schema")
    found = {row.indexname: row.indexdef for row in rows}
    for name, columns in INDEXES[domain].items():
        assert columns in found[name]


@pytest.mark.parametrize(("domain", "table"), list(SHAPES))
async def test_a_table_has_the_columns_of_the_documents(
    domain: str, table: str, stores: Mapping[str, DomainStore]
) -> None:
    columns = """SELECT a.attname, format_type(a.atttypid, a.atttypmod) AS type FROM pg_attribute a
        WHERE a.attrelid = to_regclass(:schema || '.' || CAST(:table AS text)) AND a.attnum > 0"""
    rows = await ask(stores[domain], columns, table=table)
    found = {row.attname: row.type for row in rows}
    assert {name: found.get(name) for name in SHAPES[domain, table]} == SHAPES[domain, table]


async def test_events_venues_and_invitations_get_their_ids_from_the_store(
    stores: Mapping[str, DomainStore],
) -> None:
    query = """SELECT table_name, column_default FROM information_schema.columns
        WHERE table_schema = :schema AND column_name = 'id' AND data_type = 'uuid'"""
    made = {row.table_name: row.column_default for row in await ask(stores["events"], query)}
    ours = {name: made[name] for name in ("events", "venues", "invitations")}
    assert ours == dict.fromkeys(ours, "gen_random_uuid()")


async def test_ids_are_uuids_but_where_a_document_or_an_order_asks_for_numbers(
    stores: Mapping[str, DomainStore],
) -> None:
    query = """SELECT c.relname, format_type(a.atttypid, NULL) AS type FROM pg_constraint k
        JOIN pg_class c ON c.oid = k.conrelid
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
        WHERE k.contype = 'p' AND cardinality(k.conkey) = 1 AND a.attname = 'id' AND NOT c.relispartition
            AND c.relnamespace = to_regnamespace(:schema)"""
    kinds = {
        f"{domain}.{row.relname}": row.type
        for domain in DOMAINS
        for row in await ask(stores[domain], query)
        if row.relname not in IN_ORDER
    }
    assert {name for name, kind in kinds.items() if kind != "uuid"} == NUMBERED
    assert len(kinds) > len(NUMBERED)


@pytest.mark.parametrize("domain", DOMAINS)
async def test_a_table_with_updated_at_has_the_trigger_that_keeps_it(
    domain: str, stores: Mapping[str, DomainStore]
) -> None:
    query = """SELECT c.table_name, EXISTS (SELECT FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
            WHERE t.tgrelid = to_regclass(:schema || '.' || c.table_name)
            AND p.proname = 'update_updated_at_column') AS kept
        FROM information_schema.columns c WHERE c.table_schema = :schema AND c.column_name = 'updated_at'"""
    rows = await ask(stores[domain], query)
    assert rows
    assert all(row.kept for row in rows)


@pytest.mark.parametrize("domain", DOMAINS)
async def test_times_have_an_offset_and_no_foreign_key_leaves_the_schema(
    domain: str, stores: Mapping[str, DomainStore]
) -> None:
    bare = """SELECT 1 FROM information_schema.columns
        WHERE table_schema = :schema AND data_type = 'timestamp without time zone'"""
    leaving = """SELECT 1 FROM pg_constraint f JOIN pg_class t ON t.oid = f.confrelid
        WHERE f.contype = 'f' AND f.connamespace = CAST(:schema AS regnamespace)
        AND t.relnamespace <> f.connamespace"""
    assert await ask(stores[domain], bare) == []
    assert await ask(stores[domain], leaving) == []


async def ask(store: DomainStore, query: str, **given: str) -> list[Any]:
    database = connect(store)
    async with database.read() as session:
        rows = (await session.execute(text(query), {"schema": store.schema, **given})).all()
    await database.close()
    return list(rows)

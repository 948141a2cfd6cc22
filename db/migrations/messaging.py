"""The tables of the kit's outbox, consumers, audit, jobs, departures and attempts, in a domain's own schema.

    from db.migrations.messaging import AUDIT, JOBS, MESSAGES
    def upgrade() -> None:   run(*MESSAGES.create, *AUDIT.create)
    def downgrade() -> None: run(*AUDIT.drop, *MESSAGES.drop)

The service's role gets its rights on them as on every table of the schema; of the audit it may add and read
rows, and neither change nor delete them.
"""

from __future__ import annotations

from dataclasses import dataclass

NAMES = frozenset(
    {
        "outbox",
        "inbox",
        "dead_letters",
        "audit",
        "jobs",
        "periodic_jobs",
        "departed",
        "attempts",
        "reports",
        "report_cases",
    }
)
"""Of all these tables, and of `db.migrations.reporting`'s."""


@dataclass(frozen=True, slots=True)
class Tables:
    create: tuple[str, ...]
    drop: tuple[str, ...]


MESSAGES = Tables(
    create=(
        """
        CREATE TABLE outbox (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            message_id uuid NOT NULL UNIQUE,
            topic varchar(100) NOT NULL,
            key varchar(200) NOT NULL,
            type varchar(100) NOT NULL,
            payload jsonb NOT NULL,
            headers jsonb NOT NULL,
            created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            published_at timestamptz
        )""",
        "CREATE INDEX outbox_waiting_idx ON outbox (id) WHERE published_at IS NULL",
        "CREATE INDEX outbox_published_idx ON outbox (published_at) WHERE published_at IS NOT NULL",
        """
        CREATE TABLE inbox (
            consumer varchar(100) NOT NULL,
            message_id uuid NOT NULL,
            failures integer NOT NULL DEFAULT 0,
            handled_at timestamptz,
            noted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            PRIMARY KEY (consumer, message_id)
        )""",
        "CREATE INDEX inbox_noted_at_idx ON inbox (noted_at)",
        """
        CREATE TABLE dead_letters (
            consumer varchar(100) NOT NULL,
            message_id uuid NOT NULL,
            message jsonb NOT NULL,
            error varchar(1000) NOT NULL,
            died_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            PRIMARY KEY (consumer, message_id)
        )""",
    ),
    drop=("DROP TABLE dead_letters", "DROP TABLE inbox", "DROP TABLE outbox"),
)

AUDIT = Tables(
    create=(
        """
        CREATE TABLE audit (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            at timestamptz NOT NULL DEFAULT clock_timestamp(),
            actor varchar(100),
            tenant varchar(100),
            request_id varchar(200),
            action varchar(100) NOT NULL,
            entity varchar(100) NOT NULL,
            entity_id varchar(200) NOT NULL,
            changes jsonb NOT NULL
        )""",
        "CREATE INDEX audit_entity_idx ON audit (entity, entity_id, id)",
        "CREATE INDEX audit_actor_idx ON audit (actor, id)",
        """
        CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'audit records are only added' USING ERRCODE = '42501';
        END;
        $$""",
        """
        CREATE TRIGGER audit_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()""",
    ),
    drop=("DROP TABLE audit", "DROP FUNCTION refuse_audit_change()"),
)

JOBS = Tables(
    create=(
        """
        CREATE TABLE jobs (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            queue varchar(100) NOT NULL,
            payload jsonb NOT NULL,
            unique_key varchar(200),
            due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            leased_until timestamptz,
            failures integer NOT NULL DEFAULT 0,
            last_error varchar(1000),
            dead boolean NOT NULL DEFAULT false
        )""",
        "CREATE INDEX jobs_due_idx ON jobs (queue, due_at) WHERE NOT dead",
        "CREATE UNIQUE INDEX jobs_unique_key ON jobs (queue, unique_key) WHERE NOT dead",
        "CREATE TABLE periodic_jobs (name varchar(100) PRIMARY KEY, last_run timestamptz NOT NULL)",
    ),
    drop=("DROP TABLE periodic_jobs", "DROP TABLE jobs"),
)

DEPARTED = Tables(
    create=(
        """
        CREATE TABLE departed (
            type varchar(100) NOT NULL,
            id uuid NOT NULL,
            departed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            PRIMARY KEY (type, id)
        )""",
    ),
    drop=("DROP TABLE departed",),
)

ATTEMPTS = Tables(
    create=(
        """
        CREATE TABLE attempts (
            person_id uuid NOT NULL,
            key varchar(100) NOT NULL,
            digest bytea NOT NULL,
            made_id uuid NOT NULL,
            made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            PRIMARY KEY (person_id, key)
        )""",
        "CREATE INDEX attempts_made_at_idx ON attempts (made_at)",
    ),
    drop=("DROP TABLE attempts",),
)
"""Who made what under which key: `subgraphs.kit.repeats`."""

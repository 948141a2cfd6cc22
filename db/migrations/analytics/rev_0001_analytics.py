"""What happened, counted (seed 002, analytics_events): raw events by month, and what they come to.

    messages, views ──► analytics_events     a partition a month, only added to, read by nobody
           │                  ▲ receipts: each source once; visitor_days: somebody's first view of a day
           └─► pending_rollups ──roll_up──► rollups (subject, quarter of an hour, kind, currency)

All of an ingest is one transaction, and so is all of a roll-up: what is pending is in one place. The quarter
of an hour is exact for every time zone there is: all are whole quarters away from UTC.

`analytics_events` is global, as the seed says: it names an event and no tenant, and nobody at all. Rollups
are read by who manages the event, through the policies of the copy of events beside them.

Where the database has the extension timescaledb the table is its hypertable; else partitions are PostgreSQL's
own. `analytics_store()` says which, and the functions that make and drop months go by it.
"""

from __future__ import annotations

from db.migrations.ddl import CREATE_TOUCH, DROP_TOUCH, run, touch
from db.migrations.messaging import DEPARTED, JOBS, MESSAGES

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(*MESSAGES.create, *JOBS.create, *DEPARTED.create)
    run(
        CREATE_TOUCH,
        KNOWN_EVENTS,
        KNOWN_EVENTS_INDEX,
        touch("known_events"),
        STORE,
        EVENTS,
        HYPERTABLE,
        *INDEXES,
        REFUSE,
        KEPT,
    )
    run(*RECEIPTS, *ROLLUPS, MAKE_MONTHS, DROP_MONTHS, RECOUNT, RIGHTS, *POLICIES)
    run("SELECT make_analytics_months(ARRAY[now(), now() + interval '1 month', now() + interval '2 months'])")


def downgrade() -> None:
    run("DROP FUNCTION recount_rollups(timestamptz)", "DROP FUNCTION drop_analytics_months(integer)")
    run("DROP FUNCTION make_analytics_months(timestamptz[])")
    for table in ("rollups", "pending_rollups", "visitor_keys", "visitor_days", "receipts"):
        run(f"DROP TABLE {table}")
    run("DROP TABLE analytics_events", "DROP SEQUENCE analytics_events_id_seq")
    run("DROP FUNCTION refuse_analytics_change()")
    run("DROP FUNCTION analytics_store()", "DROP TABLE known_events", DROP_TOUCH)
    run(*DEPARTED.drop, *JOBS.drop, *MESSAGES.drop)


TENANT = "nullif(current_setting('app.tenant_id', true), '')::uuid"
USER = "nullif(current_setting('app.user_id', true), '')::uuid"
ADMIN = "coalesce(current_setting('app.is_admin', true), '') = 'on'"
MANAGES = f"{ADMIN} OR CASE WHEN tenant_id IS NULL THEN host_id = {USER} ELSE tenant_id = {TENANT} END"
EVERYTHING = "00000000-0000-0000-0000-000000000000"
"""The subject of a rollup over all there is."""

KNOWN_EVENTS = """
    CREATE TABLE known_events (
        id uuid PRIMARY KEY,
        tenant_id uuid,
        host_id uuid,
        is_public boolean NOT NULL,
        starts_at timestamptz NOT NULL,
        timezone varchar(64) NOT NULL,
        updated_at timestamptz NOT NULL DEFAULT now()
    )"""
KNOWN_EVENTS_INDEX = "CREATE INDEX known_events_tenant_idx ON known_events (tenant_id, id)"

STORE = """
    CREATE FUNCTION analytics_store() RETURNS text LANGUAGE sql STABLE AS $$
        SELECT CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'timescaledb')
            THEN 'timescaledb' ELSE 'native' END
    $$"""

EVENTS = """
    DO $$
    BEGIN
        CREATE SEQUENCE analytics_events_id_seq;
        EXECUTE $table$
            CREATE TABLE analytics_events (
                id bigint NOT NULL DEFAULT nextval('analytics_events_id_seq'),
                source_id uuid NOT NULL,
                kind varchar(40) NOT NULL,
                event_id uuid,
                visitor bytea CHECK (length(visitor) = 16),
                is_first boolean NOT NULL DEFAULT false,
                amount_minor bigint NOT NULL DEFAULT 0,
                currency varchar(3) NOT NULL DEFAULT '',
                occurred_at timestamptz NOT NULL,
                received_at timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (occurred_at, id)
            )
        $table$ || CASE WHEN analytics_store() = 'native' THEN 'PARTITION BY RANGE (occurred_at)' ELSE '' END;
    END;
    $$"""

HYPERTABLE = """
    DO $$
    BEGIN
        IF analytics_store() = 'timescaledb' THEN
            EXECUTE format(
                'SELECT %I.create_hypertable(%L, %L, chunk_time_interval => interval ''1 month'')',
                (SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
                    WHERE e.extname = 'timescaledb'), 'analytics_events', 'occurred_at');
        END IF;
    END;
    $$"""

INDEXES = ("CREATE INDEX analytics_events_event_idx ON analytics_events (event_id, occurred_at)",)

REFUSE = """
    CREATE FUNCTION refuse_analytics_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'analytics events are only added' USING ERRCODE = '42501';
    END;
    $$"""
KEPT = """CREATE TRIGGER analytics_events_are_kept BEFORE UPDATE OR DELETE ON analytics_events
    FOR EACH ROW EXECUTE FUNCTION refuse_analytics_change()"""
"""On rows, because a statement on a partition is none on its parent."""

RECEIPTS = (
    """
    CREATE TABLE receipts (
        source_id uuid PRIMARY KEY,
        received_at timestamptz NOT NULL DEFAULT now()
    )""",
    "CREATE INDEX receipts_received_at_idx ON receipts (received_at)",
    """
    CREATE TABLE visitor_days (
        event_id uuid NOT NULL,
        day date NOT NULL,
        visitor bytea NOT NULL,
        PRIMARY KEY (event_id, day, visitor)
    )""",
    "CREATE INDEX visitor_days_day_idx ON visitor_days (day)",
    "CREATE TABLE visitor_keys (day date PRIMARY KEY, key bytea NOT NULL CHECK (length(key) = 32))",
)

ROLLUPS = (
    """
    CREATE TABLE pending_rollups (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        event_id uuid,
        quarter timestamptz NOT NULL,
        kind varchar(40) NOT NULL,
        currency varchar(3) NOT NULL,
        number bigint NOT NULL,
        amount_minor numeric(30) NOT NULL
    )""",
    """
    CREATE TABLE rollups (
        subject_id uuid NOT NULL,
        quarter timestamptz NOT NULL,
        kind varchar(40) NOT NULL,
        currency varchar(3) NOT NULL,
        number bigint NOT NULL,
        amount_minor numeric(30) NOT NULL,
        PRIMARY KEY (subject_id, quarter, kind, currency)
    )""",
)

MAKE_MONTHS = """
    CREATE FUNCTION make_analytics_months(times timestamptz[]) RETURNS void LANGUAGE plpgsql
        SECURITY DEFINER SET search_path FROM CURRENT AS $$
    DECLARE
        first timestamptz;
        name text;
        service text := regexp_replace(current_user, '_owner$', '');
    BEGIN
        IF analytics_store() = 'timescaledb' THEN RETURN; END IF;
        FOR first IN SELECT DISTINCT date_trunc('month', t, 'UTC') FROM unnest(times) t
            WHERE t BETWEEN now() - interval '3 months' AND now() + interval '10 years' ORDER BY 1
        LOOP
            name := 'analytics_events_' || to_char(first AT TIME ZONE 'UTC', 'YYYY_MM');
            CONTINUE WHEN to_regclass(name) IS NOT NULL;
            PERFORM pg_advisory_xact_lock(hashtext('analytics_events'));
            CONTINUE WHEN to_regclass(name) IS NOT NULL;
            EXECUTE format('CREATE TABLE %I PARTITION OF analytics_events FOR VALUES FROM (%L) TO (%L)',
                name, first, date_trunc('month', first + interval '32 days', 'UTC'));
            EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT
                EXECUTE FUNCTION refuse_analytics_change()', name || '_is_kept', name);
            EXECUTE format('REVOKE ALL ON %I FROM %I', name, service);
        END LOOP;
    END;
    $$"""

DROP_MONTHS = """
    CREATE FUNCTION drop_analytics_months(kept integer) RETURNS integer LANGUAGE plpgsql
        SECURITY DEFINER SET search_path FROM CURRENT AS $$
    DECLARE
        oldest timestamptz := date_trunc('month', now(), 'UTC') - kept * interval '1 month';
        month text;
        dropped integer := 0;
    BEGIN
        IF kept < 3 THEN
            RAISE EXCEPTION 'at least three months are kept' USING ERRCODE = '22023';
        ELSIF analytics_store() = 'timescaledb' THEN
            EXECUTE format('SELECT count(*) FROM %I.drop_chunks(%L, older_than => %L::timestamptz)',
                (SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
                    WHERE e.extname = 'timescaledb'), 'analytics_events', oldest) INTO dropped;
            RETURN dropped;
        END IF;
        FOR month IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = 'analytics_events'::regclass
            AND c.relname < 'analytics_events_' || to_char(oldest AT TIME ZONE 'UTC', 'YYYY_MM')
        LOOP
            EXECUTE format('DROP TABLE %I', month);
            dropped := dropped + 1;
        END LOOP;
        RETURN dropped;
    END;
    $$"""

COUNTED = """
    SELECT event_id, date_bin('15 minutes', occurred_at, '2000-01-01Z') AS quarter, kind, currency,
        count(*) AS number, sum(amount_minor) AS amount_minor
        FROM analytics_events WHERE occurred_at >= since GROUP BY 1, 2, 3, 4
    UNION ALL
    SELECT event_id, date_bin('15 minutes', occurred_at, '2000-01-01Z'), 'VISITOR', '', count(*), 0
        FROM analytics_events WHERE occurred_at >= since AND is_first GROUP BY 1, 2
    UNION ALL
    SELECT event_id, quarter, kind, currency, -number, -amount_minor
        FROM pending_rollups WHERE quarter >= since"""

RECOUNT = f"""
    CREATE FUNCTION recount_rollups(since timestamptz) RETURNS bigint LANGUAGE plpgsql
        SECURITY DEFINER SET search_path FROM CURRENT AS $$
    DECLARE
        wrong bigint;
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtext('rollups'));
        WITH counted AS ({COUNTED}), expected AS (
            SELECT s.subject_id, c.quarter, c.kind, c.currency, sum(c.number)::bigint AS number,
                sum(c.amount_minor) AS amount_minor
            FROM counted c, LATERAL (SELECT '{EVERYTHING}'::uuid AS subject_id
                UNION ALL SELECT c.event_id WHERE c.event_id IS NOT NULL) s
            GROUP BY 1, 2, 3, 4
        ), kept AS (
            SELECT * FROM rollups WHERE quarter >= since
        )
        INSERT INTO rollups AS r
            SELECT coalesce(e.subject_id, k.subject_id), coalesce(e.quarter, k.quarter),
                coalesce(e.kind, k.kind), coalesce(e.currency, k.currency), coalesce(e.number, 0),
                coalesce(e.amount_minor, 0)
            FROM expected e FULL JOIN kept k ON (e.subject_id, e.quarter, e.kind, e.currency)
                = (k.subject_id, k.quarter, k.kind, k.currency)
            WHERE (coalesce(e.number, 0), coalesce(e.amount_minor, 0))
                <> (coalesce(k.number, 0), coalesce(k.amount_minor, 0))
        ON CONFLICT (subject_id, quarter, kind, currency)
            DO UPDATE SET number = excluded.number, amount_minor = excluded.amount_minor;
        GET DIAGNOSTICS wrong = ROW_COUNT;
        RETURN wrong;
    END;
    $$"""  # noqa: S608
"""What is pending is in the raw events and not in the rollups yet. `since` is the start of a quarter."""

RIGHTS = """
    DO $$
    DECLARE
        service text := regexp_replace(current_user, '_owner$', '');
    BEGIN
        EXECUTE format('REVOKE SELECT, UPDATE, DELETE ON analytics_events FROM %I', service);
    END;
    $$"""
"""The service adds to the raw events and does not even read them."""

POLICIES = (
    "ALTER TABLE known_events ENABLE ROW LEVEL SECURITY",
    f"CREATE POLICY known_events_read ON known_events FOR SELECT USING ({MANAGES})",
    f"CREATE POLICY known_events_write ON known_events FOR ALL USING ({ADMIN}) WITH CHECK ({ADMIN})",
    "ALTER TABLE rollups ENABLE ROW LEVEL SECURITY",
    f"""CREATE POLICY rollups_read ON rollups FOR SELECT USING (
        {ADMIN} OR EXISTS (SELECT 1 FROM known_events e WHERE e.id = subject_id))""",  # noqa: S608
    f"CREATE POLICY rollups_write ON rollups FOR ALL USING ({ADMIN}) WITH CHECK ({ADMIN})",
)

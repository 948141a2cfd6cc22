"""Plays (seed 001, streaming_db), a partition each month; what is counted of them, and what was flagged.

    playback_history ──AFTER INSERT──► track_months, track_listeners
          ▲                                 ▲
    refuses UPDATE, DELETE, TRUNCATE        │ less what is flagged
                         play_flags ──AFTER INSERT

Partitions are made by a function that runs as the tables' owner; the service's role reaches rows through the
parent alone, and has neither UPDATE nor DELETE there. A person who is gone is taken out of their plays by
another such function: it is the one change that the trigger lets through.
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
    run(CREATE_TOUCH, *TRACKS, HISTORY, *INDEXES, REFUSE, KEPT, *ROLLUPS, *RECEIPTS)
    run(*FLAGS, *COUNTING, MAKE_PARTITION, AHEAD, FORGET, RIGHTS, "SELECT make_playback_partitions(3)")


def downgrade() -> None:
    run("DROP FUNCTION forget_listener(uuid)", "DROP FUNCTION make_playback_partitions(integer)")
    run("DROP FUNCTION make_playback_partition(timestamptz)")
    for table in ("play_flags", "play_receipts", "track_listeners", "track_months", "playback_history"):
        run(f"DROP TABLE {table}")
    run("DROP FUNCTION uncount_plays()", "DROP FUNCTION count_plays()", "DROP FUNCTION refuse_play_change()")
    run("DROP TABLE track_credits", "DROP TABLE tracks", DROP_TOUCH)
    run(*DEPARTED.drop, *JOBS.drop, *MESSAGES.drop)


NOBODY = "00000000-0000-0000-0000-000000000000"

TRACKS = (
    """
    CREATE TABLE tracks (
        id uuid PRIMARY KEY,
        artist_id uuid NOT NULL,
        duration_sec integer NOT NULL,
        file_key varchar(255) NOT NULL,
        is_available boolean NOT NULL,
        updated_at timestamptz NOT NULL DEFAULT now()
    )""",
    "CREATE INDEX tracks_artist_id_idx ON tracks (artist_id)",
    touch("tracks"),
    """
    CREATE TABLE track_credits (
        track_id uuid NOT NULL REFERENCES tracks (id) ON DELETE CASCADE,
        artist_id uuid NOT NULL,
        PRIMARY KEY (track_id, artist_id)
    )""",
    "CREATE INDEX track_credits_artist_id_idx ON track_credits (artist_id, track_id)",
)

HISTORY = """
    CREATE TABLE playback_history (
        id bigserial,
        user_id uuid NOT NULL,
        track_id uuid NOT NULL,
        listened_sec integer NOT NULL CHECK (listened_sec >= 0),
        "timestamp" timestamptz NOT NULL DEFAULT now(),
        ip_address inet,
        platform varchar(20) CHECK (platform IN ('WEB', 'IOS', 'ANDROID')),
        is_counted boolean NOT NULL,
        PRIMARY KEY ("timestamp", id)
    ) PARTITION BY RANGE ("timestamp")"""

INDEXES = (
    'CREATE INDEX playback_history_user_id_idx ON playback_history (user_id, "timestamp" DESC, id DESC)',
    'CREATE INDEX playback_history_track_id_idx ON playback_history (track_id, "timestamp" DESC)',
    'CREATE INDEX playback_history_ip_address_idx ON playback_history (ip_address, "timestamp")',
)

REFUSE = f"""
    CREATE FUNCTION refuse_play_change() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND TG_LEVEL = 'ROW'
            AND current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)
            AND NEW.user_id = '{NOBODY}' AND NEW.ip_address IS NULL
            AND (NEW.id, NEW.track_id, NEW.listened_sec, NEW."timestamp", NEW.platform, NEW.is_counted)
                IS NOT DISTINCT FROM
                (OLD.id, OLD.track_id, OLD.listened_sec, OLD."timestamp", OLD.platform, OLD.is_counted)
        THEN RETURN NEW;
        END IF;
        RAISE EXCEPTION 'plays are only added' USING ERRCODE = '42501';
    END;
    $$"""  # noqa: S608
"""On rows, because a statement on a partition is none on its parent."""

KEPT = """CREATE TRIGGER playback_history_is_kept BEFORE UPDATE OR DELETE ON playback_history
    FOR EACH ROW EXECUTE FUNCTION refuse_play_change()"""

ROLLUPS = (
    """
    CREATE TABLE track_months (
        track_id uuid NOT NULL,
        month date NOT NULL,
        plays bigint NOT NULL,
        counted_plays bigint NOT NULL,
        listened_sec bigint NOT NULL,
        PRIMARY KEY (track_id, month)
    )""",
    "CREATE INDEX track_months_month_idx ON track_months (month, track_id)",
    """
    CREATE TABLE track_listeners (
        track_id uuid NOT NULL,
        user_id uuid NOT NULL,
        last_at timestamptz NOT NULL,
        PRIMARY KEY (track_id, user_id)
    )""",
    "CREATE INDEX track_listeners_user_id_idx ON track_listeners (user_id)",
)

RECEIPTS = (
    """
    CREATE TABLE play_receipts (
        user_id uuid NOT NULL,
        client_id uuid NOT NULL,
        received_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (user_id, client_id)
    )""",
    "CREATE INDEX play_receipts_received_at_idx ON play_receipts (received_at)",
)

FLAGS = (
    """
    CREATE TABLE play_flags (
        play_id bigint PRIMARY KEY,
        "timestamp" timestamptz NOT NULL,
        reason varchar(30) NOT NULL,
        flagged_at timestamptz NOT NULL DEFAULT now()
    )""",
    """CREATE TRIGGER play_flags_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON play_flags
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_play_change()""",
)

MONTH = """date_trunc('month', {row}."timestamp", 'UTC') AT TIME ZONE 'UTC'"""

COUNTING = (
    f"""
    CREATE FUNCTION count_plays() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    BEGIN
        INSERT INTO track_months AS kept (track_id, month, plays, counted_plays, listened_sec)
            SELECT n.track_id, ({MONTH.format(row="n")})::date AS month, count(*),
                count(*) FILTER (WHERE n.is_counted), sum(n.listened_sec)
            FROM new_rows n GROUP BY 1, 2 ORDER BY 1, 2
            ON CONFLICT (track_id, month) DO UPDATE SET plays = kept.plays + excluded.plays,
                counted_plays = kept.counted_plays + excluded.counted_plays,
                listened_sec = kept.listened_sec + excluded.listened_sec;
        INSERT INTO track_listeners AS kept (track_id, user_id, last_at)
            SELECT n.track_id, n.user_id, max(n."timestamp") FROM new_rows n
            WHERE n.is_counted AND n.user_id <> '{NOBODY}' GROUP BY 1, 2 ORDER BY 1, 2
            ON CONFLICT (track_id, user_id) DO UPDATE SET last_at = greatest(kept.last_at, excluded.last_at);
        RETURN NULL;
    END;
    $$""",  # noqa: S608
    """CREATE TRIGGER playback_history_counted AFTER INSERT ON playback_history
        REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION count_plays()""",
    f"""
    CREATE FUNCTION uncount_plays() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    DECLARE
        one record;
    BEGIN
        FOR one IN
            SELECT p.track_id, ({MONTH.format(row="p")})::date AS month, count(*) AS plays
            FROM new_rows n JOIN playback_history p ON p.id = n.play_id AND p."timestamp" = n."timestamp"
            WHERE p.is_counted GROUP BY 1, 2 ORDER BY 1, 2
        LOOP
            UPDATE track_months m SET counted_plays = m.counted_plays - one.plays
                WHERE m.track_id = one.track_id AND m.month = one.month;
        END LOOP;
        RETURN NULL;
    END;
    $$""",  # noqa: S608
    """CREATE TRIGGER play_flags_uncounted AFTER INSERT ON play_flags
        REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION uncount_plays()""",
)
"""Months are locked in one order, so that two batches cannot wait for each other."""

MAKE_PARTITION = """
    CREATE FUNCTION make_playback_partition(at timestamptz) RETURNS void LANGUAGE plpgsql
        SECURITY DEFINER SET search_path FROM CURRENT AS $$
    DECLARE
        first timestamptz := date_trunc('month', at, 'UTC');
        name text := 'playback_history_' || to_char(at AT TIME ZONE 'UTC', 'YYYY_MM');
        service text := regexp_replace(current_user, '_owner$', '');
    BEGIN
        IF at < now() - interval '3 years' OR at > now() + interval '10 years' THEN
            RAISE EXCEPTION 'no month of plays' USING ERRCODE = '22008';
        END IF;
        PERFORM pg_advisory_xact_lock(hashtext('playback_history'));
        IF to_regclass(name) IS NOT NULL THEN RETURN; END IF;
        EXECUTE format('CREATE TABLE %I PARTITION OF playback_history FOR VALUES FROM (%L) TO (%L)',
            name, first, date_trunc('month', first + interval '32 days', 'UTC'));
        EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT
            EXECUTE FUNCTION refuse_play_change()', name || '_is_kept', name);
        EXECUTE format('REVOKE ALL ON %I FROM %I', name, service);
    END;
    $$"""

AHEAD = """
    CREATE FUNCTION make_playback_partitions(ahead integer) RETURNS void LANGUAGE sql AS $$
        SELECT make_playback_partition(now() + n * interval '1 month') FROM generate_series(-1, ahead) n
    $$"""
"""Last month's too: plays come some days late."""

FORGET = f"""
    CREATE FUNCTION forget_listener(gone uuid) RETURNS void LANGUAGE sql
        SECURITY DEFINER SET search_path FROM CURRENT AS $$
        UPDATE playback_history SET user_id = '{NOBODY}', ip_address = NULL WHERE user_id = gone;
        DELETE FROM track_listeners WHERE user_id = gone;
        DELETE FROM play_receipts WHERE user_id = gone;
    $$"""  # noqa: S608

RIGHTS = """
    DO $$
    DECLARE
        service text := regexp_replace(current_user, '_owner$', '');
    BEGIN
        EXECUTE format('REVOKE UPDATE, DELETE ON playback_history, play_flags FROM %I', service);
    END;
    $$"""

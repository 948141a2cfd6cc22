"""Reviews of events that are over (seed 004), what they come to, and who was let in by a ticket.

`ratings` has the number and the sum of what is not hidden, of an event, of all that a host and of all that an
organization holds; triggers add what each statement changes, so that writers at once add up. An event that
has a review stays: the sums of its host would be too high without it.
"""

from __future__ import annotations

from db.migrations.ddl import run, touch

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

CHANGED = {
    "INSERT": ("NEW TABLE AS new_rows", {"new_rows": 1}),
    "DELETE": ("OLD TABLE AS old_rows", {"old_rows": -1}),
    "UPDATE": ("OLD TABLE AS old_rows NEW TABLE AS new_rows", {"new_rows": 1, "old_rows": -1}),
}
"""What happens → the rows that a trigger sees of it, and what each of them adds."""


def upgrade() -> None:
    run(*REVIEWS, *RATINGS, *(each for event in CHANGED for each in _counting(event)), *TICKETS)


def downgrade() -> None:
    run("DROP TABLE check_ins", "DROP TABLE ticketed_events", "DROP TABLE reviews")
    run(*(f"DROP FUNCTION rate_{event.lower()}()" for event in CHANGED), "DROP TABLE ratings")


REVIEWS = (
    """
    CREATE TABLE reviews (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        event_id uuid NOT NULL REFERENCES events (id),
        reviewer_id uuid NOT NULL,
        rating smallint NOT NULL CHECK (rating BETWEEN 1 AND 5),
        text varchar(4000) NOT NULL DEFAULT '',
        hidden_at timestamptz,
        hidden_by varchar(20) CHECK (hidden_by IN ('HOST', 'MODERATOR')),
        edited_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT reviews_once UNIQUE (event_id, reviewer_id),
        CHECK ((hidden_at IS NULL) = (hidden_by IS NULL))
    )""",
    "CREATE INDEX reviews_newest_idx ON reviews (event_id, created_at DESC, id DESC)",
    "CREATE INDEX reviews_rating_idx ON reviews (event_id, rating, created_at, id)",
    "CREATE INDEX reviews_reviewer_idx ON reviews (reviewer_id)",
    touch("reviews"),
)

RATINGS = (
    """
    CREATE TABLE ratings (
        kind varchar(20) NOT NULL CHECK (kind IN ('EVENT', 'HOST', 'ORGANIZATION')),
        subject_id uuid NOT NULL,
        rating_count bigint NOT NULL,
        rating_sum bigint NOT NULL,
        PRIMARY KEY (kind, subject_id)
    )""",
)

TICKETS = (
    """
    CREATE TABLE ticketed_events (
        event_id uuid PRIMARY KEY REFERENCES events (id) ON DELETE CASCADE
    )""",
    """
    CREATE TABLE check_ins (
        event_id uuid NOT NULL REFERENCES events (id) ON DELETE CASCADE,
        user_id uuid NOT NULL,
        PRIMARY KEY (event_id, user_id)
    )""",
    "CREATE INDEX check_ins_user_idx ON check_ins (user_id)",
)


def _counting(event: str) -> tuple[str, str]:
    """Rows of `ratings` are locked in one order, so that statements about several events do not meet."""
    rows, counted = CHANGED[event]
    changed = " UNION ALL ".join(
        f"SELECT event_id, {sign} AS number, {sign} * rating AS total FROM {table} WHERE hidden_at IS NULL"  # noqa: S608
        for table, sign in counted.items()
    )
    body = f"""
        CREATE FUNCTION rate_{event.lower()}() RETURNS trigger LANGUAGE plpgsql
            SECURITY DEFINER SET search_path FROM CURRENT AS $$
        BEGIN
            INSERT INTO ratings (kind, subject_id, rating_count, rating_sum)
                SELECT rated.kind, rated.subject_id, sum(changed.number), sum(changed.total)
                FROM ({changed}) changed JOIN events e ON e.id = changed.event_id
                CROSS JOIN LATERAL (VALUES
                    ('EVENT', e.id), ('HOST', e.host_id), ('ORGANIZATION', e.tenant_id)
                ) rated (kind, subject_id)
                WHERE rated.subject_id IS NOT NULL
                GROUP BY rated.kind, rated.subject_id ORDER BY rated.kind, rated.subject_id
            ON CONFLICT (kind, subject_id) DO UPDATE SET
                rating_count = ratings.rating_count + excluded.rating_count,
                rating_sum = ratings.rating_sum + excluded.rating_sum;
            RETURN NULL;
        END;
        $$"""  # noqa: S608
    trigger = f"""CREATE TRIGGER reviews_rate_{event.lower()} AFTER {event} ON reviews REFERENCING {rows}
        FOR EACH STATEMENT EXECUTE FUNCTION rate_{event.lower()}()"""
    return body, trigger

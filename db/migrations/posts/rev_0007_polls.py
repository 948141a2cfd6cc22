"""Polls (seed 004): options of a post, and who chose which. Counts are kept by triggers, with each vote."""

from __future__ import annotations

from db.migrations.ddl import run

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TYPES = "ALTER TABLE posts ADD CONSTRAINT posts_type_check CHECK (type IN ({}))"


def upgrade() -> None:
    run("ALTER TABLE posts DROP CONSTRAINT posts_type_check")
    run(TYPES.format("'TEXT', 'IMAGES', 'EVENT', 'POLL'"), *TABLES, COUNT, *TRIGGERS)


def downgrade() -> None:
    run(
        "DROP TABLE poll_votes",
        "DROP TABLE poll_options",
        "DROP TABLE polls",
        "DROP FUNCTION count_poll_votes()",
    )
    run("DELETE FROM posts WHERE type = 'POLL'", "ALTER TABLE posts DROP CONSTRAINT posts_type_check")
    run(TYPES.format("'TEXT', 'IMAGES', 'EVENT'"))


TABLES = (
    """
    CREATE TABLE polls (
        post_id uuid PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
        allows_several boolean NOT NULL,
        closes_at timestamptz
    )""",
    """
    CREATE TABLE poll_options (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        post_id uuid NOT NULL REFERENCES polls (post_id) ON DELETE CASCADE,
        position integer NOT NULL CHECK (position >= 0),
        label varchar(100) NOT NULL,
        vote_count bigint NOT NULL DEFAULT 0 CHECK (vote_count >= 0),
        UNIQUE (post_id, position)
    )""",
    """
    CREATE TABLE poll_votes (
        user_id uuid NOT NULL,
        option_id uuid NOT NULL REFERENCES poll_options (id) ON DELETE CASCADE,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (user_id, option_id)
    )""",
    "CREATE INDEX poll_votes_option_idx ON poll_votes (option_id)",
)

COUNT = """
    CREATE FUNCTION count_poll_votes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM FROM poll_options WHERE id IN (SELECT option_id FROM changed) ORDER BY id FOR NO KEY UPDATE;
        UPDATE poll_options o SET vote_count = o.vote_count + CASE TG_OP WHEN 'INSERT' THEN c.n ELSE -c.n END
            FROM (SELECT option_id, count(*) AS n FROM changed GROUP BY option_id) c WHERE o.id = c.option_id;
        RETURN NULL;
    END;
    $$"""

TRIGGERS = tuple(
    f"""CREATE TRIGGER poll_votes_{name} AFTER {event} ON poll_votes REFERENCING {rows} TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION count_poll_votes()"""
    for name, event, rows in (("added", "INSERT", "NEW"), ("gone", "DELETE", "OLD"))
)

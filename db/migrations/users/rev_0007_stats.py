"""`user_stats` (seed 004), kept by triggers: how many follow somebody, and how many they follow.

The triggers run once per statement, so that a COPY of a million follows is one update. They lock the rows
they change in the order of ids first: two who follow each other at once do not wait for each other.
"""

from __future__ import annotations

from db.migrations.ddl import run

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(*TABLE, *KEEP)


def downgrade() -> None:
    run(
        "DROP TRIGGER follows_removed ON follows",
        "DROP TRIGGER follows_added ON follows",
        "DROP TRIGGER users_added ON users",
        "DROP FUNCTION count_follows()",
        "DROP FUNCTION start_user_stats()",
        "DROP TABLE user_stats",
    )


TABLE = (
    """
    CREATE TABLE user_stats (
        user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
        follower_count bigint NOT NULL DEFAULT 0 CHECK (follower_count >= 0),
        following_count bigint NOT NULL DEFAULT 0 CHECK (following_count >= 0)
    )""",
    """
    INSERT INTO user_stats (user_id, follower_count, following_count)
    SELECT id, (SELECT count(*) FROM follows WHERE followed_id = id),
        (SELECT count(*) FROM follows WHERE follower_id = id) FROM users""",
)

KEEP = (
    """
    CREATE FUNCTION start_user_stats() RETURNS trigger LANGUAGE plpgsql
        SET search_path FROM CURRENT AS $$
    BEGIN
        INSERT INTO user_stats (user_id) SELECT id FROM changed;
        RETURN NULL;
    END;
    $$""",
    """CREATE TRIGGER users_added AFTER INSERT ON users REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION start_user_stats()""",
    """
    CREATE FUNCTION count_follows() RETURNS trigger LANGUAGE plpgsql
        SET search_path FROM CURRENT AS $$
    DECLARE
        one integer := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
    BEGIN
        PERFORM 1 FROM user_stats WHERE user_id IN
            (SELECT follower_id FROM changed UNION SELECT followed_id FROM changed)
            ORDER BY user_id FOR UPDATE;
        UPDATE user_stats s SET follower_count = follower_count + one * c.number
            FROM (SELECT followed_id, count(*) AS number FROM changed GROUP BY followed_id) c
            WHERE s.user_id = c.followed_id;
        UPDATE user_stats s SET following_count = following_count + one * c.number
            FROM (SELECT follower_id, count(*) AS number FROM changed GROUP BY follower_id) c
            WHERE s.user_id = c.follower_id;
        RETURN NULL;
    END;
    $$""",
    """CREATE TRIGGER follows_added AFTER INSERT ON follows REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION count_follows()""",
    """CREATE TRIGGER follows_removed AFTER DELETE ON follows REFERENCING OLD TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION count_follows()""",
)

"""Who follows and blocks whom, and whose account is private, told to who has not heard of it.

Every change is told when it is made. `tell_relations()` tells the state as it is: called here once, for the
domains that come to listen with this release, and after a demo world was filled in. Hearing it twice is
hearing it once. Nothing changes between two people while it looks, so what they do next is told after it.
"""

from __future__ import annotations

from db.migrations.ddl import run

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TELL = """
    CREATE FUNCTION tell_relations() RETURNS bigint LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    DECLARE told bigint;
    BEGIN
        LOCK TABLE follows, blocks, user_privacy IN SHARE MODE;
        WITH numbered AS (
            SELECT followed_id, follower_id,
                (row_number() OVER (PARTITION BY followed_id ORDER BY follower_id) - 1) / 1000 AS batch
            FROM follows
        ), messages AS (
            SELECT 'users.account' AS topic, user_id::text AS key, 'AccountTurnedPrivate' AS type,
                '{}'::jsonb AS payload FROM user_privacy WHERE is_private
            UNION ALL
            SELECT 'users.relation', followed_id::text, 'FollowAccepted', jsonb_build_object(
                'followed_id', followed_id, 'follower_ids', jsonb_agg(follower_id))
            FROM numbered GROUP BY followed_id, batch
            UNION ALL
            SELECT 'users.relation', least(one, other) || ':' || greatest(one, other), 'UserBlocked',
                jsonb_build_object('blocker_id', one, 'blocked_id', other)
            FROM (SELECT blocker_id::text AS one, blocked_id::text AS other FROM blocks) AS pairs
        ), added AS (
            INSERT INTO outbox (message_id, topic, key, type, payload, headers)
            SELECT gen_random_uuid(), topic, key, type, payload, '{}' FROM messages RETURNING 1
        ) SELECT count(*) INTO told FROM added;
        RETURN told;
    END;
    $$"""


def upgrade() -> None:
    run(TELL, "SELECT tell_relations()")


def downgrade() -> None:
    run("DROP FUNCTION tell_relations()")

"""Notifications (seeds 002 and 003): what happened for whom, their settings, templates, deliveries and their
log, and copies of what decides who may be told: people, posts, follows, blocks, private accounts, events.

`may_see` says whether somebody sees a post, by the copies. A notification is visible while it has a cause
that was not withdrawn and its reader sees its post; what changes a copy looks again
(repository/visibility.py).
"""

from __future__ import annotations

from db.migrations.ddl import CREATE_TOUCH, DROP_TOUCH, run, touch
from db.migrations.messaging import AUDIT, DEPARTED, JOBS, MESSAGES

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "notification_logs",
    "notification_deliveries",
    "notification_causes",
    "notifications",
    "notification_templates",
    "notification_choices",
    "user_notification_settings",
    "seats",
    "known_events",
    "private_accounts",
    "blocks",
    "follows",
    "known_posts",
    "known_settings",
    "contacts",
    "names",
)


def upgrade() -> None:
    run(CREATE_TOUCH, *MESSAGES.create, *AUDIT.create, *JOBS.create, *DEPARTED.create)
    run(*COPIES, *SETTINGS, *NOTIFICATIONS, *DELIVERIES)


def downgrade() -> None:
    run("DROP FUNCTION may_see(uuid, uuid)")
    run(*(f"DROP TABLE {table}" for table in TABLES))
    run(*DEPARTED.drop, *JOBS.drop, *AUDIT.drop, *MESSAGES.drop, DROP_TOUCH)


COPIES = (
    """
    CREATE TABLE names (
        id uuid PRIMARY KEY,
        username varchar(50) NOT NULL
    )""",
    """
    CREATE TABLE contacts (
        id uuid PRIMARY KEY,
        email varchar(255) NOT NULL,
        is_verified boolean NOT NULL,
        telegram_id bigint
    )""",
    "CREATE INDEX contacts_telegram_idx ON contacts (telegram_id) WHERE telegram_id IS NOT NULL",
    """
    CREATE TABLE known_settings (
        user_id uuid PRIMARY KEY,
        language varchar(10) NOT NULL,
        timezone varchar(64) NOT NULL
    )""",
    """
    CREATE TABLE known_posts (
        id uuid PRIMARY KEY,
        author_id uuid NOT NULL,
        visibility varchar(20) NOT NULL
    )""",
    "CREATE INDEX known_posts_author_idx ON known_posts (author_id)",
    """
    CREATE TABLE follows (
        follower_id uuid NOT NULL,
        followed_id uuid NOT NULL,
        PRIMARY KEY (follower_id, followed_id)
    )""",
    """
    CREATE TABLE blocks (
        blocker_id uuid NOT NULL,
        blocked_id uuid NOT NULL,
        PRIMARY KEY (blocker_id, blocked_id)
    )""",
    "CREATE TABLE private_accounts (user_id uuid PRIMARY KEY)",
    """
    CREATE TABLE known_events (
        id uuid PRIMARY KEY,
        host_id uuid NOT NULL,
        status varchar(20) NOT NULL,
        title varchar(200),
        starts_at timestamptz NOT NULL,
        timezone varchar(64) NOT NULL
    )""",
    "CREATE INDEX known_events_starts_idx ON known_events (starts_at) WHERE status = 'PUBLISHED'",
    """
    CREATE TABLE seats (
        registration_id uuid PRIMARY KEY,
        event_id uuid NOT NULL,
        user_id uuid NOT NULL,
        reminded_for timestamptz
    )""",
    "CREATE INDEX seats_event_idx ON seats (event_id)",
    """
    CREATE FUNCTION may_see(reader uuid, post uuid) RETURNS boolean
        LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
        SELECT EXISTS (
            SELECT 1 FROM known_posts p WHERE p.id = post AND (
                p.author_id = reader
                OR (
                    NOT EXISTS (
                        SELECT 1 FROM blocks b WHERE (b.blocker_id, b.blocked_id)
                            IN ((p.author_id, reader), (reader, p.author_id)))
                    AND (
                        (p.visibility = 'PUBLIC' AND NOT EXISTS (
                            SELECT 1 FROM private_accounts a WHERE a.user_id = p.author_id))
                        OR (p.visibility IN ('PUBLIC', 'FOLLOWERS') AND EXISTS (
                            SELECT 1 FROM follows f
                            WHERE f.follower_id = reader AND f.followed_id = p.author_id))
                    )
                )
            )
        )
    $$""",
)

SETTINGS = (
    """
    CREATE TABLE user_notification_settings (
        user_id uuid PRIMARY KEY,
        quiet_from time,
        quiet_until time,
        mail_timing varchar(20) NOT NULL DEFAULT 'AT_ONCE',
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CHECK ((quiet_from IS NULL) = (quiet_until IS NULL) AND quiet_from <> quiet_until)
    )""",
    touch("user_notification_settings"),
    """
    CREATE TABLE notification_choices (
        user_id uuid NOT NULL,
        kind varchar(40) NOT NULL,
        channel varchar(20) NOT NULL,
        is_on boolean NOT NULL,
        PRIMARY KEY (user_id, kind, channel)
    )""",
    """
    CREATE TABLE notification_templates (
        kind varchar(40) NOT NULL,
        channel varchar(20) NOT NULL,
        language varchar(10) NOT NULL,
        version integer NOT NULL CHECK (version > 0),
        title varchar(200) NOT NULL,
        one varchar(1000) NOT NULL,
        two varchar(1000),
        many varchar(1000),
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (kind, channel, language, version)
    )""",
)

NOTIFICATIONS = (
    """
    CREATE TABLE notifications (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        recipient_id uuid NOT NULL,
        recipient_telegram_id bigint,
        kind varchar(40) NOT NULL,
        group_key varchar(200) NOT NULL,
        post_id uuid,
        event_id uuid,
        registration_id uuid,
        lesson_id uuid,
        group_id uuid,
        facts jsonb NOT NULL DEFAULT '{}',
        in_app boolean NOT NULL,
        is_visible boolean NOT NULL,
        read_at timestamptz,
        happened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        created_at timestamptz NOT NULL DEFAULT clock_timestamp()
    )""",
    """
    CREATE UNIQUE INDEX notifications_open_idx ON notifications (recipient_id, group_key)
        WHERE read_at IS NULL""",
    """
    CREATE INDEX notifications_shown_idx ON notifications (recipient_id, happened_at DESC, id DESC)
        WHERE is_visible AND in_app""",
    """
    CREATE INDEX notifications_unread_idx ON notifications (recipient_id, happened_at DESC, id DESC)
        WHERE is_visible AND in_app AND read_at IS NULL""",
    "CREATE INDEX notifications_post_idx ON notifications (post_id) WHERE post_id IS NOT NULL",
    "CREATE INDEX notifications_happened_idx ON notifications (happened_at)",
    """
    CREATE TABLE notification_causes (
        key varchar(200) NOT NULL,
        recipient_id uuid NOT NULL,
        notification_id uuid NOT NULL REFERENCES notifications (id) ON DELETE CASCADE,
        actor_id uuid,
        comment_id uuid,
        withdrawn_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (key, recipient_id)
    )""",
    """
    CREATE INDEX notification_causes_latest_idx ON notification_causes (notification_id, created_at DESC)
        WHERE withdrawn_at IS NULL""",
    "CREATE INDEX notification_causes_actor_idx ON notification_causes (actor_id, recipient_id)",
    """
    CREATE INDEX notification_causes_comment_idx ON notification_causes (comment_id)
        WHERE comment_id IS NOT NULL""",
)

DELIVERIES = (
    """
    CREATE TABLE notification_deliveries (
        notification_id uuid NOT NULL REFERENCES notifications (id) ON DELETE CASCADE,
        channel varchar(20) NOT NULL,
        recipient_id uuid NOT NULL,
        status varchar(20) NOT NULL DEFAULT 'WAITING',
        attempts integer NOT NULL DEFAULT 0,
        due_at timestamptz NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (notification_id, channel)
    )""",
    """
    CREATE INDEX notification_deliveries_waiting_idx
        ON notification_deliveries (recipient_id, channel, due_at) WHERE status = 'WAITING'""",
    """
    CREATE INDEX notification_deliveries_dead_idx ON notification_deliveries (created_at)
        WHERE status = 'DEAD'""",
    """
    CREATE TABLE notification_logs (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        notification_id uuid NOT NULL,
        recipient_id uuid NOT NULL,
        channel varchar(20) NOT NULL,
        outcome varchar(20) NOT NULL,
        detail varchar(500),
        template_version integer,
        attempted_at timestamptz NOT NULL DEFAULT clock_timestamp()
    )""",
    "CREATE INDEX notification_logs_notification_idx ON notification_logs (notification_id, id)",
    "CREATE INDEX notification_logs_recipient_idx ON notification_logs (recipient_id)",
    "CREATE INDEX notification_logs_attempted_idx ON notification_logs (attempted_at)",
)

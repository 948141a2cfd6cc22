"""Settings and privacy of every account, requests to follow, and blocks (seed 004).

An account has its row of settings and of privacy from its first moment on, whoever makes it: a trigger adds
them. `users.is_listed` is a copy of the privacy's, kept by a trigger, so that lists of people are read in the
order of an index that holds those alone who want to be in it.
"""

from __future__ import annotations

from db.migrations.ddl import run, touch

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

AUDIENCES = "('EVERYONE', 'FOLLOWERS', 'NOBODY')"


def upgrade() -> None:
    run(*SETTINGS, *PRIVACY, *LISTED, *REQUESTS, *BLOCKS)


def downgrade() -> None:
    run(
        "DROP TABLE blocks",
        "DROP TABLE follow_requests",
        "DROP INDEX users_listed_name_idx",
        "DROP INDEX users_listed_idx",
        "DROP TRIGGER user_privacy_listed ON user_privacy",
        "DROP FUNCTION copy_is_listed()",
        "ALTER TABLE users DROP COLUMN is_listed",
        "DROP TRIGGER users_choices_added ON users",
        "DROP FUNCTION start_user_choices()",
        "DROP TABLE user_privacy",
        "DROP TABLE user_settings",
    )


SETTINGS = (
    """
    CREATE TABLE user_settings (
        user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
        language varchar(10) NOT NULL DEFAULT 'EN' CHECK (language IN ('EN', 'DE', 'RU')),
        theme varchar(10) NOT NULL DEFAULT 'SYSTEM' CHECK (theme IN ('SYSTEM', 'LIGHT', 'DARK')),
        timezone varchar(64) NOT NULL DEFAULT 'UTC',
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
    )""",
    touch("user_settings"),
    """INSERT INTO user_settings (user_id, created_at, updated_at)
        SELECT id, created_at, created_at FROM users""",
)

PRIVACY = (
    f"""
    CREATE TABLE user_privacy (
        user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
        is_private boolean NOT NULL DEFAULT false,
        is_listed boolean NOT NULL DEFAULT true,
        profile_audience varchar(20) NOT NULL DEFAULT 'EVERYONE' CHECK (profile_audience IN {AUDIENCES}),
        email_audience varchar(20) NOT NULL DEFAULT 'NOBODY' CHECK (email_audience IN {AUDIENCES}),
        follows_audience varchar(20) NOT NULL DEFAULT 'EVERYONE' CHECK (follows_audience IN {AUDIENCES}),
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
    )""",
    touch("user_privacy"),
    """INSERT INTO user_privacy (user_id, created_at, updated_at)
        SELECT id, created_at, created_at FROM users""",
    """
    CREATE FUNCTION start_user_choices() RETURNS trigger LANGUAGE plpgsql
        SET search_path FROM CURRENT AS $$
    BEGIN
        INSERT INTO user_settings (user_id, created_at, updated_at)
            SELECT id, created_at, created_at FROM added;
        INSERT INTO user_privacy (user_id, created_at, updated_at)
            SELECT id, created_at, created_at FROM added;
        RETURN NULL;
    END;
    $$""",
    """CREATE TRIGGER users_choices_added AFTER INSERT ON users REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION start_user_choices()""",
)

LISTED = (
    "ALTER TABLE users ADD COLUMN is_listed boolean NOT NULL DEFAULT true",
    """
    CREATE FUNCTION copy_is_listed() RETURNS trigger LANGUAGE plpgsql
        SET search_path FROM CURRENT AS $$
    BEGIN
        UPDATE users SET is_listed = NEW.is_listed WHERE id = NEW.user_id;
        RETURN NULL;
    END;
    $$""",
    """CREATE TRIGGER user_privacy_listed AFTER UPDATE OF is_listed ON user_privacy
        FOR EACH ROW WHEN (OLD.is_listed <> NEW.is_listed) EXECUTE FUNCTION copy_is_listed()""",
    "CREATE INDEX users_listed_idx ON users (created_at DESC, id DESC) WHERE is_listed",
    "CREATE INDEX users_listed_name_idx ON users (lower(username), id) WHERE is_listed",
)

REQUESTS = (
    """
    CREATE TABLE follow_requests (
        requester_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        requested_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (requester_id, requested_id),
        CHECK (requester_id <> requested_id)
    )""",
    """CREATE INDEX follow_requests_received_idx
        ON follow_requests (requested_id, created_at DESC, requester_id DESC)""",
    """CREATE INDEX follow_requests_sent_idx
        ON follow_requests (requester_id, created_at DESC, requested_id DESC)""",
)

BLOCKS = (
    """
    CREATE TABLE blocks (
        blocker_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        blocked_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (blocker_id, blocked_id),
        CHECK (blocker_id <> blocked_id)
    )""",
    "CREATE INDEX blocks_list_idx ON blocks (blocker_id, created_at DESC, blocked_id DESC)",
    "CREATE INDEX blocks_blocked_idx ON blocks (blocked_id, blocker_id)",
)

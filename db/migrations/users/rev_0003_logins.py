"""Logins as rows of their own (what their owner sees and ends), and the kit's tables.

`refresh_tokens.family_id` is a login's id, without a foreign key: code from before this revision starts
families that have no row here, and gets one when such a family is refreshed.
"""

from __future__ import annotations

from db.migrations.ddl import run
from db.migrations.messaging import AUDIT, JOBS, MESSAGES

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(*MESSAGES.create, *AUDIT.create, *JOBS.create, *LOGINS)


def downgrade() -> None:
    run("DROP TABLE logins", *JOBS.drop, *AUDIT.drop, *MESSAGES.drop)


LOGINS = (
    """
    CREATE TABLE logins (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        acting_for uuid,
        ip_address inet NOT NULL,
        device_info varchar(255),
        created_at timestamptz NOT NULL DEFAULT now(),
        last_seen_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        ended_at timestamptz
    )""",
    "CREATE INDEX logins_user_id_idx ON logins (user_id, last_seen_at DESC, id) WHERE ended_at IS NULL",
    "CREATE INDEX logins_expires_at_idx ON logins (expires_at)",
    """
    INSERT INTO logins (id, user_id, ip_address, device_info, created_at, last_seen_at, expires_at, ended_at)
    SELECT DISTINCT ON (family_id) family_id, user_id, ip_address, device_info,
        min(created_at) OVER family, created_at, expires_at,
        CASE WHEN bool_and(revoked) OVER family THEN now() END
    FROM refresh_tokens
    WINDOW family AS (PARTITION BY family_id)
    ORDER BY family_id, id DESC""",
)

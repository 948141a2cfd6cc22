"""Who may read what: copies of who follows whom, who blocks whom and which accounts are private (seed 004).

The users domain has them, and tells every change; what there was before it told is told once more by its own
migration. A post is written and shown without asking another service.
"""

from __future__ import annotations

from db.migrations.ddl import run

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(*TABLES)


def downgrade() -> None:
    run("DROP TABLE private_accounts", "DROP TABLE blocks", "DROP TABLE follows")


TABLES = (
    """
    CREATE TABLE follows (
        follower_id uuid NOT NULL,
        followed_id uuid NOT NULL,
        PRIMARY KEY (follower_id, followed_id)
    )""",
    "CREATE INDEX follows_followed_idx ON follows (followed_id)",
    """
    CREATE TABLE blocks (
        blocker_id uuid NOT NULL,
        blocked_id uuid NOT NULL,
        PRIMARY KEY (blocker_id, blocked_id)
    )""",
    "CREATE INDEX blocks_blocked_idx ON blocks (blocked_id, blocker_id)",
    "CREATE TABLE private_accounts (user_id uuid PRIMARY KEY)",
)

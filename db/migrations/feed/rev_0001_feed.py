"""What timelines are made of (seed 000): copies of posts and follows, crowds, how far everybody has read."""

from __future__ import annotations

from db.migrations.ddl import CREATE_TOUCH, DROP_TOUCH, run, touch
from db.migrations.messaging import DEPARTED, JOBS, MESSAGES

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        CREATE_TOUCH,
        """
        CREATE TABLE known_posts (
            id uuid PRIMARY KEY,
            author_id uuid NOT NULL,
            created_at timestamptz NOT NULL,
            is_pulled boolean NOT NULL DEFAULT false
        )""",
        "CREATE INDEX known_posts_author_idx ON known_posts (author_id, created_at DESC, id DESC)",
        """
        CREATE INDEX known_posts_pulled_idx ON known_posts (author_id, created_at DESC, id DESC)
            WHERE is_pulled""",
        """
        CREATE TABLE follows (
            follower_id uuid NOT NULL,
            followed_id uuid NOT NULL,
            PRIMARY KEY (follower_id, followed_id)
        )""",
        "CREATE INDEX follows_followed_idx ON follows (followed_id, follower_id)",
        "CREATE TABLE crowds (author_id uuid PRIMARY KEY)",
        """
        CREATE TABLE readers (
            user_id uuid PRIMARY KEY,
            seen_at timestamptz NOT NULL,
            seen_post_id uuid NOT NULL,
            updated_at timestamptz NOT NULL DEFAULT now()
        )""",
        touch("readers"),
    )
    run(*MESSAGES.create, *JOBS.create, *DEPARTED.create)


def downgrade() -> None:
    run(*DEPARTED.drop, *JOBS.drop, *MESSAGES.drop)
    run("DROP TABLE readers", "DROP TABLE crowds", "DROP TABLE follows", "DROP TABLE known_posts", DROP_TOUCH)

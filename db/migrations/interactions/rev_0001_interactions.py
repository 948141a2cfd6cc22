"""Likes and comments (seeds 000, 004), what is counted of posts, who blocks whom, and the kit's tables. Posts
and people live in other schemas: ids only.
"""

from __future__ import annotations

from db.migrations.ddl import CREATE_TOUCH, DROP_TOUCH, run, touch
from db.migrations.messaging import AUDIT, DEPARTED, JOBS, MESSAGES

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE post_counts (
        post_id uuid PRIMARY KEY,
        like_count bigint NOT NULL DEFAULT 0 CHECK (like_count >= 0),
        comment_count bigint NOT NULL DEFAULT 0 CHECK (comment_count >= 0),
        revision bigint NOT NULL DEFAULT 1,
        gone_at timestamptz
    )""",
    """
    CREATE TABLE likes (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        target_id uuid NOT NULL,
        post_id uuid NOT NULL,
        user_id uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT likes_one_of_a_person UNIQUE (user_id, target_id)
    )""",
    "CREATE INDEX likes_target_id_idx ON likes (target_id, created_at DESC, id DESC)",
    "CREATE INDEX likes_post_id_idx ON likes (post_id)",
    """
    CREATE TABLE comments (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        post_id uuid NOT NULL,
        post_author_id uuid NOT NULL,
        parent_id uuid REFERENCES comments (id) ON DELETE CASCADE,
        thread_id uuid GENERATED ALWAYS AS (coalesce(parent_id, post_id)) STORED,
        depth integer NOT NULL CHECK (depth >= 0 AND (depth = 0) = (parent_id IS NULL)),
        author_id uuid,
        document jsonb NOT NULL CHECK (author_id IS NULL OR document ? 'text'),
        like_count integer NOT NULL DEFAULT 0 CHECK (like_count >= 0),
        reply_count integer NOT NULL DEFAULT 0 CHECK (reply_count >= 0),
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
    )""",
    "CREATE INDEX comments_thread_id_idx ON comments (thread_id, created_at DESC, id DESC)",
    "CREATE INDEX comments_liked_idx ON comments (thread_id, like_count DESC, created_at DESC, id DESC)",
    "CREATE INDEX comments_author_id_idx ON comments (author_id)",
    "CREATE INDEX comments_parent_id_idx ON comments (parent_id)",
    "CREATE INDEX comments_post_id_idx ON comments (post_id)",
    "CREATE INDEX comments_removed_idx ON comments (post_id) WHERE author_id IS NULL AND reply_count = 0",
    """
    CREATE TABLE blocks (
        blocker_id uuid NOT NULL,
        blocked_id uuid NOT NULL,
        PRIMARY KEY (blocker_id, blocked_id)
    )""",
    "CREATE INDEX blocks_blocked_id_idx ON blocks (blocked_id, blocker_id)",
)


def upgrade() -> None:
    run(CREATE_TOUCH, *TABLES, touch("comments"))
    run(*MESSAGES.create, *AUDIT.create, *JOBS.create, *DEPARTED.create)


def downgrade() -> None:
    run(*DEPARTED.drop, *JOBS.drop, *AUDIT.drop, *MESSAGES.drop)
    run("DROP TABLE blocks", "DROP TABLE comments", "DROP TABLE likes", "DROP TABLE post_counts", DROP_TOUCH)

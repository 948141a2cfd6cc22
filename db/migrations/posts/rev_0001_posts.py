"""Posts, their images, and what people saved (seeds 000, 004). Authors and events live in other schemas: ids
only.
"""

from __future__ import annotations

from db.migrations.ddl import CREATE_TOUCH, DROP_TOUCH, run, touch

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        CREATE_TOUCH,
        """
        CREATE TABLE posts (
            id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
            author_id uuid NOT NULL,
            type varchar(20) NOT NULL DEFAULT 'TEXT' CHECK (type IN ('TEXT', 'IMAGES', 'EVENT')),
            content text NOT NULL DEFAULT '' CHECK (char_length(content) <= 5000),
            media_id uuid,
            event_id uuid CHECK (type <> 'EVENT' OR event_id IS NOT NULL),
            visibility varchar(20) NOT NULL DEFAULT 'PUBLIC'
                CHECK (visibility IN ('PUBLIC', 'FOLLOWERS', 'PRIVATE')),
            created_at timestamptz NOT NULL DEFAULT now(),
            updated_at timestamptz NOT NULL DEFAULT now()
        )""",
        "CREATE INDEX posts_author_id_idx ON posts (author_id, created_at DESC, id DESC)",
        """
        CREATE INDEX posts_event_id_idx ON posts (event_id, created_at DESC, id DESC)
            WHERE event_id IS NOT NULL""",
        "CREATE INDEX posts_public_idx ON posts (created_at DESC, id DESC) WHERE visibility = 'PUBLIC'",
        touch("posts"),
        """
        CREATE TABLE post_images (
            id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
            post_id uuid NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
            image_url varchar(512) NOT NULL,
            alt_text varchar(300),
            position integer NOT NULL CHECK (position >= 0),
            created_at timestamptz NOT NULL DEFAULT now(),
            UNIQUE (post_id, position)
        )""",
        """
        CREATE TABLE bookmarks (
            user_id uuid NOT NULL,
            post_id uuid NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
            created_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (user_id, post_id)
        )""",
        "CREATE INDEX bookmarks_user_id_idx ON bookmarks (user_id, created_at DESC, post_id DESC)",
        "CREATE INDEX bookmarks_post_id_idx ON bookmarks (post_id)",
    )


def downgrade() -> None:
    run("DROP TABLE bookmarks", "DROP TABLE post_images", "DROP TABLE posts", DROP_TOUCH)

"""Posts show what their authors uploaded (seed 000, posts.media_id), and media hears which uploads those are.

`media_ids` is what a post shows, in its order, `media_id` the first of them. `post_media` has also what it
showed before it was edited, so that media knows what goes with the post.
"""

from __future__ import annotations

from db.migrations.ddl import run
from db.migrations.news import news

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TYPES = "ALTER TABLE posts ADD CONSTRAINT posts_type_check CHECK (type IN ({}))"
NEWS = news("post_media", ("media_id uuid", "post_id uuid"))


def upgrade() -> None:
    run(
        "ALTER TABLE posts DROP CONSTRAINT posts_type_check",
        TYPES.format("'TEXT', 'IMAGES', 'VIDEO', 'EVENT', 'POLL'"),
        "ALTER TABLE posts ADD COLUMN media_ids uuid[] NOT NULL DEFAULT '{}'",
        "UPDATE posts SET media_id = NULL WHERE media_id IS NOT NULL",
        """
        ALTER TABLE posts ADD CONSTRAINT posts_media_check
            CHECK (media_id IS NOT DISTINCT FROM media_ids[1] AND cardinality(media_ids) <= 10)""",
        "ALTER TABLE post_edits ADD COLUMN media_ids uuid[] NOT NULL DEFAULT '{}'",
        """
        CREATE TABLE post_media (
            media_id uuid NOT NULL,
            post_id uuid NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
            kind varchar(20) NOT NULL CHECK (kind IN ('IMAGE', 'VIDEO')),
            PRIMARY KEY (media_id, post_id)
        )""",
        "CREATE INDEX post_media_post_id_idx ON post_media (post_id)",
        *NEWS.create,
    )


def downgrade() -> None:
    run(
        *NEWS.drop,
        "DROP TABLE post_media",
        "ALTER TABLE post_edits DROP COLUMN media_ids",
        "ALTER TABLE posts DROP COLUMN media_ids",
        "UPDATE posts SET type = 'IMAGES', media_id = NULL WHERE type = 'VIDEO'",
        "ALTER TABLE posts DROP CONSTRAINT posts_type_check",
        TYPES.format("'TEXT', 'IMAGES', 'EVENT', 'POLL'"),
    )

"""What a post shows, in which order, is said by the post: `attachments` is what media hears of it, so that an
upload goes with the last post that shows it.
"""

from __future__ import annotations

from db.migrations.ddl import run

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("ALTER TABLE attachments DROP COLUMN position")


def downgrade() -> None:
    run(
        "ALTER TABLE attachments ADD COLUMN position integer NOT NULL DEFAULT 0",
        "ALTER TABLE attachments ALTER COLUMN position DROP DEFAULT",
        "CREATE INDEX attachments_post_id_idx ON attachments (post_id, position, media_id)",
    )

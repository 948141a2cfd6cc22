"""Which events show which uploads, as `attachments` is which posts do."""

from __future__ import annotations

from db.migrations.ddl import run

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        """
        CREATE TABLE event_attachments (
            event_id uuid NOT NULL,
            media_id uuid NOT NULL REFERENCES media (id) ON DELETE CASCADE,
            PRIMARY KEY (event_id, media_id)
        )""",
        "CREATE INDEX event_attachments_media_id_idx ON event_attachments (media_id)",
    )


def downgrade() -> None:
    run("DROP TABLE event_attachments")

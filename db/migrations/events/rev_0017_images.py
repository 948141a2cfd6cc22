"""Pictures of events (seed 004): uploads of media, which hears which they are."""

from __future__ import annotations

from db.migrations.ddl import run, touch
from db.migrations.news import news

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

NEWS = news("event_images", ("event_id uuid", "media_id uuid"))


def upgrade() -> None:
    run(
        """
        CREATE TABLE event_images (
            event_id uuid NOT NULL REFERENCES events (id) ON DELETE CASCADE,
            media_id uuid NOT NULL,
            id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
            user_id uuid NOT NULL,
            alt_text varchar(1000),
            position integer NOT NULL CHECK (position > 0),
            created_at timestamptz NOT NULL DEFAULT now(),
            updated_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (event_id, media_id)
        )""",
        "CREATE INDEX event_images_position_idx ON event_images (event_id, position, id)",
        "CREATE INDEX event_images_media_id_idx ON event_images (media_id)",
        "CREATE INDEX event_images_user_id_idx ON event_images (user_id)",
        touch("event_images"),
        *NEWS.create,
    )


def downgrade() -> None:
    run(*NEWS.drop, "DROP TABLE event_images")

"""Uploaded media with what was made of them (seed 000), and which posts show which."""

from __future__ import annotations

from db.migrations.ddl import CREATE_TOUCH, DROP_TOUCH, run, touch
from db.migrations.messaging import AUDIT, DEPARTED, JOBS, MESSAGES
from db.migrations.states import state_machine

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

FOLLOWS = {"UPLOADING": ("PROCESSING", "FAILED"), "PROCESSING": ("READY", "FAILED")}
MACHINE = state_machine("media", "status", begins=("UPLOADING",), follows=FOLLOWS)


def upgrade() -> None:
    run(*MESSAGES.create, *AUDIT.create, *JOBS.create, *DEPARTED.create)
    run(CREATE_TOUCH, MEDIA, touch("media"), *MACHINE.create, ATTACHMENTS, *INDEXES)


def downgrade() -> None:
    run("DROP TABLE attachments", *MACHINE.drop, "DROP TABLE media", DROP_TOUCH)
    run(*DEPARTED.drop, *JOBS.drop, *AUDIT.drop, *MESSAGES.drop)


MEDIA = """
    CREATE TABLE media (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL,
        filename text NOT NULL,
        content_type text NOT NULL,
        size bigint NOT NULL CHECK (size > 0),
        bucket text NOT NULL,
        path text NOT NULL,
        variants jsonb NOT NULL DEFAULT '{}',
        purpose varchar(20) NOT NULL CHECK (purpose IN ('POST', 'AVATAR', 'DOCUMENT', 'TRACK')),
        kind varchar(20) NOT NULL CHECK (kind IN ('IMAGE', 'VIDEO', 'DOCUMENT', 'AUDIO')),
        status varchar(20) NOT NULL DEFAULT 'UPLOADING'
            CHECK (status IN ('UPLOADING', 'PROCESSING', 'READY', 'FAILED')),
        renditions jsonb NOT NULL DEFAULT '[]',
        upload_id text,
        expires_at timestamptz NOT NULL,
        track_id uuid,
        alt_text varchar(1000),
        blurhash varchar(100),
        width integer,
        height integer,
        duration_ms integer,
        reason varchar(300),
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CHECK (status <> 'FAILED' OR reason IS NOT NULL),
        CHECK (status <> 'READY' OR jsonb_array_length(renditions) > 0 OR purpose = 'TRACK'),
        CHECK ((purpose = 'TRACK') = (track_id IS NOT NULL))
    )"""

ATTACHMENTS = """
    CREATE TABLE attachments (
        post_id uuid NOT NULL,
        media_id uuid NOT NULL REFERENCES media (id) ON DELETE CASCADE,
        position integer NOT NULL,
        PRIMARY KEY (post_id, media_id)
    )"""

INDEXES = (
    "CREATE INDEX media_user_id_idx ON media (user_id, created_at DESC, id DESC)",
    "CREATE INDEX media_expires_at_idx ON media (expires_at) WHERE status = 'UPLOADING'",
    "CREATE INDEX media_processing_idx ON media (updated_at) WHERE status = 'PROCESSING'",
    "CREATE INDEX attachments_media_id_idx ON attachments (media_id)",
    "CREATE INDEX attachments_post_id_idx ON attachments (post_id, position, media_id)",
)

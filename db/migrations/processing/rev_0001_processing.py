"""Jobs that make a track's sound (seed 001, processing_db), and the copy of what the catalog tells of tracks.

A track has one job under way at most: two that write the same folder would not know of each other.
"""

from __future__ import annotations

from db.migrations.ddl import CREATE_TOUCH, DROP_TOUCH, run, touch
from db.migrations.messaging import AUDIT, DEPARTED, JOBS, MESSAGES

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(*MESSAGES.create, *AUDIT.create, *JOBS.create, *DEPARTED.create)
    run(CREATE_TOUCH, TRACKS, touch("tracks"), ARTISTS, PROCESSING, touch("processing_jobs"), *INDEXES)


def downgrade() -> None:
    run("DROP TABLE processing_jobs", "DROP TABLE artist_uploaders", "DROP TABLE tracks", DROP_TOUCH)
    run(*DEPARTED.drop, *JOBS.drop, *AUDIT.drop, *MESSAGES.drop)


TRACKS = """
    CREATE TABLE tracks (
        id uuid PRIMARY KEY,
        artist_id uuid NOT NULL,
        file_key varchar(255) NOT NULL,
        updated_at timestamptz NOT NULL DEFAULT now()
    )"""

ARTISTS = """
    CREATE TABLE artist_uploaders (
        artist_id uuid PRIMARY KEY,
        users uuid[] NOT NULL
    )"""

PROCESSING = """
    CREATE TABLE processing_jobs (
        id uuid PRIMARY KEY,
        track_id uuid NOT NULL,
        source_bucket varchar(100) NOT NULL,
        source_key varchar(255) NOT NULL,
        status varchar(20) NOT NULL DEFAULT 'PENDING'
            CHECK (status IN ('PENDING', 'PROCESSING', 'COMPLETED', 'FAILED')),
        worker_pod varchar(100),
        error_log text,
        requested_by uuid,
        reason varchar(300),
        progress smallint NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
        attempts integer NOT NULL DEFAULT 0,
        due_at timestamptz NOT NULL DEFAULT now(),
        leased_until timestamptz,
        duration_sec integer,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CHECK (status <> 'FAILED' OR reason IS NOT NULL)
    )"""

INDEXES = (
    """CREATE UNIQUE INDEX processing_jobs_under_way ON processing_jobs (track_id)
        WHERE status IN ('PENDING', 'PROCESSING')""",
    """CREATE INDEX processing_jobs_due_idx ON processing_jobs (due_at)
        WHERE status IN ('PENDING', 'PROCESSING')""",
    "CREATE INDEX processing_jobs_track_id_idx ON processing_jobs (track_id, created_at DESC)",
    "CREATE INDEX processing_jobs_created_at_idx ON processing_jobs (created_at DESC, id DESC)",
)

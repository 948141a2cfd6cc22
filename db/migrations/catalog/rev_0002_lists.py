"""An order and an index for each list: names as people order them, what was added last, and invitations."""

from __future__ import annotations

from db.migrations.ddl import run
from db.migrations.sorting import sort_key

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(*NAMES, *LINKS, *MANAGERS, *MUSIC)


def downgrade() -> None:
    run(*UNDO)


NAMES = (
    f"ALTER TABLE artists ADD COLUMN {sort_key('name')}",
    "CREATE INDEX artists_name_sort_idx ON artists (name_sort, id)",
    "CREATE INDEX artists_created_at_idx ON artists (created_at DESC, id DESC)",
    f"ALTER TABLE genres ADD COLUMN {sort_key('name')}",
    "CREATE INDEX genres_name_sort_idx ON genres (name_sort, name)",
)

LINKS = (
    "ALTER TABLE track_artists ADD COLUMN created_at timestamptz NOT NULL DEFAULT now()",
    "ALTER TABLE track_genres ADD COLUMN created_at timestamptz NOT NULL DEFAULT now()",
    "DROP INDEX track_artists_artist_id_idx",
    """CREATE INDEX track_artists_artist_id_idx
        ON track_artists (artist_id, created_at DESC, track_id DESC)""",
    "DROP INDEX track_genres_genre_id_idx",
    "CREATE INDEX track_genres_genre_id_idx ON track_genres (genre_id, created_at DESC, track_id DESC)",
)

MANAGERS = (
    "DROP INDEX artist_managers_user_id_idx",
    "CREATE INDEX artist_managers_user_id_idx ON artist_managers (user_id, created_at, artist_id)",
    "CREATE INDEX artist_managers_artist_id_idx ON artist_managers (artist_id, created_at, user_id)",
    """
    CREATE TABLE artist_invitations (
        artist_id uuid NOT NULL REFERENCES artists (id) ON DELETE CASCADE,
        user_id uuid NOT NULL,
        permissions jsonb NOT NULL CHECK (jsonb_typeof(permissions) = 'array'),
        invited_by uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (artist_id, user_id)
    )""",
    "CREATE INDEX artist_invitations_user_id_idx ON artist_invitations (user_id, created_at, artist_id)",
)

MUSIC = (
    "CREATE INDEX albums_release_date_idx ON albums (release_date DESC, id DESC)",
    "CREATE INDEX albums_type_idx ON albums (type, release_date DESC, id DESC)",
    "CREATE INDEX tracks_created_at_idx ON tracks (created_at DESC, id DESC)",
)

UNDO = (
    "DROP INDEX tracks_created_at_idx",
    "DROP INDEX albums_type_idx",
    "DROP INDEX albums_release_date_idx",
    "DROP TABLE artist_invitations",
    "DROP INDEX artist_managers_artist_id_idx",
    "DROP INDEX artist_managers_user_id_idx",
    "CREATE INDEX artist_managers_user_id_idx ON artist_managers (user_id)",
    "DROP INDEX track_genres_genre_id_idx",
    "CREATE INDEX track_genres_genre_id_idx ON track_genres (genre_id)",
    "DROP INDEX track_artists_artist_id_idx",
    "CREATE INDEX track_artists_artist_id_idx ON track_artists (artist_id)",
    "ALTER TABLE track_genres DROP COLUMN created_at",
    "ALTER TABLE track_artists DROP COLUMN created_at",
    "DROP INDEX genres_name_sort_idx",
    "ALTER TABLE genres DROP COLUMN name_sort",
    "DROP INDEX artists_created_at_idx",
    "DROP INDEX artists_name_sort_idx",
    "ALTER TABLE artists DROP COLUMN name_sort",
)

"""Playlists with their order and collaborators, and what people saved: tracks and albums.

A place is sixteen hexadecimal digits, so that places sort as text, and leaves room between neighbours: a
track is put between two others by writing its row alone (repository/places.py). Blocks are a copy of what
the users domain tells.
"""

from __future__ import annotations

from db.migrations.ddl import run, touch

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

PLAYLISTS = (
    """
    CREATE TABLE blocks (
        blocker_id uuid NOT NULL,
        blocked_id uuid NOT NULL,
        PRIMARY KEY (blocker_id, blocked_id)
    )""",
    "CREATE INDEX blocks_blocked_idx ON blocks (blocked_id, blocker_id)",
    """
    CREATE TABLE playlists (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        owner_id uuid NOT NULL,
        title varchar(100) NOT NULL,
        description text,
        visibility varchar(20) NOT NULL DEFAULT 'PRIVATE'
            CHECK (visibility IN ('PRIVATE', 'UNLISTED', 'PUBLIC')),
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
    )""",
    "CREATE INDEX playlists_owner_id_idx ON playlists (owner_id, created_at DESC, id DESC)",
    touch("playlists"),
    """
    CREATE TABLE playlist_collaborators (
        playlist_id uuid NOT NULL REFERENCES playlists (id) ON DELETE CASCADE,
        user_id uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (playlist_id, user_id)
    )""",
    """CREATE INDEX playlist_collaborators_user_id_idx
        ON playlist_collaborators (user_id, created_at DESC, playlist_id DESC)""",
    """
    CREATE TABLE playlist_entries (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        playlist_id uuid NOT NULL REFERENCES playlists (id) ON DELETE CASCADE,
        track_id uuid NOT NULL REFERENCES tracks (id) ON DELETE CASCADE,
        place text COLLATE "C" NOT NULL CHECK (place ~ '^[0-9a-f]{16}$'),
        added_by uuid,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT playlist_entries_place_key UNIQUE (playlist_id, place) DEFERRABLE
    )""",
    "CREATE INDEX playlist_entries_track_id_idx ON playlist_entries (track_id)",
    "CREATE INDEX playlist_entries_added_by_idx ON playlist_entries (added_by)",
)


def upgrade() -> None:
    run(*PLAYLISTS, *_saved("tracks", "track_id"), *_saved("albums", "album_id"))


def downgrade() -> None:
    tables = (
        "saved_albums",
        "saved_tracks",
        "playlist_entries",
        "playlist_collaborators",
        "playlists",
        "blocks",
    )
    run(*(f"DROP TABLE {table}" for table in tables))


def _saved(table: str, key: str) -> tuple[str, ...]:
    return (
        f"""
        CREATE TABLE saved_{table} (
            user_id uuid NOT NULL,
            {key} uuid NOT NULL REFERENCES {table} (id) ON DELETE CASCADE,
            created_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (user_id, {key})
        )""",
        f"CREATE INDEX saved_{table}_listed_idx ON saved_{table} (user_id, created_at DESC, {key} DESC)",
        f"CREATE INDEX saved_{table}_{key}_idx ON saved_{table} ({key})",
    )

"""Artists and who manages them, albums, tracks, genres (seed 001, catalog_db)."""

from __future__ import annotations

from db.migrations.ddl import CREATE_TOUCH, DROP_TOUCH, run, touch

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(CREATE_TOUCH, *ARTISTS, *ALBUMS, *TRACKS)


def downgrade() -> None:
    tables = ("track_genres", "genres", "track_artists", "tracks", "albums", "artist_managers", "artists")
    run(*(f"DROP TABLE {table}" for table in tables), DROP_TOUCH)


ARTISTS = (
    """
    CREATE TABLE artists (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        name varchar(100) NOT NULL,
        bio text,
        avatar_url varchar(512),
        is_verified boolean NOT NULL DEFAULT false,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
    )""",
    "CREATE INDEX artists_name_idx ON artists (name, id)",
    touch("artists"),
    """
    CREATE TABLE artist_managers (
        id bigserial PRIMARY KEY,
        artist_id uuid NOT NULL REFERENCES artists (id) ON DELETE CASCADE,
        user_id uuid NOT NULL,
        permissions jsonb NOT NULL DEFAULT '["ALL"]' CHECK (jsonb_typeof(permissions) = 'array'),
        created_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (artist_id, user_id)
    )""",
    "CREATE INDEX artist_managers_user_id_idx ON artist_managers (user_id)",
)

ALBUMS = (
    """
    CREATE TABLE albums (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        artist_id uuid NOT NULL REFERENCES artists (id) ON DELETE CASCADE,
        title varchar(150) NOT NULL,
        release_date date NOT NULL,
        cover_url varchar(512) NOT NULL,
        type varchar(20) NOT NULL DEFAULT 'ALBUM' CHECK (type IN ('SINGLE', 'EP', 'ALBUM')),
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
    )""",
    "CREATE INDEX albums_artist_id_idx ON albums (artist_id, release_date DESC, id DESC)",
    touch("albums"),
)

TRACKS = (
    """
    CREATE TABLE tracks (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        album_id uuid NOT NULL REFERENCES albums (id) ON DELETE CASCADE,
        title varchar(150) NOT NULL,
        duration_sec integer NOT NULL CHECK (duration_sec > 0),
        track_number integer NOT NULL CHECK (track_number > 0),
        file_key varchar(255) NOT NULL UNIQUE,
        is_available boolean NOT NULL DEFAULT false,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (album_id, track_number)
    )""",
    touch("tracks"),
    """
    CREATE TABLE track_artists (
        track_id uuid NOT NULL REFERENCES tracks (id) ON DELETE CASCADE,
        artist_id uuid NOT NULL REFERENCES artists (id) ON DELETE CASCADE,
        artist_type varchar(20) NOT NULL DEFAULT 'MAIN' CHECK (artist_type IN ('MAIN', 'FEATURED',
        'REMIXER')), display_order integer NOT NULL DEFAULT 1,
        PRIMARY KEY (track_id, artist_id)
    )""",
    "CREATE INDEX track_artists_artist_id_idx ON track_artists (artist_id)",
    "CREATE TABLE genres (id serial PRIMARY KEY, name varchar(50) NOT NULL UNIQUE)",
    """
    CREATE TABLE track_genres (
        track_id uuid NOT NULL REFERENCES tracks (id) ON DELETE CASCADE,
        genre_id integer NOT NULL REFERENCES genres (id) ON DELETE CASCADE,
        PRIMARY KEY (track_id, genre_id)
    )""",
    "CREATE INDEX track_genres_genre_id_idx ON track_genres (genre_id)",
)

"""Drafts, releases to come, reissues; who changed what.

A track can be heard elsewhere when it can be played *and* its album is out: what others are told says so. An
album's day comes without a write, so a job notes it (`is_release_told`), and the trigger tells of its tracks
as of any other change. The tracks are held meanwhile: what is told last is what is.
"""

from __future__ import annotations

from db.migrations.ddl import run
from db.migrations.messaging import AUDIT

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TODAY = "CAST(now() AT TIME ZONE 'UTC' AS date)"
ADD = "INSERT INTO outbox (message_id, topic, key, type, payload, headers) SELECT gen_random_uuid(), "


def _tell(available: str) -> str:
    track = f"""jsonb_build_object('artist_id', a.artist_id, 'album_id', t.album_id, 'title', t.title,
    'file_key', t.file_key, 'duration_sec', t.duration_sec, 'is_available', {available},
    'credits', (SELECT coalesce(jsonb_agg(c.artist_id ORDER BY c.display_order, c.artist_id), '[]')
        FROM track_artists c WHERE c.track_id = t.id))"""  # noqa: S608
    return f"""{ADD} 'catalog.track', t.id, 'TrackTold', {track}, '{{}}'
    FROM tracks t JOIN albums a ON a.id = t.album_id"""


TELL = _tell(f"t.is_available AND NOT a.is_draft AND a.release_date <= {TODAY}")
TELL_AS_BEFORE = _tell("t.is_available")

COLUMNS = (
    """ALTER TABLE albums
        ADD COLUMN is_draft boolean NOT NULL DEFAULT false,
        ADD COLUMN reissue_of uuid REFERENCES albums (id) ON DELETE SET NULL CHECK (reissue_of <> id),
        ADD COLUMN is_release_told boolean NOT NULL DEFAULT false""",
    "ALTER TABLE albums DISABLE TRIGGER USER",  # what is noted here changes no `updated_at`
    f"UPDATE albums SET is_release_told = true WHERE release_date <= {TODAY}",  # noqa: S608
    "ALTER TABLE albums ENABLE TRIGGER USER",
    "CREATE INDEX albums_reissue_of_idx ON albums (reissue_of, release_date, id)",
    "CREATE INDEX albums_untold_idx ON albums (release_date) WHERE NOT is_release_told",
)


def upgrade() -> None:
    run(*AUDIT.create, *COLUMNS, _tracks(TELL, "OR REPLACE"), _credits(TELL, "OR REPLACE"), ALBUMS)
    run("""CREATE TRIGGER albums_told_update AFTER UPDATE ON albums
        REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION tell_of_albums()""")
    run(f"{TELL} WHERE a.release_date > {TODAY}")


def downgrade() -> None:
    run("DROP TRIGGER albums_told_update ON albums", "DROP FUNCTION tell_of_albums()")
    run(_tracks(TELL_AS_BEFORE, "OR REPLACE"), _credits(TELL_AS_BEFORE, "OR REPLACE"))
    run("DROP INDEX albums_untold_idx", "DROP INDEX albums_reissue_of_idx")
    run("ALTER TABLE albums DROP COLUMN is_release_told, DROP COLUMN reissue_of, DROP COLUMN is_draft")
    run(*AUDIT.drop)


def _function(name: str, body: str, replaced: str = "") -> str:
    return f"""
    CREATE {replaced} FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    BEGIN {body}
        RETURN NULL;
    END;
    $$"""


def _tracks(tell: str, replaced: str) -> str:
    return _function(
        "tell_of_tracks",
        f"""
        IF TG_OP = 'DELETE' THEN
            {ADD} 'catalog.track', id, 'TrackGone', '{{}}', '{{}}' FROM old_rows;
        ELSE
            {tell} WHERE t.id IN (SELECT id FROM new_rows);
        END IF;""",  # noqa: S608
        replaced,
    )


def _credits(tell: str, replaced: str) -> str:
    return _function(
        "tell_of_credits",
        f"""
        IF TG_OP = 'DELETE' THEN
            {tell} WHERE t.id IN (SELECT track_id FROM old_rows);
        ELSE
            {tell} WHERE t.id IN (SELECT track_id FROM new_rows);
        END IF;""",  # noqa: S608
        replaced,
    )


ALBUMS = _function(
    "tell_of_albums",
    f"""
        PERFORM t.id FROM tracks t JOIN new_rows n ON n.id = t.album_id JOIN old_rows o ON o.id = n.id
            WHERE (n.is_draft, n.release_date, n.is_release_told)
                <> (o.is_draft, o.release_date, o.is_release_told)
            ORDER BY t.id FOR UPDATE OF t;
        {TELL} WHERE a.id IN (SELECT n.id FROM new_rows n JOIN old_rows o ON o.id = n.id
            WHERE (n.is_draft, n.release_date, n.is_release_told)
                <> (o.is_draft, o.release_date, o.is_release_told));""",  # noqa: S608
)

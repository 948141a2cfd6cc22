"""Others hear of tracks (what they are, whose, how long) and of who may upload for an artist.

The messages are written by triggers, once per statement, so that no way of writing can forget them: the demo
data and a departure tell as the API does. A track's come in order, because whoever changes its credits holds
its row; so do an artist's, whose managers change one at a time.
"""

from __future__ import annotations

from db.migrations.ddl import run

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ADD = "INSERT INTO outbox (message_id, topic, key, type, payload, headers) SELECT gen_random_uuid(), "
TRACK = """jsonb_build_object('artist_id', a.artist_id, 'album_id', t.album_id, 'title', t.title,
    'file_key', t.file_key, 'duration_sec', t.duration_sec, 'is_available', t.is_available,
    'credits', (SELECT coalesce(jsonb_agg(c.artist_id ORDER BY c.display_order, c.artist_id), '[]')
        FROM track_artists c WHERE c.track_id = t.id))"""
TELL_TRACKS = f"""{ADD} 'catalog.track', t.id, 'TrackTold', {TRACK}, '{{}}'
    FROM tracks t JOIN albums a ON a.id = t.album_id"""
UPLOADERS = """jsonb_build_object('uploaders', (SELECT coalesce(jsonb_agg(m.user_id), '[]')
    FROM artist_managers m
    WHERE m.artist_id = g.artist_id AND (m.permissions @> '["ALL"]' OR m.permissions @> '["UPLOAD"]')))"""
TELL_UPLOADERS = f"{ADD} 'catalog.artist', g.artist_id, 'UploadersTold', {UPLOADERS}, '{{}}'"

ROWS = {
    "insert": "NEW TABLE AS new_rows",
    "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "OLD TABLE AS old_rows",
}
TOLD = (
    ("tracks", "tell_of_tracks"),
    ("track_artists", "tell_of_credits"),
    ("artist_managers", "tell_of_uploaders"),
)


def upgrade() -> None:
    run(TRACKS, CREDITS, MANAGERS)
    run(*(_trigger(table, function, event) for table, function in TOLD for event in ROWS))
    run(TELL_TRACKS, f"{TELL_UPLOADERS} FROM (SELECT DISTINCT artist_id FROM artist_managers) g")  # noqa: S608


def downgrade() -> None:
    for table, function in TOLD:
        run(*(f"DROP TRIGGER {table}_told_{event} ON {table}" for event in ROWS))
        run(f"DROP FUNCTION {function}()")


def _function(name: str, body: str) -> str:
    return f"""
    CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    BEGIN {body}
        RETURN NULL;
    END;
    $$"""


def _trigger(table: str, function: str, event: str) -> str:
    return f"""CREATE TRIGGER {table}_told_{event} AFTER {event.upper()} ON {table}
        REFERENCING {ROWS[event]} FOR EACH STATEMENT EXECUTE FUNCTION {function}()"""


TRACKS = _function(
    "tell_of_tracks",
    f"""
        IF TG_OP = 'DELETE' THEN
            {ADD} 'catalog.track', id, 'TrackGone', '{{}}', '{{}}' FROM old_rows;
        ELSE
            {TELL_TRACKS} WHERE t.id IN (SELECT id FROM new_rows);
        END IF;""",  # noqa: S608
)
CREDITS = _function(
    "tell_of_credits",
    f"""
        IF TG_OP = 'DELETE' THEN
            {TELL_TRACKS} WHERE t.id IN (SELECT track_id FROM old_rows);
        ELSE
            {TELL_TRACKS} WHERE t.id IN (SELECT track_id FROM new_rows);
        END IF;""",  # noqa: S608
)
MANAGERS = _function(
    "tell_of_uploaders",
    f"""
        IF TG_OP = 'DELETE' THEN
            {TELL_UPLOADERS} FROM (SELECT DISTINCT artist_id FROM old_rows) g;
        ELSE
            {TELL_UPLOADERS} FROM (SELECT DISTINCT artist_id FROM new_rows) g;
        END IF;""",  # noqa: S608
)

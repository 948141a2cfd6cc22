"""Events have a place: their venue's, or one of their own; published ones are found near a point.

An event at a venue is where the venue is, also when that is moved, whoever says otherwise. One that leaves
its venue and says nothing of a place has none. `event_places` has those of published events alone: no place
of a draft leaves its row, which has row-level security.
"""

from __future__ import annotations

from db.migrations.ddl import run
from db.migrations.places import places

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(*COLUMNS, *PUBLISHED, *places("event_places").create, *TRIGGERS)


def downgrade() -> None:
    run(
        "DROP TRIGGER venues_place ON venues",
        "DROP FUNCTION move_events_of_venue()",
        "DROP TRIGGER events_place ON events",
        "DROP FUNCTION place_event()",
        *places("event_places").drop,
        "DROP TRIGGER events_place_changed ON events",
        "DROP TRIGGER events_place_added ON events",
        "DROP FUNCTION keep_event_place()",
        "DROP TABLE event_places",
        "ALTER TABLE events DROP COLUMN longitude, DROP COLUMN latitude",
    )


COLUMNS = (
    """
    ALTER TABLE events
        ADD COLUMN latitude double precision CHECK (latitude BETWEEN -90 AND 90),
        ADD COLUMN longitude double precision CHECK (longitude BETWEEN -180 AND 180),
        ADD CONSTRAINT events_place_check CHECK ((latitude IS NULL) = (longitude IS NULL))""",
    "ALTER TABLE events DISABLE TRIGGER USER",  # an event that was there has not changed
    """UPDATE events e SET latitude = v.latitude, longitude = v.longitude
        FROM venues v WHERE v.id = e.venue_id""",
    "ALTER TABLE events ENABLE TRIGGER USER",
)

PUBLISHED = (
    """
    CREATE TABLE event_places (
        event_id uuid PRIMARY KEY REFERENCES events (id) ON DELETE CASCADE,
        latitude double precision NOT NULL,
        longitude double precision NOT NULL
    )""",
    """INSERT INTO event_places SELECT id, latitude, longitude FROM events
        WHERE status = 'PUBLISHED' AND latitude IS NOT NULL""",
    """
    CREATE FUNCTION keep_event_place() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path FROM CURRENT AS $$
    BEGIN
        IF NEW.status = 'PUBLISHED' AND NEW.latitude IS NOT NULL THEN
            INSERT INTO event_places VALUES (NEW.id, NEW.latitude, NEW.longitude)
                ON CONFLICT (event_id) DO UPDATE
                SET latitude = excluded.latitude, longitude = excluded.longitude;
        ELSE
            DELETE FROM event_places WHERE event_id = NEW.id;
        END IF;
        RETURN NULL;
    END;
    $$""",
    """CREATE TRIGGER events_place_added AFTER INSERT ON events FOR EACH ROW
        WHEN (NEW.status = 'PUBLISHED' AND NEW.latitude IS NOT NULL) EXECUTE FUNCTION keep_event_place()""",
    """CREATE TRIGGER events_place_changed AFTER UPDATE ON events FOR EACH ROW
        WHEN ((OLD.status, OLD.latitude, OLD.longitude)
            IS DISTINCT FROM (NEW.status, NEW.latitude, NEW.longitude))
        EXECUTE FUNCTION keep_event_place()""",
)

TRIGGERS = (
    """
    CREATE FUNCTION place_event() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    BEGIN
        IF NEW.venue_id IS NOT NULL THEN
            -- Shared, so that a venue that is being moved is waited for.
            SELECT v.latitude, v.longitude INTO NEW.latitude, NEW.longitude
                FROM venues v WHERE v.id = NEW.venue_id FOR SHARE;
        ELSIF TG_OP = 'UPDATE' AND OLD.venue_id IS NOT NULL AND
                (NEW.latitude, NEW.longitude) IS NOT DISTINCT FROM (OLD.latitude, OLD.longitude) THEN
            NEW.latitude = NULL;
            NEW.longitude = NULL;
        END IF;
        RETURN NEW;
    END;
    $$""",
    """CREATE TRIGGER events_place BEFORE INSERT OR UPDATE OF venue_id, latitude, longitude ON events
        FOR EACH ROW EXECUTE FUNCTION place_event()""",
    """
    CREATE FUNCTION move_events_of_venue() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path FROM CURRENT AS $$
    BEGIN
        UPDATE events SET latitude = NEW.latitude, longitude = NEW.longitude WHERE venue_id = NEW.id;
        RETURN NULL;
    END;
    $$""",
    """CREATE TRIGGER venues_place AFTER UPDATE OF latitude, longitude ON venues
        FOR EACH ROW WHEN ((OLD.latitude, OLD.longitude) IS DISTINCT FROM (NEW.latitude, NEW.longitude))
        EXECUTE FUNCTION move_events_of_venue()""",
)

"""Events, their venues and who comes (seeds 002, 004), with row-level security by tenant.

An event without a tenant belongs to its host alone. Everyone may read what was published; drafts of a tenant
are seen, and its events written, only under `app.tenant_id`, which the service sets from a verified token.
"""

from __future__ import annotations

from db.migrations.ddl import CREATE_TOUCH, DROP_TOUCH, run, touch

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TENANT = "tenant_id IS NULL OR tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid"


def upgrade() -> None:
    run(CREATE_TOUCH, *VENUES, *EVENTS, *ATTENDEES)


def downgrade() -> None:
    run("DROP TABLE event_attendees", "DROP TABLE events", "DROP TABLE venues", DROP_TOUCH)


VENUES = (
    """
    CREATE TABLE venues (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        name varchar(200) NOT NULL,
        address varchar(300) NOT NULL,
        city varchar(100) NOT NULL,
        latitude double precision NOT NULL CHECK (latitude BETWEEN -90 AND 90),
        longitude double precision NOT NULL CHECK (longitude BETWEEN -180 AND 180),
        capacity integer CHECK (capacity > 0),
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
    )""",
    "CREATE INDEX venues_city_idx ON venues (city, name, id)",
    touch("venues"),
)

EVENTS = (
    """
    CREATE TABLE events (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        tenant_id uuid,
        host_id uuid NOT NULL,
        title varchar(200) NOT NULL,
        description text NOT NULL DEFAULT '',
        category varchar(20) NOT NULL DEFAULT 'OTHER' CHECK (category IN
            ('COFFEE', 'FOOD', 'GAMING', 'SPORTS', 'MUSIC', 'MOVIES', 'STUDY', 'ART', 'OTHER')),
        status varchar(20) NOT NULL DEFAULT 'DRAFT' CHECK (status IN
            ('DRAFT', 'PUBLISHED', 'CANCELLED', 'COMPLETED')),
        starts_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL,
        timezone varchar(64) NOT NULL DEFAULT 'UTC',
        venue_id uuid REFERENCES venues (id),
        max_attendees integer CHECK (max_attendees > 0),
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CHECK (ends_at > starts_at)
    )""",
    "CREATE INDEX idx_events_tenant_id ON events (tenant_id)",
    "CREATE INDEX idx_events_tenant_status ON events (tenant_id, status)",
    "CREATE INDEX idx_events_status ON events (status) WHERE status = 'PUBLISHED'",
    "CREATE INDEX idx_events_starts_at ON events (starts_at, id)",
    "CREATE INDEX idx_events_host_id ON events (host_id, starts_at, id)",
    "CREATE INDEX idx_events_venue_id ON events (venue_id)",
    touch("events"),
    "ALTER TABLE events ENABLE ROW LEVEL SECURITY",
    f"CREATE POLICY events_read ON events FOR SELECT USING (status <> 'DRAFT' OR {TENANT})",
    f"CREATE POLICY events_insert ON events FOR INSERT WITH CHECK ({TENANT})",
    f"CREATE POLICY events_update ON events FOR UPDATE USING ({TENANT}) WITH CHECK ({TENANT})",
    f"CREATE POLICY events_delete ON events FOR DELETE USING ({TENANT})",
)

ATTENDEES = (
    """
    CREATE TABLE event_attendees (
        event_id uuid NOT NULL REFERENCES events (id) ON DELETE CASCADE,
        user_id uuid NOT NULL,
        status varchar(20) NOT NULL DEFAULT 'GOING' CHECK (status IN ('GOING', 'INTERESTED')),
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (event_id, user_id)
    )""",
    "CREATE INDEX event_attendees_event_idx ON event_attendees (event_id, status, created_at, user_id)",
    "CREATE INDEX event_attendees_user_idx ON event_attendees (user_id, status, created_at DESC, event_id)",
    touch("event_attendees"),
)

"""Published is a fact of its own, answers have a time and row-level security, venues a maker and an order.

`published_at` says what everybody may read: a cancelled draft has none. An answer carries what its lists and
policies need of its event (tenant, start, whether it is public); triggers keep that true, as tables' owner.

Settings of a transaction, all from the verified token: app.tenant_id, app.user_id, app.is_admin.
"""

from __future__ import annotations

from db.migrations.ddl import run
from db.migrations.sorting import sort_key

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TENANT = "nullif(current_setting('app.tenant_id', true), '')::uuid"
USER = "nullif(current_setting('app.user_id', true), '')::uuid"
ADMIN = "coalesce(current_setting('app.is_admin', true), '') = 'on'"
OURS = f"tenant_id IS NULL OR tenant_id = {TENANT}"
WRITER = f"{ADMIN} OR CASE WHEN tenant_id IS NULL THEN host_id = {USER} ELSE tenant_id = {TENANT} END"
OWN = f"user_id = {USER}"
HOSTED = f"EXISTS (SELECT 1 FROM events e WHERE e.id = event_id AND e.host_id = {USER} AND ({OURS}))"  # noqa: S608


def upgrade() -> None:
    run(*PUBLISHED, *POLICIES, *ANSWERS, *ANSWER_POLICIES, *INDEXES, COMPLETE, *VENUES)


def downgrade() -> None:
    run(*UNDO)


PUBLISHED = (
    "ALTER TABLE events ADD COLUMN published_at timestamptz",
    """
    UPDATE events SET published_at = created_at WHERE status IN ('PUBLISHED', 'COMPLETED') OR
        (status = 'CANCELLED' AND EXISTS (SELECT 1 FROM event_attendees WHERE event_id = id))""",
    """ALTER TABLE events ADD CONSTRAINT events_published_check
        CHECK (status NOT IN ('PUBLISHED', 'COMPLETED') OR published_at IS NOT NULL)""",
)

POLICIES = (
    *(f"DROP POLICY events_{name} ON events" for name in ("read", "insert", "update", "delete")),
    f"CREATE POLICY events_read ON events FOR SELECT USING (published_at IS NOT NULL OR {OURS})",
    f"CREATE POLICY events_insert ON events FOR INSERT WITH CHECK ({WRITER})",
    f"CREATE POLICY events_update ON events FOR UPDATE USING ({WRITER}) WITH CHECK ({WRITER})",
    f"CREATE POLICY events_delete ON events FOR DELETE USING ({WRITER})",
)

ANSWERS = (
    """
    ALTER TABLE event_attendees
        ADD COLUMN tenant_id uuid,
        ADD COLUMN starts_at timestamptz,
        ADD COLUMN is_public boolean,
        ADD COLUMN answered_at timestamptz""",
    """
    UPDATE event_attendees a SET tenant_id = e.tenant_id, starts_at = e.starts_at,
        is_public = e.published_at IS NOT NULL, answered_at = a.created_at
        FROM events e WHERE e.id = a.event_id""",
    """
    ALTER TABLE event_attendees
        ALTER COLUMN starts_at SET NOT NULL,
        ALTER COLUMN is_public SET NOT NULL,
        ALTER COLUMN answered_at SET NOT NULL,
        ALTER COLUMN answered_at SET DEFAULT now()""",
    """
    CREATE FUNCTION copy_event_to_attendee() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path FROM CURRENT AS $$
    BEGIN
        SELECT e.tenant_id, e.starts_at, e.published_at IS NOT NULL
            INTO NEW.tenant_id, NEW.starts_at, NEW.is_public FROM events e WHERE e.id = NEW.event_id;
        RETURN NEW;
    END;
    $$""",
    """CREATE TRIGGER event_attendees_event BEFORE INSERT ON event_attendees
        FOR EACH ROW EXECUTE FUNCTION copy_event_to_attendee()""",
    """
    CREATE FUNCTION copy_event_to_attendees() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path FROM CURRENT AS $$
    BEGIN
        UPDATE event_attendees SET tenant_id = NEW.tenant_id, starts_at = NEW.starts_at,
            is_public = NEW.published_at IS NOT NULL WHERE event_id = NEW.id;
        RETURN NULL;
    END;
    $$""",
    """CREATE TRIGGER events_attendees AFTER UPDATE OF tenant_id, starts_at, published_at ON events
        FOR EACH ROW WHEN (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id
            OR OLD.starts_at <> NEW.starts_at OR OLD.published_at IS DISTINCT FROM NEW.published_at)
        EXECUTE FUNCTION copy_event_to_attendees()""",
)

ANSWER_POLICIES = (
    "ALTER TABLE event_attendees ENABLE ROW LEVEL SECURITY",
    f"CREATE POLICY attendees_read ON event_attendees FOR SELECT USING (is_public OR {OURS})",
    f"CREATE POLICY attendees_insert ON event_attendees FOR INSERT WITH CHECK ({ADMIN} OR {OWN})",
    f"""CREATE POLICY attendees_update ON event_attendees FOR UPDATE
        USING ({ADMIN} OR {OWN}) WITH CHECK ({ADMIN} OR {OWN})""",
    f"CREATE POLICY attendees_delete ON event_attendees FOR DELETE USING ({ADMIN} OR {OWN} OR {HOSTED})",
)

INDEXES = (
    "DROP INDEX idx_events_status",
    "CREATE INDEX idx_events_status ON events (status, starts_at, id) WHERE status = 'PUBLISHED'",
    "DROP INDEX idx_events_tenant_status",
    "CREATE INDEX idx_events_tenant_status ON events (tenant_id, status, starts_at, id)",
    "CREATE INDEX events_venue_idx ON events (venue_id, starts_at, id) WHERE status = 'PUBLISHED'",
    "CREATE INDEX events_category_idx ON events (category, starts_at, id) WHERE status = 'PUBLISHED'",
    "DROP INDEX event_attendees_event_idx",
    "DROP INDEX event_attendees_user_idx",
    "CREATE INDEX event_attendees_event_idx ON event_attendees (event_id, status, answered_at, user_id)",
    "CREATE INDEX event_attendees_user_idx ON event_attendees (user_id, status, starts_at, event_id)",
)

COMPLETE = """
    CREATE FUNCTION complete_ended_events() RETURNS bigint LANGUAGE sql
        SECURITY DEFINER SET search_path FROM CURRENT AS $$
    WITH completed AS (
        UPDATE events SET status = 'COMPLETED' WHERE status = 'PUBLISHED' AND ends_at <= now() RETURNING 1
    ) SELECT count(*) FROM completed
    $$"""

VENUES = (
    "ALTER TABLE venues ADD COLUMN created_by uuid",
    f"ALTER TABLE venues ADD COLUMN {sort_key('name')}, ADD COLUMN {sort_key('city')}",
    "DROP INDEX venues_city_idx",
    "CREATE INDEX venues_name_idx ON venues (name_sort, id)",
    "CREATE INDEX venues_city_idx ON venues (city_sort, name_sort, id)",
)

UNDO = (
    "DROP INDEX venues_city_idx",
    "DROP INDEX venues_name_idx",
    "ALTER TABLE venues DROP COLUMN city_sort, DROP COLUMN name_sort, DROP COLUMN created_by",
    "CREATE INDEX venues_city_idx ON venues (city, name, id)",
    "DROP FUNCTION complete_ended_events()",
    "DROP INDEX event_attendees_user_idx",
    "DROP INDEX event_attendees_event_idx",
    *(f"DROP POLICY attendees_{name} ON event_attendees" for name in ("read", "insert", "update", "delete")),
    "ALTER TABLE event_attendees DISABLE ROW LEVEL SECURITY",
    "DROP TRIGGER events_attendees ON events",
    "DROP FUNCTION copy_event_to_attendees()",
    "DROP TRIGGER event_attendees_event ON event_attendees",
    "DROP FUNCTION copy_event_to_attendee()",
    """ALTER TABLE event_attendees DROP COLUMN answered_at, DROP COLUMN is_public, DROP COLUMN starts_at,
        DROP COLUMN tenant_id""",
    "CREATE INDEX event_attendees_event_idx ON event_attendees (event_id, status, created_at, user_id)",
    "CREATE INDEX event_attendees_user_idx ON event_attendees (user_id, status, created_at DESC, event_id)",
    "DROP INDEX events_category_idx",
    "DROP INDEX events_venue_idx",
    "DROP INDEX idx_events_tenant_status",
    "CREATE INDEX idx_events_tenant_status ON events (tenant_id, status)",
    "DROP INDEX idx_events_status",
    "CREATE INDEX idx_events_status ON events (status) WHERE status = 'PUBLISHED'",
    *(f"DROP POLICY events_{name} ON events" for name in ("read", "insert", "update", "delete")),
    "ALTER TABLE events DROP CONSTRAINT events_published_check",
    "ALTER TABLE events DROP COLUMN published_at",
    f"CREATE POLICY events_read ON events FOR SELECT USING (status <> 'DRAFT' OR {OURS})",
    f"CREATE POLICY events_insert ON events FOR INSERT WITH CHECK ({OURS})",
    f"CREATE POLICY events_update ON events FOR UPDATE USING ({OURS}) WITH CHECK ({OURS})",
    f"CREATE POLICY events_delete ON events FOR DELETE USING ({OURS})",
)

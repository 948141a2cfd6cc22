"""Ticket types, registrations, tickets and check-ins (seeds 002, 004), with row-level security.

What must never be wrong is kept here, whoever writes:

    seats      `keep_seats` counts them under the lock of the ticket type; `ticket_types_seats` bounds them
    order      nobody waits while a seat is free; `promote_waiting` gives seats in the order of the queue
    states     a registration goes the ways of its state machine; what costs is confirmed by a payment alone
    tickets    `issue_ticket` makes one for each confirmed registration and voids it with that
    doors      a ticket is checked in once

`events` is a copy of the events domain's, kept by its messages. Policies go by app.tenant_id, app.user_id and
app.is_admin, from the verified token. Who manages an event is its host, or who acts for its organization.
"""

from __future__ import annotations

from db.migrations.ddl import CREATE_TOUCH, DROP_TOUCH, run, touch
from db.migrations.messaging import AUDIT, DEPARTED, JOBS, MESSAGES
from db.migrations.states import state_machine

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TENANT = "nullif(current_setting('app.tenant_id', true), '')::uuid"
USER = "nullif(current_setting('app.user_id', true), '')::uuid"
ADMIN = "coalesce(current_setting('app.is_admin', true), '') = 'on'"
STAFF = "is_staff(event_id)"
MANAGES = f"{ADMIN} OR CASE WHEN tenant_id IS NULL THEN host_id = {USER} ELSE tenant_id = {TENANT} END"
SEEN_EVENT = "EXISTS (SELECT 1 FROM events e WHERE e.id = event_id)"
SEEN_TICKET = "EXISTS (SELECT 1 FROM tickets t WHERE t.id = ticket_id)"
MOST = 2**53 - 1

MACHINE = state_machine(
    "registrations",
    "status",
    begins=("PENDING", "CONFIRMED", "WAITLISTED"),
    follows={
        "WAITLISTED": ("PENDING", "CONFIRMED", "CANCELLED"),
        "PENDING": ("CONFIRMED", "CANCELLED", "EXPIRED"),
        "CONFIRMED": ("CANCELLED",),
    },
)


def upgrade() -> None:
    run(CREATE_TOUCH, *EVENTS, *TYPES, *REGISTRATIONS, *TICKETS, *CHECK_INS, *MACHINE.create)
    run(*COPY_TENANT, *SEATS, *ISSUE, *PROMOTE, *POLICIES)
    run(*MESSAGES.create, *AUDIT.create, *JOBS.create, *DEPARTED.create)


def downgrade() -> None:
    run(*DEPARTED.drop, *JOBS.drop, *AUDIT.drop, *MESSAGES.drop)
    run("DROP FUNCTION transfer_ticket(uuid, uuid)", "DROP FUNCTION promote_waiting(uuid, interval)")
    run(*(f"DROP TABLE {table}" for table in ("check_ins", "tickets", "registrations", "ticket_types")))
    run(
        "DROP SEQUENCE registration_queue",
        *MACHINE.drop[1:],
        *(f"DROP FUNCTION {name}" for name in FUNCTIONS),
    )
    run("DROP TABLE events", DROP_TOUCH)


FUNCTIONS = (
    "place_in_queue(uuid)",
    "lock_ticket_types(uuid, uuid)",
    "issue_ticket()",
    "keep_seats()",
    "copy_event_tenant()",
    "is_staff(uuid)",
)

EVENTS = (
    """
    CREATE TABLE events (
        id uuid PRIMARY KEY,
        tenant_id uuid,
        host_id uuid NOT NULL,
        status varchar(20) NOT NULL,
        title varchar(200),
        is_public boolean NOT NULL,
        starts_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL,
        timezone varchar(64) NOT NULL DEFAULT 'UTC'
    )""",
    "CREATE INDEX events_tenant_idx ON events (tenant_id)",
)

TYPES = (
    f"""
    CREATE TABLE ticket_types (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        event_id uuid NOT NULL REFERENCES events (id) ON DELETE CASCADE,
        tenant_id uuid,
        name varchar(200) NOT NULL,
        description varchar(2000) NOT NULL DEFAULT '',
        quantity integer NOT NULL CHECK (quantity > 0),
        sold_count integer NOT NULL DEFAULT 0,
        price_minor bigint NOT NULL DEFAULT 0 CHECK (price_minor BETWEEN 0 AND {MOST}),
        currency char(3),
        sales_start timestamptz,
        sales_end timestamptz,
        per_person_limit integer NOT NULL DEFAULT 1 CHECK (per_person_limit > 0),
        access_code_hash char(64),
        cancellable_until timestamptz,
        refund_percent integer NOT NULL DEFAULT 100 CHECK (refund_percent BETWEEN 0 AND 100),
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT ticket_types_seats CHECK (sold_count BETWEEN 0 AND quantity),
        CONSTRAINT ticket_types_price CHECK (price_minor = 0 OR currency IS NOT NULL),
        CONSTRAINT ticket_types_sales CHECK (sales_end > sales_start)
    ) WITH (fillfactor = 50)""",  # the counter is written in place, page after page
    "CREATE INDEX ticket_types_event_idx ON ticket_types (event_id, created_at, id)",
    touch("ticket_types").replace("FOR EACH ROW", "FOR EACH ROW WHEN (OLD.sold_count = NEW.sold_count)"),
)

REGISTRATIONS = (
    f"""
    CREATE TABLE registrations (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        tenant_id uuid,
        event_id uuid NOT NULL REFERENCES events (id) ON DELETE CASCADE,
        ticket_type_id uuid NOT NULL REFERENCES ticket_types (id),
        user_id uuid NOT NULL,
        status varchar(20) NOT NULL,
        confirmation_code varchar(12) NOT NULL UNIQUE,
        price_minor bigint NOT NULL CHECK (price_minor BETWEEN 0 AND {MOST}),
        currency char(3),
        held_until timestamptz,
        queue_number bigint,
        payment_id uuid,
        reason varchar(20),
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT registrations_paid
            CHECK (status <> 'CONFIRMED' OR price_minor = 0 OR payment_id IS NOT NULL),
        CONSTRAINT registrations_held CHECK (status <> 'PENDING' OR held_until IS NOT NULL),
        CONSTRAINT registrations_queued CHECK (status <> 'WAITLISTED' OR queue_number IS NOT NULL)
    )""",
    "CREATE SEQUENCE registration_queue",
    "CREATE INDEX idx_registrations_tenant_id ON registrations (tenant_id)",
    "CREATE INDEX idx_registrations_event_id ON registrations (event_id, status, created_at, id)",
    "CREATE INDEX registrations_page_idx ON registrations (event_id, created_at, id)",
    "CREATE INDEX idx_registrations_user_id ON registrations (user_id, created_at DESC, id DESC)",
    """CREATE INDEX registrations_active_idx ON registrations (ticket_type_id, user_id)
        WHERE status IN ('PENDING', 'CONFIRMED', 'WAITLISTED')""",
    """CREATE INDEX registrations_queue_idx ON registrations (ticket_type_id, queue_number)
        WHERE status = 'WAITLISTED'""",
    "CREATE INDEX registrations_held_idx ON registrations (held_until) WHERE status = 'PENDING'",
    touch("registrations"),
)

TICKETS = (
    """
    CREATE TABLE tickets (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        registration_id uuid NOT NULL UNIQUE REFERENCES registrations (id) ON DELETE CASCADE,
        event_id uuid NOT NULL REFERENCES events (id) ON DELETE CASCADE,
        tenant_id uuid,
        holder_id uuid NOT NULL,
        status varchar(20) NOT NULL DEFAULT 'VALID' CHECK (status IN ('VALID', 'VOID')),
        code_serial integer NOT NULL DEFAULT 1 CHECK (code_serial BETWEEN 1 AND 65535),
        issued_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
    )""",
    "CREATE INDEX tickets_holder_idx ON tickets (holder_id, issued_at DESC, id DESC)",
    "CREATE INDEX tickets_event_idx ON tickets (event_id)",
    touch("tickets"),
)

CHECK_INS = (
    """
    CREATE TABLE check_ins (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        registration_id uuid NOT NULL REFERENCES registrations (id) ON DELETE CASCADE,
        ticket_id uuid NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
        event_id uuid NOT NULL REFERENCES events (id) ON DELETE CASCADE,
        tenant_id uuid,
        checked_in_by uuid,
        scanned_at timestamptz NOT NULL,
        checked_in_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT check_ins_once UNIQUE (ticket_id)
    )""",
    "CREATE INDEX check_ins_event_idx ON check_ins (event_id, checked_in_at)",
    "CREATE INDEX check_ins_registration_idx ON check_ins (registration_id)",
)

COPY_TENANT = (
    """
    CREATE FUNCTION copy_event_tenant() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path FROM CURRENT AS $$
    BEGIN
        SELECT e.tenant_id INTO NEW.tenant_id FROM events e WHERE e.id = NEW.event_id;
        RETURN NEW;
    END;
    $$""",
    *(
        f"""CREATE TRIGGER a_{table}_tenant BEFORE INSERT OR UPDATE OF event_id, tenant_id ON {table}
            FOR EACH ROW EXECUTE FUNCTION copy_event_tenant()"""
        for table in ("ticket_types", "registrations", "tickets", "check_ins")
    ),
    f"""
    CREATE FUNCTION is_staff(event uuid) RETURNS boolean LANGUAGE sql STABLE
        SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT {ADMIN} OR EXISTS (SELECT 1 FROM events WHERE id = event AND ({MANAGES}))
    $$""",  # noqa: S608
)

SEATS = (
    """
    CREATE FUNCTION keep_seats() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path FROM CURRENT AS $$
    DECLARE
        kind ticket_types;
        had boolean := TG_OP <> 'INSERT' AND OLD.status IN ('PENDING', 'CONFIRMED');
        has boolean := TG_OP <> 'DELETE' AND NEW.status IN ('PENDING', 'CONFIRMED');
    BEGIN
        IF has <> had THEN
            UPDATE ticket_types SET sold_count = sold_count + CASE WHEN has THEN 1 ELSE -1 END
                WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.ticket_type_id ELSE NEW.ticket_type_id END;
        END IF;
        IF TG_OP <> 'INSERT' THEN
            RETURN NULL;
        END IF;
        SELECT * INTO kind FROM ticket_types WHERE id = NEW.ticket_type_id FOR NO KEY UPDATE;
        IF NEW.event_id <> kind.event_id THEN
            RAISE EXCEPTION 'another event' USING ERRCODE = '23514', CONSTRAINT = 'registrations_event';
        ELSIF NOT EXISTS (SELECT FROM events WHERE id = kind.event_id AND status = 'PUBLISHED'
                AND ends_at > clock_timestamp()) THEN
            RAISE EXCEPTION 'closed' USING ERRCODE = '23514', CONSTRAINT = 'registrations_open';
        ELSIF kind.sales_start > clock_timestamp() OR kind.sales_end <= clock_timestamp() THEN
            RAISE EXCEPTION 'not on sale' USING ERRCODE = '23514', CONSTRAINT = 'registrations_sales';
        ELSIF (NEW.price_minor, NEW.currency) IS DISTINCT FROM (kind.price_minor, kind.currency) THEN
            RAISE EXCEPTION 'price' USING ERRCODE = '23514', CONSTRAINT = 'registrations_price';
        ELSIF (SELECT count(*) FROM registrations WHERE ticket_type_id = kind.id AND user_id = NEW.user_id
                AND status IN ('PENDING', 'CONFIRMED', 'WAITLISTED')) > kind.per_person_limit THEN
            RAISE EXCEPTION 'limit' USING ERRCODE = '23514', CONSTRAINT = 'registrations_per_person';
        ELSIF NEW.status = 'WAITLISTED' AND kind.sold_count < kind.quantity THEN
            RAISE EXCEPTION 'a seat is free' USING ERRCODE = '23514', CONSTRAINT = 'registrations_free';
        END IF;
        RETURN NULL;
    END;
    $$""",
    """CREATE TRIGGER a_registrations_seats AFTER INSERT OR DELETE OR UPDATE OF status ON registrations
        FOR EACH ROW EXECUTE FUNCTION keep_seats()""",
    """
    CREATE FUNCTION lock_ticket_types(kind uuid, event uuid) RETURNS void LANGUAGE sql
        SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT 1 FROM ticket_types WHERE id = kind OR event_id = event ORDER BY id FOR NO KEY UPDATE
    $$""",
)
"""Who changes a registration locks its ticket type first: then two never wait for each other."""

ISSUE = (
    """
    CREATE FUNCTION issue_ticket() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path FROM CURRENT AS $$
    BEGIN
        IF NEW.status = 'CONFIRMED' THEN
            INSERT INTO tickets (registration_id, event_id, holder_id)
                VALUES (NEW.id, NEW.event_id, NEW.user_id) ON CONFLICT DO NOTHING;
        ELSIF EXISTS (SELECT FROM check_ins WHERE registration_id = NEW.id) THEN
            RAISE EXCEPTION 'somebody is in' USING ERRCODE = '23514', CONSTRAINT = 'registrations_used';
        ELSE
            UPDATE tickets SET status = 'VOID' WHERE registration_id = NEW.id AND status = 'VALID';
        END IF;
        RETURN NULL;
    END;
    $$""",
    """CREATE TRIGGER registrations_ticket AFTER INSERT OR UPDATE OF status ON registrations
        FOR EACH ROW EXECUTE FUNCTION issue_ticket()""",
    f"""
    CREATE FUNCTION transfer_ticket(ticket uuid, to_user uuid) RETURNS SETOF tickets LANGUAGE sql
        SECURITY DEFINER SET search_path FROM CURRENT AS $$
    UPDATE tickets t SET holder_id = to_user, code_serial = code_serial + 1
        WHERE t.id = ticket AND t.holder_id = {USER} AND t.status = 'VALID' AND t.code_serial < 65535
        AND NOT EXISTS (SELECT FROM check_ins c WHERE c.ticket_id = t.id)
        AND EXISTS (SELECT FROM events e
            WHERE e.id = t.event_id AND e.ends_at > now() AND e.status = 'PUBLISHED')
        RETURNING t.*
    $$""",  # noqa: S608
)

PROMOTE = (
    """
    CREATE FUNCTION promote_waiting(kind uuid, hold interval) RETURNS SETOF registrations LANGUAGE plpgsql
        SECURITY DEFINER SET search_path FROM CURRENT AS $$
    DECLARE
        free integer;
    BEGIN
        SELECT quantity - sold_count INTO free FROM ticket_types t JOIN events e ON e.id = t.event_id
            WHERE t.id = kind AND e.status = 'PUBLISHED' AND e.ends_at > now() FOR NO KEY UPDATE OF t;
        RETURN QUERY UPDATE registrations r SET
                status = CASE WHEN r.price_minor = 0 THEN 'CONFIRMED' ELSE 'PENDING' END,
                held_until = CASE WHEN r.price_minor > 0 THEN now() + hold END
            WHERE r.id IN (SELECT w.id FROM registrations w WHERE w.ticket_type_id = kind
                AND w.status = 'WAITLISTED' ORDER BY w.queue_number LIMIT coalesce(free, 0))
            RETURNING r.*;
    END;
    $$""",
    """
    CREATE FUNCTION place_in_queue(waiting uuid) RETURNS bigint LANGUAGE sql STABLE
        SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT count(*) FROM registrations w JOIN registrations me ON me.ticket_type_id = w.ticket_type_id
        WHERE me.id = waiting AND me.status = 'WAITLISTED' AND w.status = 'WAITLISTED'
        AND w.queue_number <= me.queue_number
    $$""",
)

OWN = f"user_id = {USER}"
POLICIES = (
    *(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        for table in ("events", "ticket_types", "registrations", "tickets", "check_ins")
    ),
    f"CREATE POLICY events_read ON events FOR SELECT USING (is_public OR {MANAGES})",
    f"CREATE POLICY events_write ON events FOR ALL USING ({ADMIN}) WITH CHECK ({ADMIN})",
    f"CREATE POLICY types_read ON ticket_types FOR SELECT USING ({SEEN_EVENT})",
    f"CREATE POLICY types_write ON ticket_types FOR ALL USING ({STAFF}) WITH CHECK ({STAFF})",
    f"CREATE POLICY registrations_read ON registrations FOR SELECT USING ({OWN} OR {STAFF})",
    f"CREATE POLICY registrations_insert ON registrations FOR INSERT WITH CHECK ({ADMIN} OR {OWN})",
    f"""CREATE POLICY registrations_update ON registrations FOR UPDATE
        USING ({OWN} OR {STAFF}) WITH CHECK ({OWN} OR {STAFF})""",
    f"CREATE POLICY registrations_delete ON registrations FOR DELETE USING ({ADMIN})",
    f"CREATE POLICY tickets_read ON tickets FOR SELECT USING (holder_id = {USER} OR {STAFF})",
    f"CREATE POLICY tickets_write ON tickets FOR ALL USING ({ADMIN}) WITH CHECK ({ADMIN})",
    f"CREATE POLICY check_ins_read ON check_ins FOR SELECT USING ({SEEN_TICKET})",
    f"CREATE POLICY check_ins_insert ON check_ins FOR INSERT WITH CHECK ({STAFF} AND {SEEN_TICKET})",
    f"CREATE POLICY check_ins_update ON check_ins FOR UPDATE USING ({ADMIN}) WITH CHECK ({ADMIN})",
    f"CREATE POLICY check_ins_delete ON check_ins FOR DELETE USING ({STAFF})",
)

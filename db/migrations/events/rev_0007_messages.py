"""Others hear of events: what one is, whenever that changes, from whoever changes it.

The messages are written by a trigger, once per statement, so that neither a job nor a departure can forget
them. One event's come in order without a lock of their own: two transactions that change it come one after
the other at its row. What a message says of a draft stays among the services; its title is not in it.
"""

from __future__ import annotations

from db.migrations.ddl import run

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TOPIC = "events.event"
STATE = """jsonb_build_object('tenant_id', e.tenant_id, 'host_id', e.host_id, 'status', e.status,
    'title', CASE WHEN e.published_at IS NOT NULL THEN e.title END, 'is_public', e.published_at IS NOT NULL,
    'starts_at', e.starts_at, 'ends_at', e.ends_at, 'timezone', e.timezone)"""
ADD = f"""INSERT INTO outbox (message_id, topic, key, type, payload, headers)
    SELECT gen_random_uuid(), '{TOPIC}', e.id, """


def upgrade() -> None:
    run(TELL, *(_trigger(name) for name in ("insert", "update", "delete")), TELL_ALL)


def downgrade() -> None:
    run(*(f"DROP TRIGGER events_told_{name} ON events" for name in ("insert", "update", "delete")))
    run("DROP FUNCTION tell_of_events()")


TELL = f"""
    CREATE FUNCTION tell_of_events() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path FROM CURRENT AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            {ADD} 'EventCreated', {STATE}, '{{}}' FROM new_rows e;
        ELSIF TG_OP = 'DELETE' THEN
            {ADD} 'EventDeleted', '{{}}', '{{}}' FROM old_rows e;
        ELSE
            {ADD} CASE WHEN e.status = o.status THEN 'EventUpdated'
                    WHEN e.status = 'PUBLISHED' THEN 'EventPublished'
                    WHEN e.status = 'CANCELLED' THEN 'EventCancelled'
                    WHEN e.status = 'COMPLETED' THEN 'EventCompleted' ELSE 'EventUpdated' END,
                {STATE}, '{{}}'
            FROM new_rows e JOIN old_rows o USING (id)
            WHERE (e.tenant_id, e.host_id, e.status, e.title) IS DISTINCT FROM
                    (o.tenant_id, o.host_id, o.status, o.title)
                OR (e.published_at, e.starts_at, e.ends_at, e.timezone) IS DISTINCT FROM
                    (o.published_at, o.starts_at, o.ends_at, o.timezone);
        END IF;
        RETURN NULL;
    END;
    $$"""

TELL_ALL = f"{ADD} 'EventUpdated', {STATE}, '{{}}' FROM events e WHERE e.ends_at > now()"
"""Those that were there before others listened."""


def _trigger(name: str) -> str:
    rows = {
        "insert": "NEW TABLE AS new_rows",
        "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
        "delete": "OLD TABLE AS old_rows",
    }
    return f"""CREATE TRIGGER events_told_{name} AFTER {name.upper()} ON events REFERENCING {rows[name]}
        FOR EACH STATEMENT EXECUTE FUNCTION tell_of_events()"""

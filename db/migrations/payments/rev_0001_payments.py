"""Payments, refunds and the ledger (seeds 002, 004), with row-level security.

What must never be wrong is kept here, whoever writes:

    once       a registration has one payment; a refund asked for twice with one key is one refund
    bounds     refunds that have not failed never exceed the payment (`payments_refunding`)
    states     payments and refunds go the ways of their state machines
    ledger     every success and every refund is booked by a trigger, in two rows that balance at the commit;
               no row of it is ever changed

No card is ever seen here: who pays gives it to the provider. What is known of how somebody paid is in
`metadata`, encrypted by the application.
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
MANAGES = f"({ADMIN} OR CASE WHEN tenant_id IS NULL THEN host_id = {USER} ELSE tenant_id = {TENANT} END)"
SEEN = "EXISTS (SELECT 1 FROM payments p WHERE p.id = payment_id)"
MANAGED = f"""EXISTS (SELECT 1 FROM payments p WHERE p.id = payment_id
    AND ({ADMIN} OR CASE WHEN p.tenant_id IS NULL THEN p.host_id = {USER} ELSE p.tenant_id = {TENANT} END))"""  # noqa: S608
MOST = 2**53 - 1

PAYMENT_MACHINE = state_machine(
    "payments",
    "status",
    begins=("DUE",),
    follows={
        "DUE": ("PROCESSING", "SUCCEEDED", "FAILED", "CANCELLED"),
        "PROCESSING": ("SUCCEEDED", "FAILED", "CANCELLED"),
        "FAILED": ("SUCCEEDED",),
        "CANCELLED": ("SUCCEEDED",),
        "SUCCEEDED": ("PARTIALLY_REFUNDED", "REFUNDED"),
        "PARTIALLY_REFUNDED": ("REFUNDED",),
    },
)
REFUND_MACHINE = state_machine(
    "refunds", "status", begins=("REQUESTED",), follows={"REQUESTED": ("SUCCEEDED", "FAILED")}
)


def upgrade() -> None:
    run(CREATE_TOUCH, *PAYMENTS, *REFUNDS, *PAYMENT_MACHINE.create, *REFUND_MACHINE.create)
    run(*LEDGER, *BOOK, *WEBHOOKS, *POLICIES)
    run(*MESSAGES.create, *AUDIT.create, *JOBS.create, *DEPARTED.create)


def downgrade() -> None:
    run(*DEPARTED.drop, *JOBS.drop, *AUDIT.drop, *MESSAGES.drop, "DROP FUNCTION ledger_faults()")
    run("DROP TABLE findings", "DROP TABLE webhook_events", "DROP TABLE ledger_entries")
    run("DROP TABLE refunds", "DROP TABLE payments", *PAYMENT_MACHINE.drop[1:], *REFUND_MACHINE.drop[1:])
    run(*(f"DROP FUNCTION {name}()" for name in FUNCTIONS), DROP_TOUCH)


FUNCTIONS = (
    "refuse_ledger_change",
    "require_balance",
    "book_payment",
    "keep_refunds",
    "copy_payment_tenant",
)

PAYMENTS = (
    f"""
    CREATE TABLE payments (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        tenant_id uuid,
        host_id uuid NOT NULL,
        event_id uuid NOT NULL,
        registration_id uuid NOT NULL UNIQUE,
        user_id uuid NOT NULL,
        provider varchar(50),
        provider_payment_id varchar(200),
        status varchar(20) NOT NULL DEFAULT 'DUE',
        method varchar(20),
        amount_cents bigint NOT NULL CHECK (amount_cents BETWEEN 1 AND {MOST}),
        refunding_cents bigint NOT NULL DEFAULT 0,
        refunded_cents bigint NOT NULL DEFAULT 0,
        currency char(3) NOT NULL,
        checkout_url varchar(2000),
        failure_code varchar(100),
        metadata bytea,
        due_until timestamptz NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        completed_at timestamptz,
        updated_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (provider, provider_payment_id),
        CONSTRAINT payments_refunding CHECK (refunding_cents BETWEEN 0 AND amount_cents),
        CONSTRAINT payments_refunded CHECK (refunded_cents BETWEEN 0 AND refunding_cents)
    )""",
    "CREATE INDEX payments_tenant_idx ON payments (tenant_id)",
    "CREATE INDEX payments_user_idx ON payments (user_id, created_at DESC, id DESC)",
    "CREATE INDEX payments_open_idx ON payments (updated_at) WHERE status = 'PROCESSING'",
    touch("payments"),
)

REFUNDS = (
    """
    CREATE TABLE refunds (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        payment_id uuid NOT NULL REFERENCES payments (id),
        tenant_id uuid,
        amount_cents bigint NOT NULL CHECK (amount_cents > 0),
        reason varchar(200) NOT NULL,
        status varchar(20) NOT NULL DEFAULT 'REQUESTED',
        provider_refund_id varchar(200),
        idempotency_key varchar(100) NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT refunds_once UNIQUE (payment_id, idempotency_key)
    )""",
    "CREATE INDEX refunds_payment_idx ON refunds (payment_id, created_at)",
    touch("refunds"),
    """
    CREATE FUNCTION copy_payment_tenant() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path FROM CURRENT AS $$
    BEGIN
        SELECT tenant_id INTO NEW.tenant_id FROM payments WHERE id = NEW.payment_id;
        RETURN NEW;
    END;
    $$""",
    """CREATE TRIGGER a_refunds_tenant BEFORE INSERT OR UPDATE OF payment_id, tenant_id ON refunds
        FOR EACH ROW EXECUTE FUNCTION copy_payment_tenant()""",
)

LEDGER = (
    """
    CREATE TABLE ledger_entries (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        transaction_id uuid NOT NULL,
        payment_id uuid NOT NULL,
        account varchar(20) NOT NULL CHECK (account IN ('PROVIDER', 'ORGANIZER')),
        amount_cents bigint NOT NULL CHECK (amount_cents <> 0),
        currency char(3) NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT ledger_once UNIQUE (transaction_id, account)
    )""",
    "CREATE INDEX ledger_payment_idx ON ledger_entries (payment_id)",
    """
    CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'ledger entries are only added' USING ERRCODE = '42501';
    END;
    $$""",
    """
    CREATE TRIGGER ledger_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change()""",
    """
    CREATE FUNCTION require_balance() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM ledger_entries WHERE transaction_id = NEW.transaction_id
                GROUP BY currency HAVING sum(amount_cents) <> 0) THEN
            RAISE EXCEPTION 'transaction % does not balance', NEW.transaction_id
                USING ERRCODE = '23514', CONSTRAINT = 'ledger_balance';
        END IF;
        RETURN NULL;
    END;
    $$""",
    """
    CREATE CONSTRAINT TRIGGER ledger_balances AFTER INSERT ON ledger_entries
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_balance()""",
)

BOOK = (
    """
    CREATE FUNCTION book_payment() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path FROM CURRENT AS $$
    BEGIN
        INSERT INTO ledger_entries (transaction_id, payment_id, account, amount_cents, currency) VALUES
            (NEW.id, NEW.id, 'PROVIDER', NEW.amount_cents, NEW.currency),
            (NEW.id, NEW.id, 'ORGANIZER', -NEW.amount_cents, NEW.currency);
        RETURN NULL;
    END;
    $$""",
    """CREATE TRIGGER payments_booked AFTER UPDATE OF status ON payments FOR EACH ROW
        WHEN (NEW.status = 'SUCCEEDED' AND OLD.status <> 'SUCCEEDED') EXECUTE FUNCTION book_payment()""",
    """
    CREATE FUNCTION keep_refunds() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path FROM CURRENT AS $$
    DECLARE
        paid payments;
        done bigint;
    BEGIN
        SELECT * INTO paid FROM payments WHERE id = NEW.payment_id FOR NO KEY UPDATE;
        IF TG_OP = 'INSERT' AND paid.status NOT IN ('SUCCEEDED', 'PARTIALLY_REFUNDED') THEN
            RAISE EXCEPTION 'not paid' USING ERRCODE = '23514', CONSTRAINT = 'refunds_paid';
        END IF;
        IF TG_OP = 'UPDATE' AND NEW.status = 'SUCCEEDED' AND OLD.status <> 'SUCCEEDED' THEN
            INSERT INTO ledger_entries (transaction_id, payment_id, account, amount_cents, currency) VALUES
                (NEW.id, paid.id, 'PROVIDER', -NEW.amount_cents, paid.currency),
                (NEW.id, paid.id, 'ORGANIZER', NEW.amount_cents, paid.currency);
        END IF;
        SELECT coalesce(sum(amount_cents), 0) INTO done FROM refunds
            WHERE payment_id = paid.id AND status = 'SUCCEEDED';
        UPDATE payments SET refunded_cents = done,
            refunding_cents = (SELECT coalesce(sum(amount_cents), 0) FROM refunds
                WHERE payment_id = paid.id AND status <> 'FAILED'),
            status = CASE WHEN done = 0 THEN status WHEN done = amount_cents THEN 'REFUNDED'
                ELSE 'PARTIALLY_REFUNDED' END
            WHERE id = paid.id;
        RETURN NULL;
    END;
    $$""",
    """CREATE TRIGGER refunds_kept AFTER INSERT OR UPDATE OF status ON refunds
        FOR EACH ROW EXECUTE FUNCTION keep_refunds()""",
    """
    CREATE FUNCTION ledger_faults() RETURNS TABLE (payment_id uuid, detail text) LANGUAGE sql STABLE
        SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT p.id, format('booked %s of %s %s', coalesce(b.booked, 0),
            CASE WHEN p.status IN ('SUCCEEDED', 'PARTIALLY_REFUNDED', 'REFUNDED')
                THEN p.amount_cents - p.refunded_cents ELSE 0 END, p.currency)
        FROM payments p LEFT JOIN (SELECT l.payment_id, sum(l.amount_cents) AS booked FROM ledger_entries l
            WHERE l.account = 'PROVIDER' GROUP BY 1) b ON b.payment_id = p.id
        WHERE coalesce(b.booked, 0) <> CASE WHEN p.status IN ('SUCCEEDED', 'PARTIALLY_REFUNDED', 'REFUNDED')
            THEN p.amount_cents - p.refunded_cents ELSE 0 END
    UNION ALL
    SELECT l.payment_id,
            format('transaction %s is off by %s %s', l.transaction_id, sum(l.amount_cents), l.currency)
        FROM ledger_entries l GROUP BY l.transaction_id, l.payment_id, l.currency
        HAVING sum(l.amount_cents) <> 0
    $$""",
)

WEBHOOKS = (
    """
    CREATE TABLE webhook_events (
        provider varchar(50) NOT NULL,
        event_id varchar(200) NOT NULL,
        type varchar(100) NOT NULL,
        payment_id uuid,
        received_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (provider, event_id)
    )""",
    "CREATE INDEX webhook_events_received_idx ON webhook_events (received_at)",
    """
    CREATE TABLE findings (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        kind varchar(30) NOT NULL,
        payment_id uuid,
        provider_payment_id varchar(200),
        detail varchar(500) NOT NULL,
        found_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT findings_once UNIQUE NULLS NOT DISTINCT (kind, payment_id, provider_payment_id, detail)
    )""",
    "CREATE INDEX findings_page_idx ON findings (found_at DESC, id DESC)",
)

OPEN = "status IN ('DUE', 'PROCESSING')"
POLICIES = (
    "ALTER TABLE payments ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE refunds ENABLE ROW LEVEL SECURITY",
    f"CREATE POLICY payments_read ON payments FOR SELECT USING (user_id = {USER} OR {MANAGES})",
    f"CREATE POLICY payments_insert ON payments FOR INSERT WITH CHECK ({ADMIN})",
    f"""CREATE POLICY payments_update ON payments FOR UPDATE USING ({ADMIN} OR (user_id = {USER} AND {OPEN}))
        WITH CHECK ({ADMIN} OR (user_id = {USER} AND {OPEN}))""",
    f"CREATE POLICY refunds_read ON refunds FOR SELECT USING ({SEEN})",
    f"CREATE POLICY refunds_insert ON refunds FOR INSERT WITH CHECK ({MANAGED})",
    f"CREATE POLICY refunds_update ON refunds FOR UPDATE USING ({ADMIN}) WITH CHECK ({ADMIN})",
)

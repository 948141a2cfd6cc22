"""Questions about events and their answers (seed 004), who wants them answered, reports and the audit.

How many want an answer is counted by triggers, once per statement; a question that is gone takes its votes
with it. Neither table has a tenant: the event behind it is read as any other.
"""

from __future__ import annotations

from db.migrations.ddl import run, touch
from db.migrations.messaging import AUDIT
from db.migrations.reporting import reports

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

REPORTS = reports()
"""Of questions and reviews: their ids are subjects."""


def upgrade() -> None:
    run(*AUDIT.create, *REPORTS.create, *QUESTIONS, *UPVOTES)


def downgrade() -> None:
    run("DROP TABLE event_qna_upvotes", "DROP FUNCTION count_question_upvotes()", "DROP TABLE event_qna")
    run(*REPORTS.drop, *AUDIT.drop)


QUESTIONS = (
    """
    CREATE TABLE event_qna (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        event_id uuid NOT NULL REFERENCES events (id) ON DELETE CASCADE,
        user_id uuid NOT NULL,
        question varchar(1000) NOT NULL,
        answer varchar(4000),
        answered_by uuid,
        answered_at timestamptz,
        upvote_count integer NOT NULL DEFAULT 0 CHECK (upvote_count >= 0),
        hidden_at timestamptz,
        hidden_by varchar(20) CHECK (hidden_by IN ('HOST', 'MODERATOR')),
        edited_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CHECK ((answer IS NULL) = (answered_at IS NULL)),
        CHECK ((hidden_at IS NULL) = (hidden_by IS NULL))
    )""",
    "CREATE INDEX event_qna_newest_idx ON event_qna (event_id, created_at DESC, id DESC)",
    """
    CREATE INDEX event_qna_upvoted_idx
        ON event_qna (event_id, upvote_count DESC, created_at DESC, id DESC)""",
    "CREATE INDEX event_qna_user_idx ON event_qna (user_id)",
    "CREATE INDEX event_qna_answered_by_idx ON event_qna (answered_by) WHERE answered_by IS NOT NULL",
    touch("event_qna"),
)

COUNT = """
    CREATE TRIGGER event_qna_upvotes_{event} AFTER {event} ON event_qna_upvotes
        REFERENCING {rows} TABLE AS counted FOR EACH STATEMENT EXECUTE FUNCTION count_question_upvotes()"""

UPVOTES = (
    """
    CREATE TABLE event_qna_upvotes (
        question_id uuid NOT NULL REFERENCES event_qna (id) ON DELETE CASCADE,
        user_id uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (question_id, user_id)
    )""",
    "CREATE INDEX event_qna_upvotes_user_idx ON event_qna_upvotes (user_id)",
    """
    CREATE FUNCTION count_question_upvotes() RETURNS trigger LANGUAGE plpgsql
        SET search_path FROM CURRENT AS $$
    BEGIN
        UPDATE event_qna q SET upvote_count = q.upvote_count
                + CASE WHEN TG_OP = 'INSERT' THEN votes.number ELSE -votes.number END
            FROM (SELECT question_id, count(*)::integer AS number FROM counted GROUP BY question_id) votes
            WHERE q.id = votes.question_id;
        RETURN NULL;
    END;
    $$""",
    COUNT.format(event="INSERT", rows="NEW"),
    COUNT.format(event="DELETE", rows="OLD"),
)

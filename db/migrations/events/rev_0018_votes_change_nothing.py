"""A vote for a question does not change what was asked: `updated_at` is about its words, and what became of
them.
"""

from __future__ import annotations

from db.migrations.ddl import run, touch

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

DROP = "DROP TRIGGER event_qna_updated_at ON event_qna"


def upgrade() -> None:
    run(
        DROP,
        """CREATE TRIGGER event_qna_updated_at BEFORE UPDATE OF question, answer, answered_by, answered_at,
                hidden_at, hidden_by, edited_at ON event_qna
            FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()""",
    )


def downgrade() -> None:
    run(DROP, touch("event_qna"))

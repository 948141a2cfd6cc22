"""Posts are reported, hidden and taken down, and who decided so is written down.

A hidden post is PRIVATE for as long as it is hidden, so that every way to a post holds without knowing of it;
`shown_as` is whom it was for, and will be for again.
"""

from __future__ import annotations

from db.migrations.ddl import run
from db.migrations.messaging import AUDIT
from db.migrations.reporting import reports

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

REPORTS = reports("posts")


def upgrade() -> None:
    run(
        "ALTER TABLE posts ADD COLUMN hidden_at timestamptz, ADD COLUMN shown_as varchar(20)",
        """
        ALTER TABLE posts ADD CONSTRAINT posts_hidden_check CHECK (
            (hidden_at IS NULL) = (shown_as IS NULL) AND (hidden_at IS NULL OR visibility = 'PRIVATE'))""",
        *AUDIT.create,
        *REPORTS.create,
    )


def downgrade() -> None:
    run(
        *REPORTS.drop,
        *AUDIT.drop,
        """UPDATE posts SET visibility = shown_as, shown_as = NULL, hidden_at = NULL
            WHERE hidden_at IS NOT NULL""",
        "ALTER TABLE posts DROP COLUMN shown_as, DROP COLUMN hidden_at",
    )

"""What people report, and what is still to be decided about it: `subgraphs.kit.reports`.

    REPORTS = reports("posts")
    def upgrade() -> None:   run(*REPORTS.create)
    def downgrade() -> None: run(*REPORTS.drop)

`report_cases` has a row for each thing that was ever reported; open ones are the moderators' queue. With a
table of the same schema as `subject`, both go with what was reported.
"""

from __future__ import annotations

from db.migrations.messaging import Tables


def reports(subject: str | None = None) -> Tables:
    cascade = "" if subject is None else f" REFERENCES {subject} (id) ON DELETE CASCADE"
    return Tables(
        create=(
            f"""
            CREATE TABLE report_cases (
                subject_id uuid PRIMARY KEY{cascade},
                report_count integer NOT NULL DEFAULT 0,
                opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                closed_at timestamptz,
                outcome varchar(20)
            )""",
            """
            CREATE INDEX report_cases_open_idx ON report_cases (opened_at, subject_id)
                WHERE closed_at IS NULL""",
            """
            CREATE TABLE reports (
                subject_id uuid NOT NULL REFERENCES report_cases ON DELETE CASCADE,
                reporter_id uuid NOT NULL,
                reason varchar(20) NOT NULL,
                note varchar(1000) NOT NULL DEFAULT '',
                created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                PRIMARY KEY (subject_id, reporter_id)
            )""",
            "CREATE INDEX reports_reporter_idx ON reports (reporter_id)",
        ),
        drop=("DROP TABLE reports", "DROP TABLE report_cases"),
    )

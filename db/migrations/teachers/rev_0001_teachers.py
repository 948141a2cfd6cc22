"""Teachers and the languages they teach (seed 003), messages, jobs, the audit and who is gone.

A teacher is a person of the users domain by `user_id` and by `telegram_id`, which the school's other services
know them by. The phone number is encrypted.
"""

from __future__ import annotations

from db.migrations.ddl import CREATE_TOUCH, DROP_TOUCH, run, touch
from db.migrations.messaging import AUDIT, DEPARTED, JOBS, MESSAGES

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(CREATE_TOUCH, *MESSAGES.create, *AUDIT.create, *JOBS.create, *DEPARTED.create, *TEACHERS, *LANGUAGES)


def downgrade() -> None:
    run("DROP TABLE teacher_languages", "DROP TABLE teachers")
    run(*DEPARTED.drop, *JOBS.drop, *AUDIT.drop, *MESSAGES.drop, DROP_TOUCH)


TEACHERS = (
    """
    CREATE TABLE teachers (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        user_id uuid NOT NULL UNIQUE,
        telegram_id bigint NOT NULL UNIQUE CHECK (telegram_id > 0),
        display_name varchar(100) NOT NULL,
        bio text NOT NULL DEFAULT '',
        timezone varchar(64) NOT NULL DEFAULT 'UTC',
        phone bytea,
        is_active boolean NOT NULL DEFAULT true,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
    )""",
    "CREATE INDEX teachers_active_idx ON teachers (created_at DESC, id DESC) WHERE is_active",
    touch("teachers"),
)

LANGUAGES = (
    """
    CREATE TABLE teacher_languages (
        teacher_id uuid NOT NULL REFERENCES teachers (id) ON DELETE CASCADE,
        language varchar(3) NOT NULL CHECK (language ~ '^[a-z]{2,3}$'),
        level varchar(6) NOT NULL CHECK (level IN ('A1', 'A2', 'B1', 'B2', 'C1', 'C2', 'NATIVE')),
        hourly_rate_cents integer CHECK (hourly_rate_cents BETWEEN 0 AND 100000000),
        currency varchar(3) CHECK (currency ~ '^[A-Z]{3}$'),
        PRIMARY KEY (teacher_id, language),
        CHECK ((hourly_rate_cents IS NULL) = (currency IS NULL))
    )""",
    "CREATE INDEX teacher_languages_language_idx ON teacher_languages (language, teacher_id)",
)

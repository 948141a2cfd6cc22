"""Students, the languages they learn, goals and progress (seed 003), messages, jobs, the audit, who is gone.

`group_enrollments` and `known_teachers` are copies, kept by messages of the groups and teachers services
(decision 30): they say which teachers may see a student. The phone number is encrypted.
"""

from __future__ import annotations

from db.migrations.ddl import CREATE_TOUCH, DROP_TOUCH, run, touch
from db.migrations.messaging import AUDIT, DEPARTED, JOBS, MESSAGES

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

LEVELS = "('A1', 'A2', 'B1', 'B2', 'C1', 'C2', 'NATIVE')"
TABLES = ("progress", "goals", "student_languages", "group_enrollments", "known_teachers", "students")


def upgrade() -> None:
    run(CREATE_TOUCH, *MESSAGES.create, *AUDIT.create, *JOBS.create, *DEPARTED.create)
    run(*STUDENTS, *COPIES, *LEARNING)


def downgrade() -> None:
    run(*(f"DROP TABLE {table}" for table in TABLES))
    run(*DEPARTED.drop, *JOBS.drop, *AUDIT.drop, *MESSAGES.drop, DROP_TOUCH)


STUDENTS = (
    """
    CREATE TABLE students (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        user_id uuid NOT NULL UNIQUE,
        telegram_id bigint NOT NULL UNIQUE CHECK (telegram_id > 0),
        display_name varchar(100) NOT NULL,
        timezone varchar(64) NOT NULL DEFAULT 'UTC',
        phone bytea,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
    )""",
    "CREATE INDEX students_newest_idx ON students (created_at DESC, id DESC)",
    touch("students"),
)

COPIES = (
    """
    CREATE TABLE known_teachers (
        telegram_id bigint PRIMARY KEY,
        user_id uuid NOT NULL
    )""",
    "CREATE INDEX known_teachers_user_idx ON known_teachers (user_id)",
    """
    CREATE TABLE group_enrollments (
        group_id uuid NOT NULL,
        student_telegram_id bigint NOT NULL,
        teacher_telegram_id bigint NOT NULL,
        enrolled_at timestamptz NOT NULL,
        PRIMARY KEY (group_id, student_telegram_id)
    )""",
    "CREATE INDEX enrollments_student_idx ON group_enrollments (student_telegram_id, teacher_telegram_id)",
    "CREATE INDEX enrollments_teacher_idx ON group_enrollments (teacher_telegram_id, student_telegram_id)",
)

LEARNING = (
    f"""
    CREATE TABLE student_languages (
        student_id uuid NOT NULL REFERENCES students (id) ON DELETE CASCADE,
        language varchar(3) NOT NULL CHECK (language ~ '^[a-z]{{2,3}}$'),
        level varchar(6) NOT NULL CHECK (level IN {LEVELS}),
        target_level varchar(6) CHECK (target_level IN {LEVELS}),
        PRIMARY KEY (student_id, language)
    )""",
    """
    CREATE TABLE goals (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        student_id uuid NOT NULL REFERENCES students (id) ON DELETE CASCADE,
        title varchar(200) NOT NULL,
        due_on date,
        reached_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now()
    )""",
    "CREATE INDEX goals_student_idx ON goals (student_id, created_at, id)",
    f"""
    CREATE TABLE progress (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        student_id uuid NOT NULL REFERENCES students (id) ON DELETE CASCADE,
        language varchar(3) NOT NULL CHECK (language ~ '^[a-z]{{2,3}}$'),
        level varchar(6) NOT NULL CHECK (level IN {LEVELS}),
        note varchar(1000) NOT NULL DEFAULT '',
        noted_by uuid NOT NULL,
        noted_at timestamptz NOT NULL DEFAULT now()
    )""",
    "CREATE INDEX progress_student_idx ON progress (student_id, noted_at DESC, id DESC)",
)

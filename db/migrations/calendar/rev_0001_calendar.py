"""Lessons, their participants and attendance, and teachers' hours (seed 003), messages, jobs, the audit.

Nobody is in two places: of the lessons that take place, no two of a teacher's overlap, and no two of a
student's, by exclusion constraints. A participant's row copies when its lesson is; triggers keep that true.
What one request made is a series, a single lesson too; the client's key makes the request the same one when
it is sent again. `known_teachers` and `known_students` are copies, kept by messages: whose number is whose.
"""

from __future__ import annotations

from db.migrations.ddl import CREATE_TOUCH, DROP_TOUCH, run, touch
from db.migrations.messaging import AUDIT, JOBS, MESSAGES

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "teacher_unavailable",
    "teacher_schedules",
    "lesson_attendance",
    "lesson_participants",
    "lessons",
    "lesson_series",
)
COPIES = ("known_teachers", "known_students")


def upgrade() -> None:
    run(CREATE_TOUCH, *MESSAGES.create, *AUDIT.create, *JOBS.create)
    run(*LESSONS, *PARTICIPANTS, *ATTENDANCE, *HOURS)
    for copy in COPIES:
        run(f"CREATE TABLE {copy} (telegram_id bigint PRIMARY KEY, user_id uuid NOT NULL)")
        run(f"CREATE INDEX {copy}_user_idx ON {copy} (user_id)")


def downgrade() -> None:
    run("DROP TRIGGER lessons_participants ON lessons", "DROP FUNCTION copy_lesson_to_participants()")
    run(*(f"DROP TABLE {table}" for table in (*TABLES, *COPIES)))
    run(*JOBS.drop, *AUDIT.drop, *MESSAGES.drop, DROP_TOUCH)


LESSONS = (
    """
    CREATE TABLE lesson_series (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        created_by uuid NOT NULL,
        client_key varchar(100) NOT NULL,
        fingerprint varchar(64) NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (created_by, client_key)
    )""",
    """
    CREATE TABLE lessons (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        series_id uuid NOT NULL REFERENCES lesson_series (id) ON DELETE CASCADE,
        teacher_telegram_id bigint NOT NULL CHECK (teacher_telegram_id > 0),
        group_id uuid,
        title varchar(200) NOT NULL,
        starts_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL,
        timezone varchar(64) NOT NULL,
        status varchar(20) NOT NULL DEFAULT 'SCHEDULED' CHECK (status IN ('SCHEDULED', 'CANCELLED')),
        cancel_reason varchar(500),
        reminded_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CHECK (ends_at > starts_at),
        CONSTRAINT lessons_teacher_busy EXCLUDE USING gist
            (teacher_telegram_id WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (status = 'SCHEDULED')
    )""",
    "CREATE INDEX lessons_teacher_idx ON lessons (teacher_telegram_id, starts_at, id)",
    "CREATE INDEX lessons_group_idx ON lessons (group_id, starts_at, id)",
    "CREATE INDEX lessons_series_idx ON lessons (series_id, starts_at, id)",
    "CREATE INDEX lessons_starts_idx ON lessons (starts_at, id)",
    """CREATE INDEX lessons_unreminded_idx ON lessons (starts_at)
        WHERE status = 'SCHEDULED' AND reminded_at IS NULL""",
    touch("lessons"),
)

PARTICIPANTS = (
    """
    CREATE TABLE lesson_participants (
        lesson_id uuid NOT NULL REFERENCES lessons (id) ON DELETE CASCADE,
        student_telegram_id bigint NOT NULL CHECK (student_telegram_id > 0),
        starts_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL,
        is_live boolean NOT NULL,
        PRIMARY KEY (lesson_id, student_telegram_id),
        CONSTRAINT lesson_participants_student_busy EXCLUDE USING gist
            (student_telegram_id WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (is_live)
    )""",
    "CREATE INDEX lesson_participants_student_idx "
    "ON lesson_participants (student_telegram_id, starts_at, lesson_id)",
    """
    CREATE FUNCTION copy_lesson_to_participants() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path FROM CURRENT AS $$
    BEGIN
        UPDATE lesson_participants SET starts_at = NEW.starts_at, ends_at = NEW.ends_at,
            is_live = NEW.status = 'SCHEDULED' WHERE lesson_id = NEW.id;
        RETURN NULL;
    END;
    $$""",
    """CREATE TRIGGER lessons_participants AFTER UPDATE OF starts_at, ends_at, status ON lessons
        FOR EACH ROW EXECUTE FUNCTION copy_lesson_to_participants()""",
)

ATTENDANCE = (
    """
    CREATE TABLE lesson_attendance (
        lesson_id uuid NOT NULL,
        student_telegram_id bigint NOT NULL,
        status varchar(20) NOT NULL CHECK (status IN ('PRESENT', 'LATE', 'ABSENT', 'EXCUSED')),
        note varchar(500) NOT NULL DEFAULT '',
        noted_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (lesson_id, student_telegram_id),
        FOREIGN KEY (lesson_id, student_telegram_id)
            REFERENCES lesson_participants (lesson_id, student_telegram_id) ON DELETE CASCADE
    )""",
)

HOURS = (
    """
    CREATE TABLE teacher_schedules (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        teacher_telegram_id bigint NOT NULL CHECK (teacher_telegram_id > 0),
        weekday integer NOT NULL CHECK (weekday BETWEEN 1 AND 7),
        opens time NOT NULL,
        closes time NOT NULL CHECK (closes > opens),
        timezone varchar(64) NOT NULL
    )""",
    "CREATE INDEX teacher_schedules_teacher_idx ON teacher_schedules (teacher_telegram_id, weekday, opens)",
    """
    CREATE TABLE teacher_unavailable (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        teacher_telegram_id bigint NOT NULL CHECK (teacher_telegram_id > 0),
        starts_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
        reason varchar(200) NOT NULL DEFAULT ''
    )""",
    "CREATE INDEX teacher_unavailable_during_idx ON teacher_unavailable "
    "USING gist (teacher_telegram_id, tstzrange(starts_at, ends_at))",
)

"""Groups, their members, invitations and progress (seed 003), messages, jobs and the audit.

`group_members` is the truth about who is in a group (decision 30). `known_teachers` and `known_students` are
copies, kept by messages of the teachers and students services: whose account has which number on Telegram. Of
an invitation only its code's hash is kept.
"""

from __future__ import annotations

from db.migrations.ddl import CREATE_TOUCH, DROP_TOUCH, run, touch
from db.migrations.messaging import AUDIT, JOBS, MESSAGES

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = ("group_progress", "group_invitations", "group_members", "groups")
COPIES = ("known_teachers", "known_students")


def upgrade() -> None:
    run(CREATE_TOUCH, *MESSAGES.create, *AUDIT.create, *JOBS.create, *GROUPS, *INVITATIONS, PROGRESS)
    run("CREATE INDEX group_progress_group_idx ON group_progress (group_id, noted_at DESC, id DESC)")
    for copy in COPIES:
        run(f"CREATE TABLE {copy} (telegram_id bigint PRIMARY KEY, user_id uuid NOT NULL)")
        run(f"CREATE INDEX {copy}_user_idx ON {copy} (user_id)")


def downgrade() -> None:
    run(*(f"DROP TABLE {table}" for table in (*TABLES, *COPIES)))
    run(*JOBS.drop, *AUDIT.drop, *MESSAGES.drop, DROP_TOUCH)


GROUPS = (
    """
    CREATE TABLE groups (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        teacher_telegram_id bigint NOT NULL CHECK (teacher_telegram_id > 0),
        name varchar(200) NOT NULL,
        description text NOT NULL DEFAULT '',
        language varchar(3) NOT NULL CHECK (language ~ '^[a-z]{2,3}$'),
        level varchar(6) NOT NULL CHECK (level IN ('A1', 'A2', 'B1', 'B2', 'C1', 'C2', 'NATIVE')),
        max_members integer NOT NULL CHECK (max_members BETWEEN 1 AND 500),
        status varchar(20) NOT NULL DEFAULT 'ACTIVE' CHECK (status IN ('ACTIVE', 'ARCHIVED')),
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
    )""",
    "CREATE INDEX groups_teacher_idx ON groups (teacher_telegram_id, created_at, id)",
    "CREATE INDEX groups_created_idx ON groups (created_at, id)",
    touch("groups"),
    """
    CREATE TABLE group_members (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        group_id uuid NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
        student_telegram_id bigint NOT NULL CHECK (student_telegram_id > 0),
        joined_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (group_id, student_telegram_id)
    )""",
    "CREATE INDEX group_members_joined_idx ON group_members (group_id, joined_at, id)",
    "CREATE INDEX group_members_student_idx ON group_members (student_telegram_id, joined_at, id)",
)

INVITATIONS = (
    """
    CREATE TABLE group_invitations (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        group_id uuid NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
        code_hash varchar(64) NOT NULL UNIQUE,
        expires_at timestamptz NOT NULL,
        max_uses integer NOT NULL CHECK (max_uses BETWEEN 1 AND 500),
        uses integer NOT NULL DEFAULT 0 CHECK (uses BETWEEN 0 AND max_uses),
        revoked_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now()
    )""",
    "CREATE INDEX group_invitations_group_idx ON group_invitations (group_id, created_at DESC, id DESC)",
)

PROGRESS = """
    CREATE TABLE group_progress (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        group_id uuid NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
        topic varchar(200) NOT NULL,
        percent integer NOT NULL CHECK (percent BETWEEN 0 AND 100),
        note varchar(1000) NOT NULL DEFAULT '',
        noted_at timestamptz NOT NULL DEFAULT now()
    )"""

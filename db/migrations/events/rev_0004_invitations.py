"""Invitations to events (seed 004), what of each person there is to count, and messages.

`invitations` is about two people and an event that both may see; what keeps others out is who they are, in
every statement. `blocks` is a copy of the users domain's, kept by its messages: nobody is invited across one.
"""

from __future__ import annotations

from db.migrations.ddl import run
from db.migrations.messaging import DEPARTED, MESSAGES
from db.migrations.tallies import Tally, tallies

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TALLIES = (
    Tally("hosted_count", "events", "host_id", "published_at IS NOT NULL AND status <> 'CANCELLED'"),
    Tally("attended_count", "event_attendees", "user_id", "status = 'GOING' AND is_public"),
    Tally("invited_count", "invitations", "inviter_id"),
    Tally("accepted_count", "invitations", "inviter_id", "status = 'ACCEPTED'"),
)


def upgrade() -> None:
    run(*MESSAGES.create, *DEPARTED.create, *INVITATIONS, *BLOCKS)
    run(*tallies("person_tallies", *TALLIES).create)
    run("CREATE INDEX events_tenant_idx ON events (tenant_id, starts_at, id)")
    run("CREATE INDEX venues_created_by_idx ON venues (created_by)")


def downgrade() -> None:
    run("DROP INDEX venues_created_by_idx", "DROP INDEX events_tenant_idx")
    run(*tallies("person_tallies", *TALLIES).drop)
    run("DROP TABLE blocks", "DROP TABLE invitations", *DEPARTED.drop, *MESSAGES.drop)


INVITATIONS = (
    """
    CREATE TABLE invitations (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        event_id uuid NOT NULL REFERENCES events (id) ON DELETE CASCADE,
        inviter_id uuid NOT NULL,
        invitee_id uuid NOT NULL,
        status varchar(20) NOT NULL DEFAULT 'PENDING' CHECK (status IN ('PENDING', 'ACCEPTED', 'DECLINED')),
        created_at timestamptz NOT NULL DEFAULT now(),
        answered_at timestamptz,
        UNIQUE (event_id, inviter_id, invitee_id),
        CHECK (inviter_id <> invitee_id)
    )""",
    "CREATE INDEX invitations_received_idx ON invitations (invitee_id, created_at DESC, id DESC)",
    "CREATE INDEX invitations_sent_idx ON invitations (inviter_id, created_at DESC, id DESC)",
)

BLOCKS = (
    """
    CREATE TABLE blocks (
        blocker_id uuid NOT NULL,
        blocked_id uuid NOT NULL,
        PRIMARY KEY (blocker_id, blocked_id)
    )""",
    "CREATE INDEX blocks_blocked_idx ON blocks (blocked_id, blocker_id)",
)

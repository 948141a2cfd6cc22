"""Organizations, their members and whom they invite (seed 002), with row-level security by tenant.

Everybody reads organizations: they stand beside their events. Members and invitations are read and written
under `app.tenant_id`, and one's own membership under `app.user_id`, both from the verified token. An
invitation is also open to who has its token, whose hash is `app.invitation`.
"""

from __future__ import annotations

from db.migrations.ddl import run, touch

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TENANT = "nullif(current_setting('app.tenant_id', true), '')::uuid"
USER = "nullif(current_setting('app.user_id', true), '')::uuid"
INVITATION = "nullif(current_setting('app.invitation', true), '')"

OURS = f"organization_id = {TENANT}"
MINE = f"user_id = {USER}"
INVITED = f"token_hash = {INVITATION}"
FOUNDED = f"EXISTS (SELECT 1 FROM organizations o WHERE o.id = organization_id AND o.owner_id = {USER})"  # noqa: S608
ACCEPTED = f"""EXISTS (SELECT 1 FROM organization_invitations i WHERE i.organization_id =
    organization_members.organization_id AND i.{INVITED} AND i.status = 'ACCEPTED'
    AND i.role = organization_members.role)"""  # noqa: S608


def upgrade() -> None:
    run(*ORGANIZATIONS, *MEMBERS, *INVITATIONS, *POLICIES)


def downgrade() -> None:
    run(
        "UPDATE logins SET acting_for = NULL",
        "DROP TABLE organization_members",
        "DROP TABLE organization_invitations",
        "DROP TABLE organizations",
    )


ORGANIZATIONS = (
    """
    CREATE TABLE organizations (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        owner_id uuid NOT NULL REFERENCES users (id),
        name varchar(200) NOT NULL,
        slug varchar(50) NOT NULL UNIQUE CHECK (slug = lower(slug)),
        description varchar(2000) NOT NULL DEFAULT '',
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
    )""",
    "CREATE INDEX organizations_owner_id_idx ON organizations (owner_id)",
    touch("organizations"),
)

MEMBERS = (
    """
    CREATE TABLE organization_members (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
        user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        role varchar(20) NOT NULL CHECK (role IN ('OWNER', 'ADMIN', 'MEMBER')),
        joined_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (organization_id, user_id)
    )""",
    """CREATE UNIQUE INDEX organization_members_owner_key ON organization_members (organization_id)
        WHERE role = 'OWNER'""",
    "CREATE INDEX organization_members_page ON organization_members (organization_id, joined_at, user_id)",
    "CREATE INDEX organization_members_user_idx ON organization_members (user_id, joined_at)",
)

INVITATIONS = (
    """
    CREATE TABLE organization_invitations (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
        email varchar(255) NOT NULL,
        role varchar(20) NOT NULL CHECK (role IN ('ADMIN', 'MEMBER')),
        token_hash varchar(64) UNIQUE,
        invited_by uuid REFERENCES users (id) ON DELETE SET NULL,
        status varchar(20) NOT NULL DEFAULT 'PENDING' CHECK (status IN
            ('PENDING', 'ACCEPTED', 'DECLINED', 'REVOKED')),
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        answered_at timestamptz
    )""",
    """CREATE UNIQUE INDEX organization_invitations_pending_key
        ON organization_invitations (organization_id, lower(email)) WHERE status = 'PENDING'""",
    """CREATE INDEX organization_invitations_page_idx
        ON organization_invitations (organization_id, created_at, id)""",
)

POLICIES = (
    *(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        for table in ("organizations", "organization_members", "organization_invitations")
    ),
    "CREATE POLICY organizations_read ON organizations FOR SELECT USING (true)",
    f"CREATE POLICY organizations_insert ON organizations FOR INSERT WITH CHECK (owner_id = {USER})",
    f"CREATE POLICY organizations_update ON organizations FOR UPDATE USING (id = {TENANT})",
    f"CREATE POLICY organizations_delete ON organizations FOR DELETE USING (id = {TENANT})",
    f"CREATE POLICY members_read ON organization_members FOR SELECT USING ({OURS} OR {MINE})",
    f"""CREATE POLICY members_insert ON organization_members FOR INSERT
        WITH CHECK ({MINE} AND (role = 'OWNER' AND {FOUNDED} OR {ACCEPTED}))""",
    f"CREATE POLICY members_update ON organization_members FOR UPDATE USING ({OURS}) WITH CHECK ({OURS})",
    f"CREATE POLICY members_delete ON organization_members FOR DELETE USING ({OURS} OR {MINE})",
    f"""CREATE POLICY invitations_read ON organization_invitations FOR SELECT
        USING ({OURS} OR {INVITED})""",
    f"CREATE POLICY invitations_insert ON organization_invitations FOR INSERT WITH CHECK ({OURS})",
    f"""CREATE POLICY invitations_update ON organization_invitations FOR UPDATE
        USING ({OURS} OR {INVITED}) WITH CHECK ({OURS} OR {INVITED})""",
    f"CREATE POLICY invitations_delete ON organization_invitations FOR DELETE USING ({OURS})",
)

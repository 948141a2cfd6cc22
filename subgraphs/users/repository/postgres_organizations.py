"""Organizations, members and invitations in PostgreSQL.

Whatever manages an organization locks its row first, so that two who take from each other what lets them do
it come one after the other; what the manager may do is read under that lock. Row-level security is the second
lock: it goes by the settings of `acting`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError

from db.arrays import among
from db.pages import page
from db.postgres import Database, ReadSession, WriteSession, violated_constraint
from subgraphs.kit import audit, jobs, outbox, repeats
from subgraphs.kit.audit import Actor
from subgraphs.kit.enums import known_or
from subgraphs.kit.errors import Refused
from subgraphs.kit.outbox import Message
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.repeats import Attempt
from subgraphs.kit.user_errors import not_found
from subgraphs.users.errors import slug_taken
from subgraphs.users.mail import INVITATION, enqueue_mail
from subgraphs.users.models import (
    logins,
    organization_invitations,
    organization_members,
    organizations,
    user_privacy,
    users,
)
from subgraphs.users.organization_values import (
    Acting,
    Denied,
    Invitation,
    InvitationId,
    InvitationStatus,
    Member,
    MemberRole,
    Membership,
    NewOrganization,
    Organization,
    OrganizationId,
    Parted,
)
from subgraphs.users.repository.postgres_logins import END_SESSIONS
from subgraphs.users.repository.seen import (
    USERS,
    person_of,
    seen_columns,
    there_for,
    user_of,
)
from subgraphs.users.values import LoginId, Reader, Session, User, UserId

TOPIC = "users.organization"
INVITATION_LIFETIME = timedelta(days=14)
MANAGERS = frozenset({MemberRole.OWNER, MemberRole.ADMIN})
OWNER = frozenset({MemberRole.OWNER})


@asynccontextmanager
async def acting(database: Database, who: Acting) -> AsyncIterator[WriteSession]:
    async with database.write(who.tenant) as session:
        await _say_who(session, who)
        yield session


@asynccontextmanager
async def reading(database: Database, who: Acting) -> AsyncIterator[ReadSession]:
    """In a transaction, which is as long as the settings live."""
    async with database.read(who.tenant or "") as session:
        await _say_who(session, who)
        yield session


async def _say_who(session: ReadSession, who: Acting) -> None:
    user = "" if who.user_id is None else str(who.user_id)
    settings = (("app.user_id", user), ("app.invitation", who.invitation or ""))
    await session.execute(select(*(func.set_config(name, value, True) for name, value in settings)))


class PostgresOrganizationRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_by_ids(self, ids: Sequence[OrganizationId]) -> Mapping[OrganizationId, Organization]:
        async with self._database.read() as session:
            rows = await session.execute(select(organizations).where(among(organizations.c.id, ids)))
            return {row.id: _organization(row) for row in rows}

    async def find_by_slugs(self, slugs: Sequence[str]) -> Mapping[str, Organization]:
        async with self._database.read() as session:
            rows = await session.execute(select(organizations).where(among(organizations.c.slug, slugs)))
            return {row.slug: _organization(row) for row in rows}

    async def list_memberships(self, user_id: UserId) -> list[Membership]:
        mine = (
            select(organizations, organization_members.c.role, organization_members.c.joined_at)
            .join(organization_members, organization_members.c.organization_id == organizations.c.id)
            .where(organization_members.c.user_id == user_id)
            .order_by(organization_members.c.joined_at, organizations.c.id)
        )
        async with reading(self._database, Acting(user_id)) as session:
            rows = (await session.execute(mine)).all()
        return [Membership(_organization(row), _role(row.role), row.joined_at) for row in rows]

    async def list_members(self, who: Acting, reader: Reader, request: PageRequest) -> Page[Member]:
        ours = organization_members.c.organization_id == _tenant(who)
        statement = _members_seen(reader).where(ours)
        order = [organization_members.c.joined_at, organization_members.c.user_id]
        async with reading(self._database, who) as session:
            rows = (await session.execute(page(statement, order, request, descending=False))).all()
        return Page.cut([_member_of(row, reader) for row in rows], request)

    async def count_members(self, who: Acting, reader: Reader) -> int:
        ours = organization_members.c.organization_id == _tenant(who)
        there = there_for(organization_members.c.user_id, reader)
        async with reading(self._database, who) as session:
            counted = select(func.count()).select_from(organization_members).where(ours, *there)
            return int((await session.execute(counted)).scalar_one())

    async def list_invitations(self, who: Acting, request: PageRequest) -> Page[Invitation]:
        ours = organization_invitations.c.organization_id == _tenant(who)
        order = [organization_invitations.c.created_at, organization_invitations.c.id]
        statement = page(select(organization_invitations).where(ours), order, request, descending=True)
        async with reading(self._database, who) as session:
            rows = (await session.execute(statement)).all()
        return Page.cut([_invitation(row) for row in rows], request)

    async def count_invitations(self, who: Acting) -> Mapping[InvitationStatus, int]:
        status = organization_invitations.c.status
        ours = organization_invitations.c.organization_id == _tenant(who)
        async with reading(self._database, who) as session:
            counted = select(status, func.count().label("number")).where(ours).group_by(status)
            found = {row.status: int(row.number) for row in await session.execute(counted)}
        return {status: found.get(status.value, 0) for status in InvitationStatus}

    async def create(
        self, owner: UserId, new: NewOrganization, actor: Actor, attempt: Attempt | None
    ) -> Organization:
        given = {name: getattr(new, name) for name in NewOrganization.__dataclass_fields__}
        try:
            async with acting(self._database, Acting(owner)) as session:
                before = await repeats.earlier(session, attempt, new.id)
                if before is not None:
                    return await _made(session, OrganizationId(before))
                made = insert(organizations).values(given | {"owner_id": owner}).returning(*organizations.c)
                row = (await session.execute(made)).one()
                first = {"organization_id": new.id, "user_id": owner, "role": MemberRole.OWNER.value}
                await session.execute(insert(organization_members).values(first))
                await audit.record(
                    session, actor, "create", "organization", new.id, {"slug": [None, new.slug]}
                )
                told = Message(
                    TOPIC, str(new.id), "OrganizationCreated", {"name": new.name, "slug": new.slug}
                )
                await outbox.add(session, told)
                return _organization(row)
        except IntegrityError as error:
            if violated_constraint(error) == "organizations_slug_key":
                raise slug_taken(new.slug) from error
            if violated_constraint(error) == "organizations_owner_id_fkey":
                raise Refused(not_found("user")) from error
            raise

    async def update(self, who: Acting, columns: Mapping[str, str], actor: Actor) -> Organization | Denied:
        ours = organizations.c.id == _tenant(who)
        try:
            async with acting(self._database, who) as session:
                if isinstance(denied := await _manager(session, who, MANAGERS), Denied):
                    return denied
                if columns:
                    await session.execute(update(organizations).where(ours).values(columns))
                    told = {name: [None, value] for name, value in columns.items()}
                    await audit.record(session, actor, "update", "organization", who.tenant, told)
                row = (await session.execute(select(organizations).where(ours))).one()
                if columns:
                    facts = {"name": row.name, "slug": row.slug}
                    await outbox.add(session, Message(TOPIC, str(row.id), "OrganizationUpdated", facts))
                return _organization(row)
        except IntegrityError as error:
            if violated_constraint(error) == "organizations_slug_key":
                raise slug_taken(columns["slug"]) from error
            raise

    async def delete(self, who: Acting, actor: Actor) -> frozenset[LoginId] | Denied:
        async with acting(self._database, who) as session:
            if isinstance(denied := await _manager(session, who, OWNER), Denied):
                return denied
            ended = await _stop_acting(session, _tenant(who))
            await session.execute(delete(organizations).where(organizations.c.id == _tenant(who)))
            await audit.record(session, actor, "delete", "organization", who.tenant)
            await outbox.add(session, Message(TOPIC, str(who.tenant), "OrganizationDeleted", {}))
            return ended

    async def hand_over(self, who: Acting, to: UserId, actor: Actor) -> Organization | Denied | None:
        ours = organizations.c.id == _tenant(who)
        async with acting(self._database, who) as session:
            if isinstance(denied := await _manager(session, who, OWNER), Denied):
                return denied
            if await _role_of(session, who, to) is None:
                return None
            if to != who.user_id:
                await _set_role(session, who, who.user_id, MemberRole.ADMIN)
                await _set_role(session, who, to, MemberRole.OWNER)
                await session.execute(update(organizations).where(ours).values(owner_id=to))
                told = {"owner": [str(who.user_id), str(to)]}
                await audit.record(session, actor, "hand over", "organization", who.tenant, told)
            return _organization((await session.execute(select(organizations).where(ours))).one())

    async def change_role(
        self, who: Acting, reader: Reader, user_id: UserId, role: MemberRole, actor: Actor
    ) -> Member | Denied | None:
        async with acting(self._database, who) as session:
            if isinstance(denied := await _manager(session, who, OWNER), Denied):
                return denied
            before = await _role_of(session, who, user_id)
            if before is None:
                return None
            if before is MemberRole.OWNER:
                return Denied.ROLE
            if await _member(session, who, reader, user_id) is None:
                return None
            await _set_role(session, who, user_id, role)
            told = {"user": str(user_id), "role": [before.name, role.name]}
            await audit.record(session, actor, "change role", "organization", who.tenant, told)
            return await _member(session, who, reader, user_id)

    async def remove(self, who: Acting, user_id: UserId, actor: Actor) -> Parted | Denied | None:
        async with acting(self._database, who) as session:
            mine = await _manager(session, who, frozenset(MemberRole))
            if isinstance(mine, Denied):
                return mine
            theirs = await _role_of(session, who, user_id)
            if theirs is None:
                return None
            may = (mine is MemberRole.OWNER or theirs is MemberRole.MEMBER) and mine in MANAGERS
            if theirs is MemberRole.OWNER or not (may or user_id == who.user_id):
                return Denied.ROLE
            pair = _pair(who, user_id)
            await session.execute(delete(organization_members).where(pair))
            ended = await _stop_acting(session, _tenant(who), user_id)
            told = {"user": str(user_id)}
            await audit.record(session, actor, "remove member", "organization", who.tenant, told)
            facts = {"user_id": str(user_id)}
            await outbox.add(session, Message(TOPIC, str(who.tenant), "OrganizationMemberRemoved", facts))
            return Parted(user_id, ended)

    async def invite(self, who: Acting, email: str, role: MemberRole, actor: Actor) -> Invitation | Denied:
        async with acting(self._database, who) as session:
            mine = await _manager(session, who, MANAGERS)
            if isinstance(mine, Denied):
                return mine
            if role is MemberRole.ADMIN and mine is not MemberRole.OWNER:
                return Denied.ROLE
            ends = func.now() + INVITATION_LIFETIME
            given = {"organization_id": _tenant(who), "email": email, "role": role.value}
            new = upsert(organization_invitations).values(
                given | {"invited_by": who.user_id, "expires_at": ends}
            )
            again = new.on_conflict_do_update(
                index_elements=[
                    organization_invitations.c.organization_id,
                    func.lower(organization_invitations.c.email),
                ],
                index_where=organization_invitations.c.status == "PENDING",
                set_={"role": role.value, "expires_at": ends, "invited_by": who.user_id},
            ).returning(*organization_invitations.c)
            row = (await session.execute(again)).one()
            named = select(organizations.c.name).where(organizations.c.id == _tenant(who))
            facts = {
                "about": str(row.id),
                "tenant": str(who.tenant),
                "organization": str((await session.execute(named)).scalar_one()),
            }
            await enqueue_mail(session, INVITATION, email, None, **facts)
            await audit.record(session, actor, "invite", "organization", who.tenant, {"invitation": row.id})
            return _invitation(row)

    async def revoke(self, who: Acting, invitation: InvitationId, actor: Actor) -> Invitation | Denied | None:
        async with acting(self._database, who) as session:
            if isinstance(denied := await _manager(session, who, MANAGERS), Denied):
                return denied
            this = and_(
                organization_invitations.c.id == invitation,
                organization_invitations.c.organization_id == _tenant(who),
            )
            pending = and_(this, organization_invitations.c.status == "PENDING")
            revoked = update(organization_invitations).where(pending)
            done = await session.execute(revoked.values(status="REVOKED", answered_at=func.now()))
            if done.rowcount:
                told = {"invitation": invitation}
                await audit.record(session, actor, "revoke invitation", "organization", who.tenant, told)
            row = (await session.execute(select(organization_invitations).where(this))).first()
            return None if row is None else _invitation(row)

    async def answer(
        self, user_id: UserId, token_hash: str, status: InvitationStatus, actor: Actor
    ) -> Organization | None:
        good = and_(
            organization_invitations.c.token_hash == token_hash,
            organization_invitations.c.status == "PENDING",
            organization_invitations.c.expires_at > func.now(),
        )
        answered = update(organization_invitations).where(good)
        async with acting(self._database, Acting(user_id, invitation=token_hash)) as session:
            told = answered.values(status=status.value, answered_at=func.now())
            row = (await session.execute(told.returning(*organization_invitations.c))).first()
            if row is None:
                return None
            if status is InvitationStatus.ACCEPTED:
                member = {"organization_id": row.organization_id, "user_id": user_id, "role": row.role}
                await session.execute(upsert(organization_members).values(member).on_conflict_do_nothing())
            changes = {"invitation": row.id, "status": status.name}
            await audit.record(
                session, actor, "answer invitation", "organization", row.organization_id, changes
            )
            this = select(organizations).where(organizations.c.id == row.organization_id)
            return _organization((await session.execute(this)).one())

    async def switch(
        self, user_id: UserId, login: LoginId, to: OrganizationId | None, actor: Actor
    ) -> tuple[User, Session] | Denied | None:
        # The tenant asked for, so that one's own row of it can be locked: a member who is removed meanwhile
        # is removed before or after, and not in between. Nothing else of it is read.
        who = Acting(user_id, None if to is None else str(to))
        async with acting(self._database, who) as session:
            if to is not None:
                pair = _pair(who, user_id)
                kept = select(organization_members.c.role).where(pair).with_for_update(read=True)
                if (await session.execute(kept)).first() is None:
                    return Denied.NO_MEMBER
            mine = and_(logins.c.id == login, logins.c.user_id == user_id, logins.c.ended_at.is_(None))
            switched = update(logins).where(mine).values(acting_for=to).returning(*logins.c)
            row = (await session.execute(switched)).first()
            if row is None:
                return None
            told = {"acting_for": [None, None if to is None else str(to)]}
            await audit.record(session, actor, "switch", "login", login, told)
            user = user_of((await session.execute(USERS.where(users.c.id == user_id))).one())
            seen = (row.created_at, row.last_seen_at, row.expires_at, row.acting_for)
            return user, Session(row.id, row.user_id, str(row.ip_address), row.device_info, *seen)


async def set_invitation_token(session: WriteSession, tenant: str, invitation: UUID, token_hash: str) -> bool:
    """For the job that writes its mail; False when it is no longer open."""
    await session.execute(select(func.set_config("app.tenant_id", tenant, True)))
    pending = and_(
        organization_invitations.c.id == invitation, organization_invitations.c.status == "PENDING"
    )
    done = await session.execute(
        update(organization_invitations).where(pending).values(token_hash=token_hash)
    )
    return done.rowcount > 0


async def _manager(
    session: WriteSession, who: Acting, allowed: Collection[MemberRole]
) -> MemberRole | Denied:
    """Their role, if it is one of `allowed`; the organization is theirs alone to change until the end."""
    locked = select(organizations.c.id).where(organizations.c.id == _tenant(who)).with_for_update()
    if (await session.execute(locked)).first() is None:
        return Denied.NO_MEMBER
    role = None if who.user_id is None else await _role_of(session, who, who.user_id)
    if role is None:
        return Denied.NO_MEMBER
    return role if role in allowed else Denied.ROLE


async def _role_of(session: ReadSession, who: Acting, user_id: UserId) -> MemberRole | None:
    found = select(organization_members.c.role).where(_pair(who, user_id))
    role = (await session.execute(found)).scalar()
    return None if role is None else _role(role)


async def _set_role(session: WriteSession, who: Acting, user_id: UserId | None, role: MemberRole) -> None:
    changed = update(organization_members).where(_pair(who, user_id)).values(role=role.value)
    await session.execute(changed)


async def _member(session: ReadSession, who: Acting, reader: Reader, user_id: UserId) -> Member | None:
    row = (await session.execute(_members_seen(reader).where(_pair(who, user_id)))).first()
    return None if row is None else _member_of(row, reader)


def _members_seen(reader: Reader) -> Select[Any]:
    members = organization_members.c
    seen = select(*seen_columns(reader), members.role, members.joined_at)
    joined = seen.join_from(organization_members, users, users.c.id == members.user_id)
    return joined.join(user_privacy, user_privacy.c.user_id == users.c.id).where(
        *there_for(members.user_id, reader)
    )


def _member_of(row: Row[Any], reader: Reader) -> Member:
    return Member(person_of(row, reader), _role(row.role), row.joined_at)


async def _stop_acting(
    session: WriteSession, tenant: UUID, user_id: UserId | None = None
) -> frozenset[LoginId]:
    """Logins go on for their user alone; the sessions of their present tokens end."""
    which = [logins.c.acting_for == tenant] + ([] if user_id is None else [logins.c.user_id == user_id])
    stopped = update(logins).where(*which).values(acting_for=None).returning(logins.c.id)
    ended = frozenset((await session.execute(stopped)).scalars())
    if ended:
        await jobs.enqueue(session, END_SESSIONS, {"ids": sorted(map(str, ended))})
    return ended


def _pair(who: Acting, user_id: UserId | None) -> Any:
    members = organization_members.c
    return and_(members.organization_id == _tenant(who), members.user_id == user_id)


def _tenant(who: Acting) -> UUID:
    return UUID(str(who.tenant))


def _role(stored: object) -> MemberRole:
    """One that only a newer version knows counts as the least."""
    return known_or(stored, MemberRole.MEMBER)


async def _made(session: WriteSession, organization_id: OrganizationId) -> Organization:
    found = select(organizations).where(organizations.c.id == organization_id)
    row = (await session.execute(found)).first()
    if row is None:
        raise repeats.gone("organization")
    return _organization(row)


def _organization(row: Row[Any]) -> Organization:
    return Organization(**{name: row._mapping[name] for name in Organization.__dataclass_fields__})


def _invitation(row: Row[Any]) -> Invitation:
    status = known_or(row.status, InvitationStatus.REVOKED)
    moments = (row.created_at, row.expires_at)
    return Invitation(row.id, row.organization_id, row.email, _role(row.role), status, *moments)

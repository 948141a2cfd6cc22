"""Organizations: who acts for one, what that opens in every domain, and how it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from db.config import DomainStore
from router import Router
from subgraphs.kit.config import SubgraphConfig
from subgraphs.registry import DOMAINS, build_domain
from tests.subgraphs.support import code, data, denied, mutation_text, refused
from tests.subgraphs.users.mailbox import Mailbox
from tests.subgraphs.users.people import PASSWORD, Somebody, Users

SUPERGRAPH = Path(__file__).parents[3] / "schema" / "supergraph.graphql"
MEMBERS = """query($id: ID!) { organization(id: $id) { members { totalCount edges { role node { username } } }
    invitationCounts { sent pending accepted declined revoked } invitations { nodes { email status } } } }"""


async def found(owner: Somebody, slug: str = "acme") -> str:
    given = {"name": slug.title(), "slug": slug}
    return str((await owner.act("createOrganization", "organization { id }", **given))["organization"]["id"])


async def switched(somebody: Somebody, organization: str | None) -> Somebody:
    given = {} if organization is None else {"organizationId": organization}
    access = (await somebody.act("switchOrganization", "access { accessToken }", **given))["access"]
    return replace(somebody, access=access["accessToken"])


async def join(boss: Somebody, somebody: Somebody, mailbox: Mailbox, role: str = "MEMBER") -> Somebody:
    """Invited by who acts for an organization, and acting for it."""
    email = f"{somebody.name}@work.example"
    await boss.act("inviteMember", "invitation { id }", email=email, role=role)
    token = await mailbox.token(email)
    accepted = await somebody.act("acceptInvitation", "organization { id }", token=token)
    return await switched(somebody, accepted["organization"]["id"])


async def test_who_founds_an_organization_owns_it_and_acts_for_it(world: Users) -> None:
    ada = await world.sign_up("ada")
    acme = await found(ada, "Acme-2")
    query = '{ organization(slug: "ACME-2") { id slug owner { username } members { totalCount } } }'
    told = (await data(world.subgraph, query))["organization"]
    assert told == {"id": acme, "slug": "acme-2", "owner": {"username": "ada"}, "members": None}
    ours = "{ me { memberships { role organization { slug } } } }"
    assert (await ada.data(ours))["me"]["memberships"] == [
        {"role": "OWNER", "organization": {"slug": "acme-2"}}
    ]
    assert await ada.denied("updateOrganization", name="Acme") == "FORBIDDEN", "not yet for it"
    ada = await switched(ada, acme)
    await ada.act("updateOrganization", "organization { name }", name="Acme Limited")
    members = (await ada.data(MEMBERS, id=acme))["organization"]["members"]
    assert members == {"totalCount": 1, "edges": [{"role": "OWNER", "node": {"username": "ada"}}]}


async def test_a_slug_is_one_organizations(world: Users) -> None:
    ada = await world.sign_up("ada")
    await found(ada)
    for slug, problem in (
        ("ACME", "SLUG_TAKEN"),
        ("a", "INVALID_INPUT"),
        ("a--b", "INVALID_INPUT"),
        ("-ab", "INVALID_INPUT"),
        ("ä" * 5, "INVALID_INPUT"),
        ("x" * 51, "INVALID_INPUT"),
    ):
        assert await ada.refused("createOrganization", name="X", slug=slug) == [(problem, "slug")]


async def test_members_come_by_invitation_and_are_counted(world: Users, mailbox: Mailbox) -> None:
    ada, grace, eve = [await world.sign_up(name) for name in ("ada", "grace", "eve")]
    acme = await found(ada)
    ada = await switched(ada, acme)
    grace = await join(ada, grace, mailbox)
    await ada.act("inviteMember", email="eve@work.example")
    token = await mailbox.token("eve@work.example")
    await eve.act("declineInvitation", token=token)
    assert await eve.refused("acceptInvitation", token=token) == [("TOKEN_UNUSABLE", "token")]
    await ada.act("inviteMember", email="bob@work.example")
    again = await ada.act("inviteMember", "invitation { id }", email="BOB@work.example")
    await ada.act("revokeInvitation", invitationId=again["invitation"]["id"])
    await ada.act("inviteMember", email="zoe@work.example")
    seen = (await grace.data(MEMBERS, id=acme))["organization"]
    assert [edge["node"]["username"] for edge in seen["members"]["edges"]] == ["ada", "grace"]
    assert seen["invitationCounts"] == {
        "sent": 4,
        "pending": 1,
        "accepted": 1,
        "declined": 1,
        "revoked": 1,
    }
    hidden = dict.fromkeys(("members", "invitationCounts", "invitations"))
    assert (await eve.data(MEMBERS, id=acme))["organization"] == hidden


async def test_an_invitation_is_good_once_in_its_time_and_for_its_role(
    world: Users, mailbox: Mailbox
) -> None:
    ada, grace, eve = [await world.sign_up(name) for name in ("ada", "grace", "eve")]
    ada = await switched(ada, await found(ada))
    await ada.act("inviteMember", email="g@work.example", role="ADMIN")
    token = await mailbox.token("g@work.example")
    both = await asyncio.gather(*(each.refused("acceptInvitation", token=token) for each in (grace, eve)))
    assert sorted(both) == [[], [("TOKEN_UNUSABLE", "token")]]
    await ada.act("inviteMember", email="late@work.example")
    late = await mailbox.token("late@work.example")
    async with world.database.write(await _tenant(ada)) as session:
        await session.execute(text("UPDATE organization_invitations SET expires_at = now()"))
    assert await eve.refused("acceptInvitation", token=late) == [("TOKEN_UNUSABLE", "token")]
    assert await ada.refused("inviteMember", email="x@work.example", role="OWNER") == [
        ("INVALID_INPUT", "role")
    ]


async def _tenant(somebody: Somebody) -> str:
    memberships = await somebody.data("{ me { memberships { organization { id } } } }")
    return str(memberships["me"]["memberships"][0]["organization"]["id"])


async def test_a_role_says_what_a_member_may_do(world: Users, mailbox: Mailbox) -> None:
    ada, grace, eve, bob = [await world.sign_up(name) for name in ("ada", "grace", "eve", "bob")]
    acme = await found(ada)
    ada = await switched(ada, acme)
    grace, eve = await join(ada, grace, mailbox, "ADMIN"), await join(ada, eve, mailbox)
    for mutation, given in (
        ("updateOrganization", {"name": "Eve's"}),
        ("inviteMember", {"email": "x@work.example"}),
        ("removeMember", {"userId": grace.id}),
        ("changeMemberRole", {"userId": eve.id, "role": "ADMIN"}),
        ("handOverOrganization", {"userId": eve.id}),
        ("deleteOrganization", {"slug": "acme"}),
    ):
        assert await eve.denied(mutation, **given) == "FORBIDDEN", mutation
    for mutation, given in (
        ("inviteMember", {"email": "x@work.example", "role": "ADMIN"}),
        ("removeMember", {"userId": ada.id}),
        ("changeMemberRole", {"userId": eve.id, "role": "ADMIN"}),
        ("deleteOrganization", {"slug": "acme"}),
    ):
        assert await grace.denied(mutation, **given) == "FORBIDDEN", mutation
    assert await grace.refused("updateOrganization", name="Acme & Co") == []
    assert await grace.refused("removeMember", userId=bob.id) == [("NOT_FOUND", "userId")]
    assert await grace.refused("removeMember", userId=eve.id) == []
    await ada.act("changeMemberRole", "member { role }", userId=grace.id, role="MEMBER")
    assert await grace.denied("updateOrganization", name="Grace's") == "FORBIDDEN"


async def test_an_organization_is_handed_over_or_deleted_before_its_owner_leaves(
    world: Users, mailbox: Mailbox
) -> None:
    ada, grace = await world.sign_up("ada"), await world.sign_up("grace")
    acme = await found(ada)
    ada = await switched(ada, acme)
    grace = await join(ada, grace, mailbox)
    assert await ada.refused("deleteAccount", password=PASSWORD) == [("CONFLICT", "")]
    assert await ada.denied("removeMember", userId=ada.id) == "FORBIDDEN"
    handed = await ada.act("handOverOrganization", "organization { owner { username } }", userId=grace.id)
    assert handed["organization"]["owner"] == {"username": "grace"}
    assert await ada.denied("deleteOrganization", slug="acme") == "FORBIDDEN"
    assert await ada.refused("deleteAccount", password=PASSWORD) == []
    assert await grace.refused("deleteOrganization", slug="other") == [("INVALID_INPUT", "slug")]
    assert await grace.refused("deleteOrganization", slug="acme") == []
    assert await data(world.subgraph, "query($id: ID!) { organization(id: $id) { id } }", id=acme) == {
        "organization": None
    }
    assert await world.run("SELECT type FROM outbox WHERE topic = 'users.organization' ORDER BY id") == [
        ("OrganizationCreated",),
        ("OrganizationDeleted",),
    ]


async def test_nobody_acts_for_an_organization_they_do_not_belong_to(world: Users) -> None:
    ada, eve = await world.sign_up("ada"), await world.sign_up("eve")
    acme = await found(ada)
    for organization in (acme, str(uuid4())):
        assert await eve.refused("switchOrganization", organizationId=organization) == [
            ("NOT_FOUND", "organizationId")
        ]
    assert await eve.refused("switchOrganization", organizationId="\0") == [
        ("INVALID_INPUT", "organizationId")
    ]
    assert await denied(world.subgraph, "switchOrganization", organizationId=acme) == "UNAUTHENTICATED"


async def test_a_login_acts_for_one_organization_at_a_time_and_keeps_to_it(world: Users) -> None:
    ada = await world.sign_up("ada")
    first, second = await found(ada, "first"), await found(ada, "second")
    one = await switched(ada, first)
    two = await switched(one, second)
    assert await two.data("{ me { id } }")
    assert await code(world.subgraph, "{ me { id } }", one.headers) == "UNAUTHENTICATED"
    again = await two.refreshed()
    await again.act("updateOrganization", "organization { slug }", name="Still the second")
    alone = await switched(again, None)
    assert await alone.denied("updateOrganization", name="X") == "FORBIDDEN"


async def test_a_membership_that_is_lost_takes_the_tenant_with_it(world: Users, mailbox: Mailbox) -> None:
    ada, grace = await world.sign_up("ada"), await world.sign_up("grace")
    acme = await found(ada)
    ada = await switched(ada, acme)
    grace = await join(ada, grace, mailbox)
    await ada.act("removeMember", "userId", userId=grace.id)
    assert await code(world.subgraph, "{ me { id } }", grace.headers) == "UNAUTHENTICATED"
    again = await grace.refreshed()
    assert (await again.data(MEMBERS, id=acme))["organization"]["members"] is None
    assert await code(world.subgraph, "{ me { id } }", grace.headers) == "UNAUTHENTICATED", "for good"


async def test_removal_and_switching_at_once_leave_nobody_acting(world: Users, mailbox: Mailbox) -> None:
    ada, grace = await world.sign_up("ada"), await world.sign_up("grace")
    acme = await found(ada)
    ada = await switched(ada, acme)
    for _ in range(3):
        await join(ada, grace, mailbox)
        grace = await (await world.log_in("grace")).refreshed()
        await asyncio.gather(
            ada.refused("removeMember", userId=grace.id),
            refused(world.subgraph, "switchOrganization", grace.headers, organizationId=acme),
        )
        acting = "SELECT 1 FROM logins WHERE acting_for IS NOT NULL AND user_id = CAST(:id AS uuid)"
        assert await world.run(acting, id=grace.id) == []


@pytest.fixture
async def router(stores: Mapping[str, DomainStore], config: SubgraphConfig) -> AsyncIterator[Router]:
    async with AsyncExitStack() as stack:
        subgraphs = {
            name: await stack.enter_async_context(build_domain(name, config, stores[name]))
            for name in DOMAINS
        }
        router = Router(SUPERGRAPH.read_text(encoding="utf-8"), subgraphs=subgraphs)
        yield await stack.enter_async_context(router)


async def test_events_of_an_organization_are_written_and_their_drafts_seen_by_who_acts_for_it(
    world: Users, mailbox: Mailbox, router: Router
) -> None:
    async def ask(who: Somebody, query: str, **variables: Any) -> Any:
        request = {"query": query, "variables": variables}
        return (await router.execute(request, headers=dict(who.headers)))["data"]

    ada, grace, eve = [await world.sign_up(name) for name in ("ada", "grace", "eve")]
    ada = await switched(ada, await found(ada))
    grace = await join(ada, grace, mailbox)
    eve = await switched(eve, await found(eve, "evil"))
    starts = datetime.now(UTC) + timedelta(hours=1)
    given = {
        "title": "Launch",
        "startsAt": starts.isoformat(),
        "endsAt": (starts + timedelta(hours=1)).isoformat(),
        "isDraft": True,
    }
    made = await ask(ada, mutation_text("createEvent", "event { id }"), input=given)
    event = made["createEvent"]["event"]["id"]
    read, rename = "query($id: ID!) { event(id: $id) { title } }", mutation_text("updateEvent")
    change = {"eventId": event, "title": "Ours"}
    assert (await ask(grace, read, id=event))["event"] == {"title": "Launch"}
    assert (await ask(eve, read, id=event))["event"] is None
    refusal = (await ask(eve, rename, input=change))["updateEvent"]["errors"]
    assert [error["code"] for error in refusal] == ["NOT_FOUND"]
    await ada.act("removeMember", userId=grace.id)
    grace = await grace.refreshed()
    assert (await ask(grace, read, id=event))["event"] is None, "no member, no draft"
    assert (await ask(ada, rename, input=change))["updateEvent"]["errors"] == []

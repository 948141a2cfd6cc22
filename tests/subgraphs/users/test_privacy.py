"""Who sees what of a person: everybody who may ask × every setting × every way that leads to a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from tests.subgraphs.support import data
from tests.subgraphs.users.people import Somebody, Users

PERSON = """id username firstName lastName displayName bio avatarUrl updatedAt email isPrivate
    followerCount followingCount followers { totalCount nodes { username } }
    following { totalCount nodes { username } }"""
PROFILE = ("firstName", "bio", "updatedAt")
FOLLOWS = ("followerCount", "followingCount", "followers", "following")
READERS = ("nobody", "stranger", "waiting", "follower", "blocked", "blocker", "themselves", "admin")
SETTINGS: Mapping[str, Mapping[str, Any]] = {
    "as it begins": {},
    "profile for followers": {"profileAudience": "FOLLOWERS"},
    "profile for nobody": {"profileAudience": "NOBODY"},
    "address for everyone": {"emailAudience": "EVERYONE"},
    "address for followers": {"emailAudience": "FOLLOWERS"},
    "follows for followers": {"followsAudience": "FOLLOWERS"},
    "follows for nobody": {"followsAudience": "NOBODY"},
    "private": {"isPrivate": True, "emailAudience": "EVERYONE"},
    "private, profile for nobody": {"isPrivate": True, "profileAudience": "NOBODY"},
}
ALL, SOME, NONE = {"themselves", "admin"}, {"themselves", "admin", "follower"}, {"blocked", "blocker"}


def audience(setting: Mapping[str, Any], part: str, default: str) -> set[str]:
    """Who sees it, said in other words than the code's."""
    wanted = setting.get(part, default)
    if wanted == "NOBODY":
        return ALL
    if wanted == "FOLLOWERS" or setting.get("isPrivate"):
        return SOME
    return set(READERS) - NONE


@dataclass(frozen=True)
class Circle:
    """Ada, and people who stand to her in every way."""

    world: Users
    ada: Somebody
    friend: Somebody
    """A public person whom she follows and who follows her."""
    readers: Mapping[str, Somebody | None]

    async def ask(self, who: str, query: str, /, **variables: Any) -> Any:
        reader = self.readers[who]
        return await data(self.world.subgraph, query, reader and reader.headers, **variables)

    async def ways(self, who: str, shown: str = PERSON) -> dict[str, Any]:
        """Ada as each way shows her; None where she is not there."""
        by_key = f"query($i: ID, $n: String) {{ user(id: $i, username: $n) {{ {shown} }} }}"
        entity = f"query($r: [_Any!]!) {{ _entities(representations: $r) {{ ... on User {{ {shown} }} }} }}"
        listed = f"query($n: String) {{ user(username: $n) {{ %s(first: 100) {{ nodes {{ {shown} }} }} }} }}"
        keys: list[dict[str, Any]] = [{"id": self.ada.id}, {"username": "ADA"}, {"telegramId": "4711"}]
        found = {
            "by id": (await self.ask(who, by_key, i=self.ada.id))["user"],
            "by name": (await self.ask(who, by_key, n="Ada"))["user"],
        }
        for key in keys:
            asked = {"__typename": "User"} | key
            found[f"entity by {next(iter(key))}"] = (await self.ask(who, entity, r=[asked]))["_entities"][0]
        for way in ("followers", "following"):
            nodes = (await self.ask(who, listed % way, n="friend"))["user"][way]["nodes"]
            found[way] = next((node for node in nodes if node["username"] == "ada"), None)
        for order in ("NEWEST", "OLDEST", "USERNAME"):
            query = f"{{ users(orderBy: {order}, first: 100) {{ nodes {{ {shown} }} }} }}"
            nodes = (await self.ask(who, query))["users"]["nodes"]
            found[f"list by {order}"] = next((node for node in nodes if node["username"] == "ada"), None)
        query = f'{{ searchUsers(text: "ad") {{ nodes {{ {shown} }} }} }}'
        nodes = (await self.ask(who, query))["searchUsers"]["nodes"]
        found["list by search"] = next((node for node in nodes if node["username"] == "ada"), None)
        owner = f'{{ organization(slug: "adas") {{ owner {{ {shown} }} }} }}'
        found["owner"] = (await self.ask(who, owner))["organization"]["owner"]
        return found


@pytest.fixture
async def circle(world: Users) -> Circle:
    ada, friend = await world.sign_up("ada"), await world.sign_up("friend")
    people: dict[str, Somebody | None] = {
        "nobody": None,
        "themselves": ada,
        "admin": await world.admin("admin"),
    }
    for name in READERS:
        if name not in people:
            people[name] = await world.sign_up(name)
    await ada.act("updateProfile", firstName="Ada", bio="Countess", avatarUrl="https://plait.example/a.png")
    await ada.act("createOrganization", name="Ada's", slug="adas")
    await world.run("UPDATE users SET telegram_id = 4711, is_verified = true WHERE username = 'ada'")
    follower = people["follower"]
    assert follower is not None
    for who, whom in ((follower, ada), (friend, ada), (ada, friend)):
        await who.act("followUser", userId=whom.id)
    for who, whom in (("blocked", "themselves"), ("themselves", "blocker")):
        blocker, blocked = people[whom], people[who]
        assert blocker is not None
        assert blocked is not None
        await blocker.act("blockUser", userId=blocked.id)
    return Circle(world, ada, friend, people)


async def ask_to_follow(circle: Circle) -> None:
    waiting = circle.readers["waiting"]
    assert waiting is not None
    await circle.ada.act("updatePrivacy", isPrivate=True)
    await waiting.act("followUser", userId=circle.ada.id)


@pytest.mark.parametrize("setting", list(SETTINGS))
async def test_everybody_sees_what_is_for_them_and_every_way_shows_the_same(
    circle: Circle, setting: str
) -> None:
    given = SETTINGS[setting]
    if given.get("isPrivate"):
        await ask_to_follow(circle)
    await circle.ada.act("updatePrivacy", **given)
    profile = audience(given, "profileAudience", "EVERYONE")
    follows = audience(given, "followsAudience", "EVERYONE")
    email = audience(given, "emailAudience", "NOBODY")
    for who in READERS:
        for way, ada in (await circle.ways(who)).items():
            at = f"{setting}: {who}, {way}"
            assert (ada is None) == (who in NONE), at
            if ada is None:
                continue
            assert [ada[part] is not None for part in PROFILE] == [who in profile] * 3, at
            assert (ada["avatarUrl"] is not None) == (who in profile), at
            assert ada["displayName"] == ("Ada" if who in profile else "ada"), at
            assert [ada[part] is not None for part in FOLLOWS] == [who in follows] * 4, at
            assert (ada["email"] is not None) == (who in email), at
            assert ada["isPrivate"] is given.get("isPrivate", False), at


async def test_an_address_that_is_not_proven_is_shown_to_nobody_else(circle: Circle) -> None:
    await circle.ada.act("updatePrivacy", emailAudience="EVERYONE")
    await circle.world.run("UPDATE users SET is_verified = false")
    for who in READERS:
        for ada in (await circle.ways(who, "username email")).values():
            assert ada is None or (ada["email"] is not None) == (who in ALL)


async def test_who_does_not_want_to_be_listed_is_found_by_who_knows_them(circle: Circle) -> None:
    await circle.ada.act("updatePrivacy", isListed=False)
    for who in READERS:
        for way, ada in (await circle.ways(who, "username")).items():
            is_listed = not way.startswith("list") or who == "admin"
            assert (ada is not None) == (is_listed and who not in NONE), f"{who}, {way}"


async def test_a_count_counts_who_is_listed(circle: Circle) -> None:
    """For each reader every total is the length of its list: it tells of nobody who is not there."""
    query = """{ users(first: 100) { totalCount nodes { username
        followerCount followers(first: 100) { totalCount nodes { username } }
        followingCount following(first: 100) { totalCount nodes { username } } } } }"""
    seen = {}
    for who in READERS:
        listed = (await circle.ask(who, query))["users"]
        assert listed["totalCount"] == len(listed["nodes"])
        for node in listed["nodes"]:
            for count, way in (("followerCount", "followers"), ("followingCount", "following")):
                assert node[count] == node[way]["totalCount"] == len(node[way]["nodes"])
        friend = next(node for node in listed["nodes"] if node["username"] == "friend")
        seen[who] = (len(listed["nodes"]), friend["followerCount"], friend["followingCount"])
    assert {seen[who] for who in NONE} == {(7, 0, 0)}
    assert {seen[who] for who in set(READERS) - NONE - {"themselves"}} == {(8, 1, 1)}
    assert seen["themselves"] == (6, 1, 1), "she is not there for two, who are not there for her"


async def test_a_search_counts_who_it_finds(circle: Circle) -> None:
    query = '{ searchUsers(text: "ada") { totalCount nodes { username } } }'
    for is_listed in (True, False):
        await circle.ada.act("updatePrivacy", isListed=is_listed)
        for who in READERS:
            found = (await circle.ask(who, query))["searchUsers"]
            is_found = who not in NONE and (is_listed or who == "admin")
            expected = ["ada"] if is_found else []
            assert [node["username"] for node in found["nodes"]] == expected, who
            assert found["totalCount"] == len(expected), who


async def test_a_search_can_be_narrowed_to_who_joined_when(circle: Circle) -> None:
    query = """query($f: UserFilter) {
        searchUsers(text: "ada", filter: $f) { totalCount nodes { username } } }"""
    moment = "2020-01-01T00:00:00Z"
    for wanted, names in (({"joinedAfter": moment}, ["ada"]), ({"joinedBefore": moment}, [])):
        found = (await circle.ask("admin", query, f=wanted))["searchUsers"]
        assert found == {"totalCount": len(names), "nodes": [{"username": name} for name in names]}


async def test_who_is_hidden_is_told_like_who_is_not(circle: Circle) -> None:
    query = "query($i: ID) { user(id: $i) { username } }"
    entity = "query($r: [_Any!]!) { _entities(representations: $r) { ... on User { username } } }"
    for who in NONE:
        for key in (circle.ada.id, str(uuid4())):
            assert await circle.ask(who, query, i=key) == {"user": None}
            asked = [{"__typename": "User", "id": key}]
            assert await circle.ask(who, entity, r=asked) == {"_entities": [None]}


async def test_members_of_an_organization_see_of_each_other_what_they_show(world: Users) -> None:
    ada, grace, edith = [await world.sign_up(name) for name in ("ada", "grace", "edith")]
    made = await ada.act("createOrganization", "organization { id }", name="Ours", slug="ours")
    tenant = made["organization"]["id"]
    for each in (grace, edith):
        await _join(world, tenant, each.id)
    people = []
    for each in (ada, grace, edith):
        switched = await each.act("switchOrganization", "access { accessToken }", organizationId=tenant)
        people.append(replace(each, access=switched["access"]["accessToken"]))
    ada, grace, edith = people
    await edith.act("updateProfile", firstName="Edith")
    await edith.act("updatePrivacy", profileAudience="NOBODY")
    await grace.act("blockUser", userId=edith.id)
    query = """{ organization(slug: "ours") { members { totalCount nodes { username firstName }
        edges { role node { username } } } } }"""
    seen = {}
    for each in people:
        members = (await each.data(query))["organization"]["members"]
        assert members["totalCount"] == len(members["nodes"]) == len(members["edges"])
        seen[each.name] = {node["username"]: node["firstName"] for node in members["nodes"]}
    everybody = {"ada": None, "grace": None, "edith": None}
    assert seen == {
        "ada": everybody,
        "grace": {"ada": None, "grace": None},
        "edith": {"ada": None, "edith": "Edith"},
    }
    await grace.act("unblockUser", userId=edith.id)
    await edith.act("blockUser", userId=ada.id)
    change = {"userId": edith.id, "role": "ADMIN"}
    assert await ada.refused("changeMemberRole", **change) == [("NOT_FOUND", "userId")]
    assert (await edith.data(query))["organization"]["members"]["edges"] == [
        {"role": "MEMBER", "node": {"username": "grace"}},
        {"role": "MEMBER", "node": {"username": "edith"}},
    ]


async def _join(world: Users, tenant: str, user: str) -> None:
    """As an invitation that was accepted lets in."""
    async with world.database.write(tenant) as session:
        say = "SELECT set_config('app.user_id', :user, true), set_config('app.invitation', :token, true)"
        given = {"tenant": tenant, "user": user, "token": uuid4().hex}
        await session.execute(text(say), given)
        invited = """INSERT INTO organization_invitations
            (organization_id, email, role, token_hash, expires_at, status) VALUES
            (:tenant, :token || '@x.example', 'MEMBER', :token, now() + interval '1 day', 'ACCEPTED')"""
        await session.execute(text(invited), {"tenant": tenant, "token": given["token"]})
        joined = """INSERT INTO organization_members (organization_id, user_id, role)
            VALUES (:tenant, :user, 'MEMBER')"""
        await session.execute(text(joined), {"tenant": tenant, "user": user})

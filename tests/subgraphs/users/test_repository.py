"""One contract for both repositories of users: PostgreSQL and memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from db.postgres import connect
from subgraphs.kit.pages import PageRequest
from subgraphs.users.errors import EmailTaken, UsernameTaken
from subgraphs.users.repository import (
    InMemoryLoginRepository,
    InMemoryUserRepository,
    LoginRepository,
    PostgresLoginRepository,
    PostgresUserRepository,
    UserRepository,
)
from subgraphs.users.values import (
    NEWEST_FOLLOWS,
    NEWEST_USERS,
    FamilyId,
    NewRefreshToken,
    NewUser,
    ProfileChange,
    Reused,
    Rotated,
    Unusable,
    User,
    UserId,
)
from tests.support.postgres import migrated_stores

NOW = datetime(2026, 5, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Repositories:
    users: UserRepository
    logins: LoginRepository


@pytest.fixture(params=["memory", "postgres"])
async def repositories(request: pytest.FixtureRequest) -> AsyncIterator[Repositories]:
    if request.param == "memory":
        yield Repositories(InMemoryUserRepository(), InMemoryLoginRepository())
        return
    async with migrated_stores() as stores:
        database = connect(stores["users"])
        yield Repositories(PostgresUserRepository(database), PostgresLoginRepository(database))
        await database.close()


@pytest.fixture
def users(repositories: Repositories) -> UserRepository:
    return repositories.users


@pytest.fixture
def logins(repositories: Repositories) -> LoginRepository:
    return repositories.logins


def new(name: str, email: str | None = None) -> NewUser:
    return NewUser(UserId(uuid4()), name, email or f"{name}@plait.example", "hash of " + name)


def refresh(name: str, *, ends: timedelta = timedelta(days=1)) -> NewRefreshToken:
    return NewRefreshToken(name.ljust(64, "0"), "2001:db8::7", "Firefox", NOW + ends)


async def add(users: UserRepository, *names: str) -> list[User]:
    return [await users.add(new(name)) for name in names]


async def test_a_user_is_found_by_each_key(users: UserRepository) -> None:
    (ada,) = await add(users, "Ada")
    assert ada.roles == {"ROLE_USER"}
    assert await users.find_by_ids([ada.id, UserId(uuid4())]) == {ada.id: ada}
    assert await users.find_by_usernames(["ADA", "nobody"]) == {"ada": ada}
    assert await users.find_by_telegram_ids([1]) == {}
    assert await users.find_by_ids([]) == {}


@pytest.mark.parametrize("name", ["Ada", "ada@PLAIT.example", "ADA"])
async def test_credentials_are_found_by_name_or_email_in_any_case(users: UserRepository, name: str) -> None:
    (ada,) = await add(users, "Ada")
    found = await users.find_credentials(name)
    assert found is not None
    assert (found.user, found.password_hash) == (ada, "hash of Ada")
    assert await users.find_credentials("somebody") is None


async def test_a_name_and_an_email_are_taken_in_any_case(users: UserRepository) -> None:
    await add(users, "Ada")
    with pytest.raises(UsernameTaken, match="aDA"):
        await users.add(new("aDA", "other@plait.example"))
    with pytest.raises(EmailTaken):
        await users.add(new("Grace", "ADA@plait.example"))


async def test_of_those_who_sign_up_at_once_with_a_name_one_gets_it(users: UserRepository) -> None:
    tries = await asyncio.gather(
        *(users.add(new("Ada", f"{n}@plait.example")) for n in range(8)), return_exceptions=True
    )
    assert sum(isinstance(answer, User) for answer in tries) == 1
    assert sum(isinstance(answer, UsernameTaken) for answer in tries) == 7


async def test_a_profile_changes_only_in_what_is_given(users: UserRepository) -> None:
    (ada,) = await add(users, "Ada")
    changed = await users.update(ada.id, ProfileChange({"bio": "Countess", "first_name": "Ada"}))
    assert changed is not None
    assert (changed.bio, changed.first_name, changed.username) == ("Countess", "Ada", "Ada")
    assert changed.updated_at > ada.updated_at
    cleared = await users.update(ada.id, ProfileChange({"bio": None}))
    assert cleared is not None
    assert (cleared.bio, cleared.first_name) == (None, "Ada")
    assert await users.update(UserId(uuid4()), ProfileChange({"bio": "x"})) is None


async def test_a_new_password_hash_replaces_the_old(users: UserRepository) -> None:
    (ada,) = await add(users, "Ada")
    await users.set_password_hash(ada.id, "another")
    found = await users.find_credentials("Ada")
    assert found is not None
    assert found.password_hash == "another"


async def test_users_are_listed_newest_first_page_by_page(users: UserRepository) -> None:
    names = ["a", "b", "c", "d", "e"]
    await add(users, *names)
    first = await users.list_newest(PageRequest(NEWEST_USERS, 2))
    assert ([user.username for user in first.items], first.has_next, first.has_previous) == (
        ["e", "d"],
        True,
        False,
    )
    after = await users.list_newest(PageRequest(NEWEST_USERS, 2, after=first.items[-1].position))
    assert [user.username for user in after.items] == ["c", "b"]
    last = await users.list_newest(PageRequest(NEWEST_USERS, 2, backward=True))
    assert ([user.username for user in last.items], last.has_previous) == (["b", "a"], True)
    before = await users.list_newest(
        PageRequest(NEWEST_USERS, 9, before=last.items[0].position, backward=True)
    )
    assert [user.username for user in before.items] == ["e", "d", "c"]


async def test_follows_are_listed_for_many_users_at_once(users: UserRepository) -> None:
    ada, grace, joan, mary = await add(users, "Ada", "Grace", "Joan", "Mary")
    for follower in (grace, joan, mary):
        assert await users.follow(follower.id, ada.id)
    assert await users.follow(ada.id, mary.id)
    assert await users.follow(grace.id, ada.id), "again, and nothing changes"
    page = PageRequest(NEWEST_FOLLOWS, 2)
    followers = await users.list_followers([ada.id, joan.id, mary.id], page)
    assert [follow.user.username for follow in followers[ada.id].items] == ["Mary", "Joan"]
    assert (followers[ada.id].has_next, followers[joan.id].items) == (True, ())
    assert [follow.user for follow in followers[mary.id].items] == [ada]
    older = PageRequest(NEWEST_FOLLOWS, 2, after=followers[ada.id].items[-1].position)
    assert [f.user.username for f in (await users.list_followers([ada.id], older))[ada.id].items] == ["Grace"]
    following = await users.list_following([grace.id, ada.id], page)
    assert [follow.user for follow in following[grace.id].items] == [ada]
    assert await users.count_followers([ada.id, joan.id]) == {ada.id: 3, joan.id: 0}
    assert await users.find_followed(grace.id, [ada.id, joan.id]) == {ada.id}


async def test_an_unfollow_is_idempotent_and_a_stranger_cannot_be_followed(users: UserRepository) -> None:
    ada, grace = await add(users, "Ada", "Grace")
    await users.follow(grace.id, ada.id)
    await users.unfollow(grace.id, ada.id)
    await users.unfollow(grace.id, ada.id)
    assert await users.count_followers([ada.id]) == {ada.id: 0}
    assert not await users.follow(grace.id, UserId(uuid4()))
    assert not await users.follow(UserId(uuid4()), ada.id)


async def test_a_refresh_token_is_good_once(repositories: Repositories) -> None:
    (ada,) = await add(repositories.users, "Ada")
    logins, family = repositories.logins, FamilyId(uuid4())
    await logins.start(ada.id, family, refresh("one"))
    assert await logins.rotate(refresh("one").token_hash, refresh("two"), NOW) == Rotated(ada.id)
    assert await logins.rotate(refresh("one").token_hash, refresh("three"), NOW) == Reused(ada.id, family)
    assert await logins.rotate(refresh("two").token_hash, refresh("four"), NOW) == Reused(ada.id, family), (
        "the whole family ended with the reuse"
    )


async def test_reuse_ends_one_family_and_no_other(repositories: Repositories) -> None:
    (ada,) = await add(repositories.users, "Ada")
    logins = repositories.logins
    await logins.start(ada.id, FamilyId(uuid4()), refresh("phone"))
    await logins.start(ada.id, FamilyId(uuid4()), refresh("laptop"))
    await logins.rotate(refresh("phone").token_hash, refresh("phone2"), NOW)
    await logins.rotate(refresh("phone").token_hash, refresh("thief"), NOW)
    assert await logins.rotate(refresh("laptop").token_hash, refresh("laptop2"), NOW) == Rotated(ada.id)


async def test_of_two_uses_at_once_one_is_reuse(repositories: Repositories) -> None:
    (ada,) = await add(repositories.users, "Ada")
    logins = repositories.logins
    await logins.start(ada.id, FamilyId(uuid4()), refresh("one"))
    both = await asyncio.gather(
        *(logins.rotate(refresh("one").token_hash, refresh(name), NOW) for name in ("two", "three"))
    )
    assert {type(answer) for answer in both} == {Rotated, Reused}


async def test_an_expired_or_unknown_token_is_unusable(repositories: Repositories) -> None:
    (ada,) = await add(repositories.users, "Ada")
    logins = repositories.logins
    await logins.start(ada.id, FamilyId(uuid4()), refresh("old", ends=-timedelta(seconds=1)))
    assert await logins.rotate(refresh("old").token_hash, refresh("new"), NOW) == Unusable()
    assert await logins.rotate(refresh("unheard-of").token_hash, refresh("new"), NOW) == Unusable()


async def test_logging_out_ends_one_login_or_all(repositories: Repositories) -> None:
    (ada,) = await add(repositories.users, "Ada")
    logins = repositories.logins
    for name in ("phone", "laptop", "tv"):
        await logins.start(ada.id, FamilyId(uuid4()), refresh(name))
    await logins.revoke_family(refresh("phone").token_hash)
    await logins.revoke_family(refresh("unheard-of").token_hash)
    assert isinstance(await logins.rotate(refresh("phone").token_hash, refresh("p2"), NOW), Reused)
    assert await logins.revoke_all(ada.id) == 2
    assert isinstance(await logins.rotate(refresh("tv").token_hash, refresh("t2"), NOW), Reused)

"""How often one may try to log in, sign up and refresh."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from db.config import DomainStore
from subgraphs.kit.config import SubgraphConfig
from subgraphs.registry import build_domain
from subgraphs.users.limits import LOGIN_BY_ACCOUNT, LOGIN_BY_ADDRESS, SIGN_UP
from tests.subgraphs.support import denied, error, mutation_text, refused
from tests.subgraphs.users.people import PASSWORD, Users


def of(address: str) -> Mapping[str, str]:
    return {"X-Forwarded-For": address}


def guess(name: str) -> dict[str, Any]:
    return {"usernameOrEmail": name, "password": "a guess"}


async def test_guessing_one_account_from_many_addresses_is_limited(world: Users) -> None:
    await world.sign_up("ada")
    for number in range(LOGIN_BY_ACCOUNT.count):
        wrong = await refused(world.subgraph, "login", of(f"198.51.100.{number}"), **guess("ada"))
        assert wrong == [("INVALID_CREDENTIALS", "")]
    told = await error(world.subgraph, mutation_text("login"), of("203.0.113.1"), input=guess("ADA"))
    assert told["extensions"]["code"] == "RATE_LIMITED"
    assert 0 < told["extensions"]["retryAfterSeconds"] <= LOGIN_BY_ACCOUNT.seconds
    await world.sign_up("grace")
    await world.log_in("grace")


async def test_guessing_many_accounts_from_one_address_is_limited(world: Users) -> None:
    here, answers = of("198.51.100.7"), []
    for number in range(LOGIN_BY_ADDRESS.count):
        answers += await refused(world.subgraph, "login", here, **guess(f"user{number}"))
    assert set(answers) == {("INVALID_CREDENTIALS", "")}
    assert await denied(world.subgraph, "login", here, **guess("another")) == "RATE_LIMITED"
    assert await refused(world.subgraph, "login", of("198.51.100.8"), **guess("another"))


async def test_an_unknown_account_is_limited_like_a_known_one(world: Users) -> None:
    for number in range(LOGIN_BY_ACCOUNT.count):
        await refused(world.subgraph, "login", of(f"198.51.100.{number}"), **guess("nobody"))
    assert await denied(world.subgraph, "login", of("203.0.113.1"), **guess("nobody")) == "RATE_LIMITED"


async def test_sign_ups_from_one_address_are_limited(world: Users) -> None:
    here = of("198.51.100.7")
    for number in range(SIGN_UP.count):
        await world.sign_up(f"user{number}", here)
    given = {"username": "one_more", "email": "one@plait.example", "password": PASSWORD}
    assert await denied(world.subgraph, "signUp", here, **given) == "RATE_LIMITED"
    assert await refused(world.subgraph, "signUp", of("198.51.100.8"), **given) == []


async def test_without_redis_nobody_guesses_and_who_is_logged_in_stays_so(
    world: Users, stores: Mapping[str, DomainStore], config: SubgraphConfig
) -> None:
    ada = await world.sign_up("ada")
    nowhere = replace(stores["users"], redis="redis://127.0.0.1:1")
    async with build_domain("users", config, nowhere) as alone:
        assert await denied(alone, "login", **guess("ada")) == "RATE_LIMITED"
        assert await refused(alone, "refreshLogin", refreshToken=ada.refresh) == []

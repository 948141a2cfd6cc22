"""Passwords, addresses, and leaving: by GraphQL and by the mails that come of it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from subgraphs.users.limits import MAIL_TO_ADDRESS
from subgraphs.users.repository.postgres_jobs import delete_expired
from tests.subgraphs.support import act, code, data, denied, refused
from tests.subgraphs.users.mailbox import Mailbox
from tests.subgraphs.users.people import PASSWORD, Somebody, Users

ME = "{ me { email isVerified } }"
NEW = "another horse"


async def verified(world: Users, mailbox: Mailbox, name: str) -> Somebody:
    somebody = await world.sign_up(name)
    token = await mailbox.token(f"{name}@plait.example")
    assert await refused(world.subgraph, "verifyEmail", token=token) == []
    return somebody


async def used(world: Users, mutation: str, **given: Any) -> list[tuple[str, str]]:
    return await refused(world.subgraph, mutation, **given)


async def test_an_address_is_proven_by_the_mail_to_it(world: Users, mailbox: Mailbox) -> None:
    ada = await world.sign_up("ada")
    assert (await ada.data(ME))["me"]["isVerified"] is False
    token = await mailbox.token("ada@plait.example")
    payload = await act(world.subgraph, "verifyEmail", None, "user { username isVerified }", token=token)
    assert payload["user"] == {"username": "ada", "isVerified": True}
    assert (await world.log_in("ADA@plait.example")).id == ada.id
    assert await used(world, "verifyEmail", token=token) == [("TOKEN_UNUSABLE", "token")]


async def test_no_store_holds_the_text_of_a_token(world: Users, mailbox: Mailbox) -> None:
    await world.sign_up("ada")
    await mailbox.work()
    everything = str(await world.run("SELECT * FROM proofs")) + str(await world.run("SELECT * FROM jobs"))
    assert await mailbox.token("ada@plait.example") not in everything


async def test_a_mail_is_sent_again_until_the_address_is_proven(world: Users, mailbox: Mailbox) -> None:
    ada = await world.sign_up("ada")
    await mailbox.collect()
    await ada.act("requestEmailVerification", "sentTo", email="ADA@plait.example")
    token = await mailbox.token("ADA@plait.example")
    other = await ada.refused("requestEmailVerification", email="other@plait.example")
    assert other == [("INVALID_INPUT", "email")]
    assert await used(world, "verifyEmail", token=token) == []
    assert await ada.refused("requestEmailVerification", email="ada@plait.example") == [
        ("INVALID_INPUT", "email")
    ]


async def test_an_address_belongs_to_who_proves_it_first(world: Users, mailbox: Mailbox) -> None:
    """Eve signs up with Ada's address before Ada does."""
    eve = await world.sign_up("eve")
    await world.run("UPDATE users SET email = 'ada@plait.example' WHERE username = 'eve'")
    await mailbox.collect()
    ada = await world.sign_up("ada")
    token = await mailbox.token("ada@plait.example")
    assert await used(world, "verifyEmail", token=token) == []
    assert (await ada.data(ME))["me"] == {"email": "ada@plait.example", "isVerified": True}
    assert (await eve.data(ME))["me"] == {"email": "ada@plait.example", "isVerified": False}
    await eve.act("requestEmailVerification", email="ada@plait.example")
    assert await mailbox.subjects() == [("ada@plait.example", "You have an account already")]


async def test_two_who_claim_an_address_do_not_both_prove_it(world: Users, mailbox: Mailbox) -> None:
    await world.sign_up("ada")
    first = await mailbox.token("ada@plait.example")
    given = {"username": "eve", "email": "ada@plait.example", "password": PASSWORD}
    await refused(world.subgraph, "signUp", **given)
    second = await mailbox.token("ada@plait.example")
    answers = await asyncio.gather(*(used(world, "verifyEmail", token=each) for each in (first, second)))
    assert sorted(answers) == [[], [("TOKEN_UNUSABLE", "token")]]


async def test_an_address_changes_when_the_new_one_is_proven_and_the_old_one_is_told(
    world: Users, mailbox: Mailbox
) -> None:
    ada = await verified(world, mailbox, "ada")
    await mailbox.collect()
    given = {"email": "ada@new.example", "password": PASSWORD}
    assert await ada.refused("changeEmail", **(given | {"password": "wrong"})) == [
        ("INVALID_CREDENTIALS", "password")
    ]
    await ada.act("changeEmail", "sentTo", **given)
    assert (await ada.data(ME))["me"]["email"] == "ada@plait.example", "until it is proven"
    assert await used(world, "verifyEmail", token=await mailbox.token("ada@new.example")) == []
    assert (await ada.data(ME))["me"] == {"email": "ada@new.example", "isVerified": True}
    assert await mailbox.subjects() == [("ada@plait.example", "Your address was changed")]


async def test_a_change_to_anothers_address_tells_only_them(world: Users, mailbox: Mailbox) -> None:
    await verified(world, mailbox, "grace")
    ada = await world.sign_up("ada")
    await mailbox.collect()
    assert await ada.refused("changeEmail", email="grace@plait.example", password=PASSWORD) == []
    assert await mailbox.subjects() == [("grace@plait.example", "You have an account already")]


async def test_a_lost_password_is_replaced_by_mail_and_every_login_ends(
    world: Users, mailbox: Mailbox
) -> None:
    ada = await verified(world, mailbox, "ada")
    await mailbox.collect()
    assert await used(world, "requestPasswordReset", email="Ada@plait.example") == []
    token = await mailbox.token("Ada@plait.example")
    assert await used(world, "resetPassword", token=token, password="short") == [
        ("INVALID_INPUT", "password")
    ]
    assert await used(world, "resetPassword", token=token, password=NEW) == []
    assert await code(world.subgraph, ME, ada.headers) == "UNAUTHENTICATED"
    assert (await world.log_in("ada", NEW)).id == ada.id
    assert await used(world, "refreshLogin", refreshToken=ada.refresh) == [("LOGIN_ENDED", "refreshToken")]
    assert await used(world, "resetPassword", token=token, password=NEW) == [("TOKEN_UNUSABLE", "token")]
    assert await mailbox.subjects() == [("ada@plait.example", "Your password was changed")]


async def test_a_reset_does_not_tell_who_has_an_account(world: Users, mailbox: Mailbox) -> None:
    await world.sign_up("unproven")
    await mailbox.collect()
    for address in ("nobody@plait.example", "unproven@plait.example"):
        payload = await act(world.subgraph, "requestPasswordReset", None, "sentTo", email=address)
        assert payload == {"sentTo": address, "errors": []}
    assert await mailbox.collect() == []


async def test_a_token_is_good_for_its_purpose_in_its_time_and_once(world: Users, mailbox: Mailbox) -> None:
    await world.sign_up("ada")
    token = await mailbox.token("ada@plait.example")
    wrong = [("TOKEN_UNUSABLE", "token")]
    assert await used(world, "resetPassword", token=token, password=NEW) == wrong, "another purpose"
    await world.run("UPDATE proofs SET expires_at = now()")
    assert await used(world, "verifyEmail", token=token) == wrong, "too late"
    await world.run("UPDATE proofs SET expires_at = now() + interval '1 minute'")
    both = await asyncio.gather(*(used(world, "verifyEmail", token=token) for _ in range(2)))
    assert sorted(both) == [[], wrong], "once"


@pytest.mark.parametrize("token", ["", "x", "\0", "\ud800", "'; --", "x" * 100_000])
async def test_a_token_that_never_was_is_refused(world: Users, token: str) -> None:
    assert await used(world, "verifyEmail", token=token) == [("TOKEN_UNUSABLE", "token")]
    assert await used(world, "resetPassword", token=token, password=NEW) == [("TOKEN_UNUSABLE", "token")]


async def test_a_new_password_ends_the_other_logins_and_not_this_one(world: Users) -> None:
    here = await world.sign_up("ada")
    there = await world.log_in("ada")
    wrong = await here.refused("changePassword", currentPassword="wrong", newPassword=NEW)
    assert wrong == [("INVALID_CREDENTIALS", "currentPassword")]
    same = await here.refused("changePassword", currentPassword=PASSWORD, newPassword="ada")
    assert same == [("INVALID_INPUT", "newPassword")]
    given = {"currentPassword": PASSWORD, "newPassword": NEW}
    assert (await here.act("changePassword", "endedLogins", **given))["endedLogins"] == 1
    assert await code(world.subgraph, ME, there.headers) == "UNAUTHENTICATED"
    assert await here.data(ME)
    assert (await here.refreshed()).access
    assert await used(world, "login", usernameOrEmail="ada", password=PASSWORD) == [
        ("INVALID_CREDENTIALS", "")
    ]


async def test_mail_to_one_address_is_limited_whoever_has_it_sent(world: Users) -> None:
    for number in range(MAIL_TO_ADDRESS.count):
        here = {"X-Forwarded-For": f"198.51.100.{number}"}
        assert await refused(world.subgraph, "requestPasswordReset", here, email="a@plait.example") == []
    elsewhere = {"X-Forwarded-For": "203.0.113.1"}
    sent = await denied(world.subgraph, "requestPasswordReset", elsewhere, email="A@plait.example")
    assert sent == "RATE_LIMITED"


async def test_an_account_is_deleted_with_all_that_is_in_it(world: Users, mailbox: Mailbox) -> None:
    ada, grace = await world.sign_up("ada"), await world.sign_up("grace")
    await grace.act("followUser", userId=ada.id)
    await ada.act("followUser", userId=grace.id)
    assert await ada.refused("deleteAccount", password="wrong") == [("INVALID_CREDENTIALS", "password")]
    assert (await ada.act("deleteAccount", "userId", password=PASSWORD))["userId"] == ada.id
    found = await data(world.subgraph, '{ user(username: "ada") { id } }')
    assert found == {"user": None}
    assert await world.run("SELECT type, key FROM outbox WHERE topic = 'users.account'") == [
        ("UserDeleted", ada.id)
    ]
    for table in ("users", "refresh_tokens", "logins", "follows", "user_roles", "proofs"):
        assert ada.id not in str(await world.run(f"SELECT * FROM {table}"))
    assert "ada@plait.example" not in str(await world.run("SELECT * FROM audit"))
    assert (await grace.data("{ me { followerCount } }"))["me"] == {"followerCount": 0}
    assert await mailbox.subjects() == [("grace@plait.example", "Is this your address?")]


async def test_what_is_kept_about_somebody_is_theirs_to_take_away(world: Users) -> None:
    ada, grace = await world.sign_up("ada"), await world.sign_up("grace")
    await ada.act("followUser", userId=grace.id)
    told = (await ada.data("{ accountExport }"))["accountExport"]
    assert (told["user"]["email"], told["roles"]) == ("ada@plait.example", ["ROLE_USER"])
    assert [each["followed_id"] for each in told["follows by follower_id"]] == [grace.id]
    assert len(told["logins by user_id"]) == 1
    assert "hash" not in str(told)
    assert await data(world.subgraph, "{ accountExport }") == {"accountExport": None}


async def test_what_has_expired_is_deleted(world: Users, mailbox: Mailbox) -> None:
    await world.sign_up("ada")
    await mailbox.work()
    kept = await world.sign_up("grace")
    for table in ("refresh_tokens", "logins", "proofs"):
        await world.run(
            f"UPDATE {table} SET expires_at = now() - interval '1 s' "
            "WHERE user_id = (SELECT id FROM users WHERE username = 'ada')"
        )
    async with world.database.write() as session:
        await delete_expired(session)
    for table, left in (("refresh_tokens", 1), ("logins", 1), ("proofs", 0)):
        assert len(await world.run(f"SELECT 1 FROM {table}")) == left
    assert (await kept.refreshed()).access

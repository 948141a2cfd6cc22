"""Settings and privacy as their owner sees and changes them."""

from __future__ import annotations

from tests.subgraphs.support import data
from tests.subgraphs.users.people import Users

CHOICES = """settings { language theme timezone }
    privacy { isPrivate isListed profileAudience emailAudience followsAudience }"""
DEFAULTS = {
    "settings": {"language": "EN", "theme": "SYSTEM", "timezone": "UTC"},
    "privacy": {
        "isPrivate": False,
        "isListed": True,
        "profileAudience": "EVERYONE",
        "emailAudience": "NOBODY",
        "followsAudience": "EVERYONE",
    },
}


async def test_an_account_has_settings_and_privacy_from_its_first_moment_on(world: Users) -> None:
    ada = await world.sign_up("ada")
    assert (await ada.data(f"{{ me {{ {CHOICES} }} }}"))["me"] == DEFAULTS
    await world.run("INSERT INTO users (username, email, password_hash) VALUES ('old', 'o@x.example', '')")
    assert await world.run("SELECT count(*) FROM user_settings NATURAL JOIN user_privacy") == [(2,)]


async def test_settings_change_in_what_is_given(world: Users) -> None:
    ada = await world.sign_up("ada")
    shown = "settings { language theme timezone }"
    given = {"language": "DE", "timezone": "Europe/Berlin"}
    changed = (await ada.act("updateSettings", shown, **given))["settings"]
    assert changed == {"language": "DE", "theme": "SYSTEM", "timezone": "Europe/Berlin"}
    changed = (await ada.act("updateSettings", shown, theme="DARK"))["settings"]
    assert changed == {"language": "DE", "theme": "DARK", "timezone": "Europe/Berlin"}
    wrong = await ada.refused("updateSettings", timezone="Mars/Olympus", theme=None)
    assert sorted(wrong) == [("INVALID_INPUT", "theme"), ("INVALID_INPUT", "timezone")]
    assert (await ada.data(f"{{ me {{ {shown} }} }}"))["me"]["settings"] == changed


async def test_privacy_changes_in_what_is_given_and_leaves_a_record(world: Users) -> None:
    ada = await world.sign_up("ada")
    shown = "privacy { isPrivate isListed profileAudience emailAudience followsAudience }"
    given = {"emailAudience": "FOLLOWERS", "isListed": False}
    changed = (await ada.act("updatePrivacy", shown, **given))["privacy"]
    assert changed == DEFAULTS["privacy"] | given
    assert (await ada.act("updatePrivacy", shown))["privacy"] == changed
    assert await ada.refused("updatePrivacy", isPrivate=None) == [("INVALID_INPUT", "isPrivate")]
    (record,) = await world.run("SELECT changes FROM audit WHERE action = 'update privacy'")
    assert record[0] == {"email_audience": ["NOBODY", "FOLLOWERS"], "is_listed": [True, False]}


async def test_settings_and_privacy_are_for_their_owner_and_administrators(world: Users) -> None:
    ada, grace, admin = await world.sign_up("ada"), await world.sign_up("grace"), await world.admin("root")
    query = f'{{ user(username: "ada") {{ {CHOICES} }} }}'
    assert (await admin.data(query))["user"] == (await ada.data(query))["user"] == DEFAULTS
    assert (await grace.data(query))["user"] == {"settings": None, "privacy": None}
    assert (await data(world.subgraph, query))["user"] == {"settings": None, "privacy": None}
    for mutation in ("updateSettings", "updatePrivacy"):
        nobody = f"mutation {{ {mutation}(input: {{}}) {{ errors {{ code }} }} }}"
        answer = await world.subgraph.execute(nobody)
        assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"

"""Keys: told from noise without a look-up; each that is not good has a status and code of its own."""

from __future__ import annotations

import logging
import shutil
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from router.config import PartnersConfig
from router.partners.key import ALPHABET, PATTERN, hash_of, id_of, is_key, new_key
from router.partners.partner import Partner, PartnerKey
from router.partners.registry import Partners
from router.rates.gcra import MemoryRates
from tests.support.partners import ADA, CREATED, add_partner, code, router, serving, store

BY_ID = {"documentId": "me-1"}


def test_a_key_has_a_prefix_for_scanners_and_a_checksum_that_any_change_breaks() -> None:
    key = new_key()
    assert PATTERN.fullmatch(key)
    assert is_key(key)
    assert len({new_key() for _ in range(50)}) == 50
    for place in range(len(key)):
        other = "x" if key[place] != "x" else "y"
        assert not is_key(key[:place] + other + key[place + 1 :]), place


NO_KEYS = {
    "nothing": "",
    "the prefix alone": "plait_pk_",
    "one character more": new_key() + "a",
    "one character fewer": new_key()[:-1],
    "a line": new_key() + "\n",
    "other letters": "ключ" * 12,
}


@pytest.mark.parametrize("text", NO_KEYS.values(), ids=NO_KEYS)
def test_what_is_no_key_is_told_without_a_store(text: str) -> None:
    assert not is_key(text)


def test_the_checksum_is_the_one_scanners_can_work_out() -> None:
    key = new_key()
    number = 0
    for character in key[-6:]:
        number = number * 62 + ALPHABET.index(character)
    assert number == zlib.crc32(key[len("plait_pk_") : -6].encode())


def with_key(key: PartnerKey, folder: Path) -> None:
    store(folder).change("acme", lambda before: replace(before or Partner(name="acme"), keys=(key,)))


NOW = datetime.now(UTC)
FAULTS = {
    "PARTNER_KEY_EXPIRED": {"expires": NOW - timedelta(seconds=1)},
    "PARTNER_KEY_REVOKED": {"revoked": NOW - timedelta(days=1)},
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_key_that_has_ended_is_refused_and_its_owner_told_to_the_operator(
    tmp_path: Path, fault: str
) -> None:
    key = add_partner(store(tmp_path))
    with_key(PartnerKey(hash=hash_of(key), created=CREATED, **FAULTS[fault]), tmp_path)
    partners = router(tmp_path)
    async with serving(partners) as http:
        refused = await http.post("/graphql", json=BY_ID, headers={"x-api-key": key})
        assert partners.partners is not None
        used = await partners.partners.use("acme")
    assert code(refused) == (401, fault)
    assert refused.headers["www-authenticate"].startswith("Bearer")
    assert used[0].codes == {fault: 1}
    assert used[0].operations == 0


async def test_wrong_keys_each_have_their_code_wherever_they_stand(tmp_path: Path) -> None:
    key = add_partner(store(tmp_path))
    broken = key[:-1] + ("a" if key[-1] != "a" else "b")
    async with serving(router(tmp_path)) as http:
        for headers, expected in [
            ({"x-api-key": broken}, (401, "PARTNER_KEY_MALFORMED")),
            ({"authorization": f"Bearer {broken}"}, (401, "PARTNER_KEY_MALFORMED")),
            ({"x-api-key": "sesame"}, (401, "PARTNER_KEY_MALFORMED")),
            ({"x-api-key": ""}, (401, "PARTNER_KEY_MALFORMED")),
            ({"x-api-key": f"{key}, {key}"}, (401, "PARTNER_KEY_MALFORMED")),
            ({"x-api-key": key * 1000}, (401, "PARTNER_KEY_MALFORMED")),
            ({"x-api-key": new_key()}, (401, "PARTNER_KEY_UNKNOWN")),
            ({"authorization": f"bearer  {new_key()}"}, (401, "PARTNER_KEY_UNKNOWN")),
            ({"x-api-key": key, "authorization": f"Bearer {new_key()}"}, (400, "PARTNER_KEY_AMBIGUOUS")),
        ]:
            assert code(await http.post("/graphql", json=BY_ID, headers=headers)) == expected, headers
        for headers in ({"x-api-key": key}, {"authorization": f"Bearer {key}"}):
            assert (await http.post("/graphql", json=BY_ID, headers=headers)).json() == ADA
        both = {"x-api-key": key, "authorization": f"Bearer {key}"}
        assert (await http.post("/graphql", json=BY_ID, headers=both)).json() == ADA


async def test_a_key_in_an_address_or_a_body_is_none(tmp_path: Path) -> None:
    key = add_partner(store(tmp_path))
    async with serving(router(tmp_path, partners={"required": True})) as http:
        headers = {"apollo-require-preflight": "true"}
        for response in (
            await http.get("/graphql/me-1", params={"x-api-key": key}, headers=headers),
            await http.post("/graphql", json={**BY_ID, "x-api-key": key}),
        ):
            assert code(response) == (401, "PARTNER_KEY_REQUIRED")


async def test_the_headers_of_keys_are_configured(tmp_path: Path) -> None:
    key = add_partner(store(tmp_path))
    async with serving(router(tmp_path, partners={"key_headers": ("X-Shop-Key",), "required": True})) as http:
        assert (await http.post("/graphql", json=BY_ID, headers={"x-shop-key": key})).json() == ADA
        ignored = await http.post("/graphql", json=BY_ID, headers={"x-api-key": key})
    assert code(ignored) == (401, "PARTNER_KEY_REQUIRED")


def texts_of(folder: Path) -> list[str]:
    return [path.read_text(errors="replace") for path in folder.iterdir()]


async def test_no_log_and_no_answer_says_a_key(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    key = add_partner(store(tmp_path))
    caplog.set_level(logging.DEBUG)
    answers = []
    async with serving(router(tmp_path)) as http:
        for sent in (key, key[:-1] + "!", new_key()):
            for body in (BY_ID, {"query": "{ nope }"}, {"documentId": sent[:20]}):
                answers.append((await http.post("/graphql", json=body, headers={"x-api-key": sent})).text)
    said = caplog.text + "".join(answers[:2] + answers[3:])
    assert key[9:30] not in said
    assert all(key not in text for text in texts_of(tmp_path))


def test_a_key_is_called_by_what_tells_nothing_of_it() -> None:
    key = new_key()
    assert id_of(hash_of(key)) not in key
    assert len(id_of(hash_of(key))) == 12


async def test_finding_whose_key_it_is_asks_no_store(tmp_path: Path) -> None:
    folder = store(tmp_path)
    key = add_partner(folder)
    partners = Partners(PartnersConfig(store=str(tmp_path)), folder, MemoryRates())
    await partners.refresh()
    shutil.rmtree(tmp_path)
    assert partners.find(key).name == "acme"

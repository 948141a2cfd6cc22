"""Encrypted columns: readable with the key, in their place, and nowhere else."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subgraphs.kit.encryption import BadKeys, CannotDecrypt, Cipher

OLD, NEW = (f"{name}:{base64.b64encode(bytes([name]) * 32).decode()}" for name in (1, 2))
CIPHER = Cipher.from_text(OLD)


@given(st.text(), st.text(), st.text())
def test_what_is_encrypted_decrypts_in_its_place(text: str, column: str, row: str) -> None:
    assert CIPHER.decrypt(CIPHER.encrypt(text, column, row), column, row) == text


def test_equal_values_look_different_and_nothing_shows_through() -> None:
    first, second = (CIPHER.encrypt("+47 123", "users.phone", 1) for _ in range(2))
    assert first != second
    assert b"+47" not in first


@pytest.mark.parametrize(("column", "row"), [("users.phone", 2), ("users.email", 1), ("users.phone1", "")])
def test_a_value_moved_elsewhere_does_not_decrypt(column: str, row: object) -> None:
    with pytest.raises(CannotDecrypt, match="was changed, or is another row's"):
        CIPHER.decrypt(CIPHER.encrypt("x", "users.phone", 1), column, row)


def test_every_changed_byte_is_noticed() -> None:
    stored = CIPHER.encrypt("x", "users.phone", 1)
    for place in range(len(stored)):
        changed = bytearray(stored)
        changed[place] ^= 1
        with pytest.raises(CannotDecrypt):
            CIPHER.decrypt(bytes(changed), "users.phone", 1)
    for length in range(len(stored)):
        with pytest.raises(CannotDecrypt):
            CIPHER.decrypt(stored[:length], "users.phone", 1)


def test_a_new_key_encrypts_and_the_old_one_still_decrypts_until_it_is_taken_away() -> None:
    stored = CIPHER.encrypt("x", "users.phone", 1)
    rotating = Cipher.from_text(f"{NEW} {OLD}")
    assert not rotating.is_current(stored)
    renewed = rotating.encrypt(rotating.decrypt(stored, "users.phone", 1), "users.phone", 1)
    assert rotating.is_current(renewed)
    rotated = Cipher.from_text(NEW)
    assert rotated.decrypt(renewed, "users.phone", 1) == "x"
    with pytest.raises(CannotDecrypt, match="not among the configured ones"):
        rotated.decrypt(stored, "users.phone", 1)


@pytest.mark.parametrize("text", ["", "1:short", "1:!!!", "nokey", f"{OLD} {OLD}", f":{'A' * 44}"])
def test_keys_that_cannot_be_used_are_refused_without_being_shown(text: str) -> None:
    with pytest.raises(BadKeys) as caught:
        Cipher.from_text(text)
    assert "short" not in str(caught.value)


def test_a_cipher_does_not_show_its_keys() -> None:
    assert "AESGCM" not in repr(CIPHER)

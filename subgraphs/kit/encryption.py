"""Columns that a copy of the database does not give away: AES-256-GCM, with keys from the environment.

    cipher = Cipher.from_text(text)                    PLAIT_ENCRYPTION_KEYS: "2:BASE64 1:BASE64"
    stored = cipher.encrypt("+47…", "users.phone", user_id)
    cipher.decrypt(stored, "users.phone", user_id)

The first key encrypts, each decrypts: to rotate, put a new one in front, then re-encrypt what `is_current`
says is old, then take the old one away. A value is bound to its column and row: moved to another, it does
not decrypt.

    stored = 1 byte: length of the key's id │ id │ 12 bytes nonce │ ciphertext and 16 bytes tag
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES, NONCE_BYTES, LONGEST_ID = 32, 12, 20


class EncryptionError(Exception):
    """The root; never shown to clients."""

    code = "ENCRYPTION_FAILED"


class BadKeys(EncryptionError):
    code = "ENCRYPTION_KEYS_UNUSABLE"


class CannotDecrypt(EncryptionError):
    code = "CANNOT_DECRYPT"


@dataclass(frozen=True, slots=True)
class Cipher:
    """`keys` by id; `current` is the one that encrypts."""

    current: str
    keys: Mapping[str, AESGCM] = field(repr=False)

    @classmethod
    def from_text(cls, text: str) -> Cipher:
        """`ID:KEY ID:KEY …`, KEY being 32 bytes in base64; the first is the current one. Raises BadKeys."""
        keys: dict[str, AESGCM] = {}
        for number, part in enumerate(text.split(), 1):
            identifier, _, encoded = part.partition(":")
            if not identifier or len(identifier.encode()) > LONGEST_ID or identifier in keys:
                raise BadKeys(f"key {number} needs an id of its own: ID:KEY, at most {LONGEST_ID} bytes")
            keys[identifier] = AESGCM(_key(identifier, encoded))
        if not keys:
            raise BadKeys("there is no key: ID:KEY, where KEY is `openssl rand -base64 32`")
        return cls(next(iter(keys)), keys)

    def encrypt(self, text: str, column: str, row: object) -> bytes:
        """Another result each time: equal values cannot be told from each other."""
        nonce, name = os.urandom(NONCE_BYTES), self.current.encode()
        sealed = self.keys[self.current].encrypt(nonce, text.encode(), _bound(name, column, row))
        return bytes([len(name)]) + name + nonce + sealed

    def decrypt(self, stored: bytes, column: str, row: object) -> str:
        """Raises CannotDecrypt: an unknown key, another place, or not what was written."""
        name, sealed = _split(stored)
        key = self.keys.get(name.decode(errors="replace"))
        if key is None:
            raise CannotDecrypt(f"{column}: its key is not among the configured ones")
        try:
            nonce, sealed = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
            return key.decrypt(nonce, sealed, _bound(name, column, row)).decode()
        except (InvalidTag, ValueError) as error:
            raise CannotDecrypt(f"{column}: the value was changed, or is another row's") from error

    def is_current(self, stored: bytes) -> bool:
        return _split(stored)[0] == self.current.encode()


def _key(identifier: str, encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise BadKeys(f"key {identifier} is not {KEY_BYTES} bytes in base64 (`openssl rand -base64 32`)")
    return key


def _split(stored: bytes) -> tuple[bytes, bytes]:
    length = stored[0] if stored else 0
    return stored[1 : 1 + length], stored[1 + length :]


def _bound(name: bytes, column: str, row: object) -> bytes:
    """Lengths in front, so that no two places have the same text."""
    parts = (name, column.encode(), str(row).encode())
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)

"""A partner's key: `plait_pk_`, 30 random characters, 6 of checksum.

    plait_pk_8hQ2v…(30)…Zr  0dK3fA
             └ secret       └ CRC-32 of it in base 62

The prefix and the checksum let secret scanners, and us, tell a key from noise without asking anybody. 30
characters of 62 are 178 bits, so a plain SHA-256 is kept: there is nothing to guess a slow hash would save.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import string
import zlib

PREFIX = "plait_pk_"
SECRET_CHARACTERS = 30
CHECKSUM_CHARACTERS = 6
ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
CHARACTERS = len(PREFIX) + SECRET_CHARACTERS + CHECKSUM_CHARACTERS
PATTERN = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{SECRET_CHARACTERS + CHECKSUM_CHARACTERS}}}")
"""What scanners look for; the checksum tells whether it is one."""

ID_CHARACTERS = 12


def new_key() -> str:
    """Shown once to whoever made it, and kept nowhere."""
    secret = "".join(secrets.choice(ALPHABET) for _ in range(SECRET_CHARACTERS))
    return f"{PREFIX}{secret}{_checksum(secret)}"


def is_key(text: str) -> bool:
    """Whether the text has the form and the checksum of a key. O(1)."""
    if not PATTERN.fullmatch(text):
        return False
    secret = text[len(PREFIX) : -CHECKSUM_CHARACTERS]
    return text.endswith(_checksum(secret))


def hash_of(key: str) -> str:
    """What is kept of a key, in hexadecimal."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def id_of(hash_: str) -> str:
    """What people call a key by: the start of its hash, no part of the key."""
    return hash_[:ID_CHARACTERS]


def _checksum(secret: str) -> str:
    number, characters = zlib.crc32(secret.encode("ascii")), ""
    for _ in range(CHECKSUM_CHARACTERS):
        number, digit = divmod(number, len(ALPHABET))
        characters = ALPHABET[digit] + characters
    return characters

"""Phone numbers: checked as E.164 writes them, and kept encrypted."""

from __future__ import annotations

import re

from subgraphs.kit.encryption import Cipher
from subgraphs.kit.validation import Checks

PHONE = re.compile(r"\+[1-9][0-9]{6,14}")


def sealed_phone(checks: Checks, cipher: Cipher, phone: str, column: str, row: object) -> bytes | None:
    """As it is stored in `column` of `row`; None when it is none, which `done` refuses."""
    is_phone = PHONE.fullmatch(phone) is not None
    checks.require(is_phone, "phone", "A phone number reads +4930123456.")
    return cipher.encrypt(phone, column, row) if is_phone else None


def opened_phone(cipher: Cipher, stored: bytes | None, column: str, row: object) -> str | None:
    return None if stored is None else cipher.decrypt(stored, column, row)

"""Languages that are taught and learned, and how well somebody knows one."""

from __future__ import annotations

import re
from enum import Enum

from subgraphs.kit.enums import describe_enum
from subgraphs.kit.validation import Checks

CODE = re.compile(r"[a-z]{2,3}")


class LanguageLevel(Enum):
    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
    C1 = "C1"
    C2 = "C2"
    NATIVE = "NATIVE"


describe_enum(
    LanguageLevel,
    "LanguageLevel",
    "How well somebody knows a language: the levels of the Common European Framework.",
    {
        "A1": "Says and understands the simplest.",
        "A2": "Gets along in familiar matters.",
        "B1": "Gets along on travels and tells what happened.",
        "B2": "Talks without strain with those who grew up with it.",
        "C1": "Uses it for study and work.",
        "C2": "Understands practically everything.",
        "NATIVE": "Grew up with it.",
    },
)
LEVELS = ", ".join(f"'{level.value}'" for level in LanguageLevel)
"""As a CHECK lists them."""


def checked_language(checks: Checks, code: str, at: str) -> str:
    """ISO 639, in lower case."""
    kept = code.strip().lower()[:10]
    checks.require(CODE.fullmatch(kept) is not None, at, "A language reads en, de or ru (ISO 639).")
    return kept

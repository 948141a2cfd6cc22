"""What an answer under trouble may be: right, or right as far as it goes, with errors for the rest."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

RIGHT, PARTIAL, REFUSED, WRONG = "right", "partial", "refused", "wrong"


class Judge:
    """`expected` are the answers' data by case. What is wrong is kept, to be shown."""

    def __init__(self, expected: Mapping[str, Any]) -> None:
        self._expected = expected
        self.counts: Counter[str] = Counter()
        self.codes: Counter[str] = Counter()
        self.wrong: list[str] = []

    def judge(self, case: str, status: int, body: bytes) -> str:
        verdict = self._verdict(case, status, body)
        self.counts[verdict] += 1
        if verdict == WRONG:
            self.wrong.append(f"{case}: status {status}: {body[:500]!r}")
        return verdict

    def _verdict(self, case: str, status: int, body: bytes) -> str:
        try:
            answer = json.loads(body)
        except ValueError:
            self.codes[f"status {status}"] += 1
            return WRONG if status == 200 else REFUSED
        errors = answer.get("errors", [])
        self.codes.update({error.get("extensions", {}).get("code", "none") for error in errors})
        if answer.get("data") is None:
            return REFUSED if errors else WRONG
        if not errors:
            return RIGHT if answer["data"] == self._expected[case] else WRONG
        return PARTIAL if is_part(answer["data"], self._expected[case]) else WRONG


def is_part(found: Any, whole: Any) -> bool:
    """Whether `found` is `whole` but for nulls. O(size)."""
    if found is None:
        return True
    if isinstance(found, dict) and isinstance(whole, dict):
        return found.keys() == whole.keys() and all(is_part(found[key], whole[key]) for key in found)
    if isinstance(found, list) and isinstance(whole, list):
        return len(found) == len(whole) and all(map(is_part, found, whole))
    return bool(found == whole)

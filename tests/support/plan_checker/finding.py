"""What the checker reports: one fact that makes a plan wrong, with the place where it was seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Code: TypeAlias = Literal[
    "unknown-service",
    "invalid-operation",
    "variable",
    "not-owned",
    "requires-missing",
    "representation",
    "key",
    "context",
    "conflict",
    "rewrite",
    "path",
    "answer-missing",
    "answer-wrong",
    "typename",
    "order",
    "defer",
    "limit",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """`step` names the fetch (its place in the plan) or the client's path; `when` the conditions assumed."""

    code: Code
    step: str
    message: str
    when: str = ""

    def __str__(self) -> str:
        condition = f" [{self.when}]" if self.when else ""
        return f"{self.code}: {self.step}: {self.message}{condition}"


class Findings:
    """Collects findings once each, whatever the number of branches and assignments that show them."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, str, str], Finding] = {}
        self.suspicions: list[Finding] = []
        self.when = ""

    def add(self, code: Code, step: str, message: str) -> None:
        self.items.setdefault((code, step, message), Finding(code, step, message, self.when))

    def suspect(self, step: str, message: str) -> None:
        """A fact that is harmless when the answer is whole, and explains it when it is not."""
        suspicion = Finding("representation", step, message, self.when)
        if suspicion not in self.suspicions:
            self.suspicions.append(suspicion)

    def all(self) -> list[Finding]:
        return [*self.items.values(), *(self.suspicions if self.items else ())]

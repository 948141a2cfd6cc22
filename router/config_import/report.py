"""What became of a foreign file: our configuration, and a remark for each key that is not simply carried."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

import yaml


class Kind(StrEnum):
    NOT_CARRIED = "not_carried_over"
    DIFFERS = "differs_in_meaning"
    ASSUMED = "their_default_written_out"
    DEFAULT = "already_the_default"


HEADINGS = {
    Kind.NOT_CARRIED: "Not carried over",
    Kind.DIFFERS: "Carried over, and differs in meaning",
    Kind.ASSUMED: "Not said there; its default there is not ours and is written out",
    Kind.DEFAULT: "Already the default here",
}
"""In the order they are told."""


@dataclass(frozen=True, slots=True)
class Remark:
    """`key` is theirs, `to` ours. Values are never told: they may be secrets."""

    kind: Kind
    key: str
    reason: str
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """`config` is plain data of our format; `carried` are pairs of keys, theirs and ours."""

    router: str
    config: dict[str, Any]
    carried: tuple[tuple[str, str], ...]
    remarks: tuple[Remark, ...]
    faults: tuple[str, ...] = field(default=())
    """What `plait config validate` says of the result as things are: a variable that is not set, for one."""

    def to_yaml(self) -> str:
        return (
            yaml.safe_dump(self.config, sort_keys=False, allow_unicode=True, width=110) if self.config else ""
        )

    def of(self, kind: Kind) -> list[Remark]:
        return [remark for remark in self.remarks if remark.kind is kind]

    def to_json(self) -> dict[str, Any]:
        return {
            "from": self.router,
            "config": self.config,
            "carried_over": [{"key": key, "to": to} for key, to in self.carried],
            **{kind.value: [_about(remark) for remark in self.of(kind)] for kind in HEADINGS},
            "faults": list(self.faults),
        }


def _about(remark: Remark) -> dict[str, Any]:
    return {name: value for name, value in asdict(remark).items() if name != "kind" and value is not None}

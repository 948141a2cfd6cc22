"""Header rules of all three dialects: lists whose entries become one of ours, several, or a remark."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from router.config_import.document import Ours, Path, Theirs, known, text_of
from router.config_import.values import NotCarried, names

Entries = list[dict[str, Any]]
Carry = Callable[[Any], Entries]
"""One entry of theirs as ours. Raises `NotCarried`."""

PROPAGATE = ("named", "matching", "rename", "default")


def carry_headers(theirs: Theirs, ours: Ours, carry: Mapping[str, Carry]) -> None:
    """`carry` is by direction, `request` and `response`. No rule at all is no default of ours."""
    for direction, one in carry.items():
        _carry_list(theirs, ours, ("headers", "all", direction), one)
        for name in theirs.names(("headers", "subgraphs")):
            _carry_list(theirs, ours, ("headers", "subgraphs", name, direction), one)
    ours.assume(
        "headers", ("headers", "all", "request"), [], "nothing is sent on there unless a rule says so"
    )


def _carry_list(theirs: Theirs, ours: Ours, path: Path, carry: Carry) -> None:
    entries = theirs.get(path)
    if not isinstance(entries, list):
        return
    theirs.take(path)
    if known(path) is None:
        ours.not_carried(text_of(path), f"there is no {text_of(path)} here yet")
        return
    carried: Entries = []
    for index, entry in enumerate(entries):
        key = f"{text_of(path)}[{index}]"
        try:
            carried += carry(entry)
        except NotCarried as error:
            ours.not_carried(key, str(error))
    if carried or path[1] == "all":
        ours.put(text_of(path), path, carried)


def pick(rule: Mapping[str, Any], allowed: tuple[str, ...], *ignored: str) -> dict[str, Any]:
    """The keys of the rule that mean the same here. Raises `NotCarried` for any other that is set."""
    odd = [key for key, value in rule.items() if key not in (*allowed, *ignored) and value is not None]
    if odd:
        raise NotCarried(f"a rule with {odd[0]} has no counterpart here")
    return {key: rule[key] for key in allowed if rule.get(key) is not None}


def each_named(rule: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Hive Router's rules name one header or many; ours name one each."""
    for key in ("named", "matching"):
        for name in names(rule[key]) if rule.get(key) is not None else ():
            yield {**{k: v for k, v in rule.items() if k not in ("named", "matching")}, key: name}


def mapping(value: Any, what: str) -> dict[str, Any]:
    """Raises `NotCarried` for what is none."""
    if not isinstance(value, dict):
        raise NotCarried(f"{what} is not written as the router's own files are")
    return value

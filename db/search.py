"""Finding rows by a name, over what `db.migrations.searching` keeps: one page of one ordered list.

    found = await search(session, Searched("artists"), "rolling stnes", window)     [Found(position, id), …]

The list is made of stretches, each an index range that is read in order:

    the names that begin with the text
    the names in which a later word begins with it
    the same two for up to three texts of known words that are like those typed, the most like first

Inside a stretch names are ordered from the matching word on, then by id. A name is listed where it
matches first. A page reads stretches until it is full: at most eight, each `limit + 1` entries: O(limit),
however many names there are. A position is (stretch, rest of the name, id), so it stays right while names
come and go.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

from sqlalchemy import Boolean, Column, ForeignKey, Integer, MetaData, Table, Text, text

from db.pages import Window
from db.postgres import ReadSession

MOST_CORRECTIONS = 3
MOST_TYPED_WORDS = 5
"""Texts of more words are taken as they are."""
LONGEST = 60
"""Characters that are compared; as in `db.migrations.searching`."""


@dataclass(frozen=True, slots=True)
class Found:
    position: tuple[object, ...]
    id: Any


@dataclass(frozen=True, slots=True)
class Stretch:
    """Names in which the phrase begins the first word (or a later one), and none of `before` does."""

    key: str
    phrase: str
    is_later: bool
    before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Searched:
    """A table that is found by name. `which` narrows it: a condition of the table's rows, called `named`.

    `filters` are conditions that may narrow it further, by name, each of one value: `:wanted_<name>`.
    """

    table: str
    which: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, object] = field(default_factory=dict)

    def narrowed(self, wanted: Mapping[str, object]) -> Searched:
        """By the filters of these names; None does not matter. A filter that few names fit costs a look at
        every name that matches the text: names are read in their order, and it is looked up for each.
        """
        given = {name: value for name, value in wanted.items() if value is not None}
        which = " AND ".join(part for part in (self.which, *(self.filters[name] for name in given)) if part)
        return replace(self, which=which, values={f"wanted_{name}": value for name, value in given.items()})

    @property
    def source(self) -> str:
        """A condition that is looked up per name, so that names are still read in their order."""
        named = f"SELECT {self.which or 'true'} FROM {self.table} AS named WHERE named.id = w.id"  # noqa: S608
        return f"{self.table}_words AS w WHERE {f'({named})' if self.which else 'true'}"


MATCHES = """ AND w.is_later = :is_later AND w.rest >= :phrase AND w.rest < :phrase || chr(1114111)
    AND strpos(' ' || w.whole, ' ' || :phrase) = w.place
    AND NOT EXISTS (
        SELECT FROM unnest(CAST(:before AS text[])) AS b WHERE strpos(' ' || w.whole, ' ' || b) > 0
    )"""


async def search(session: ReadSession, searched: Searched, typed: str, window: Window) -> list[Found]:
    """Up to `limit + 1`, nearest to the window's start first."""
    wanted, found = window.limit + 1, list[Found]()
    async for stretch in _stretches(session, searched, typed, backward=window.backward):
        if not _is_outside(stretch, window):
            found += await _read(session, searched, stretch, window, wanted - len(found))
        if len(found) >= wanted:
            break
    return found


async def count(session: ReadSession, searched: Searched, typed: str) -> int:
    """O(matches)."""
    counted = text(f"SELECT count(*) FROM {searched.source}{MATCHES}")  # noqa: S608
    total = 0
    async for stretch in _stretches(session, searched, typed, backward=False):
        values = {**searched.values, **_values(stretch)}
        total += int((await session.execute(counted, values)).scalar_one())
    return total


async def phrases(session: ReadSession, searched: Searched, typed: str) -> tuple[str, ...]:
    """The texts of which a name that is found has one, from a word on: as typed, and its corrections."""
    stretches = _stretches(session, searched, typed, backward=False)
    return tuple(dict.fromkeys([stretch.phrase async for stretch in stretches]))


async def _stretches(
    session: ReadSession, searched: Searched, typed: str, *, backward: bool
) -> AsyncIterator[Stretch]:
    """Corrections are looked up when the reading gets to them."""
    folding = text(f"SELECT substr(fold_words(:typed), 1, {LONGEST})")
    phrase = str((await session.execute(folding, {"typed": typed})).scalar_one())
    if not phrase:
        return
    exact = list(_sides(0, phrase, ()))
    if backward:
        for stretch in reversed([*exact, *await _corrected(session, searched, phrase)]):
            yield stretch
        return
    for stretch in exact:
        yield stretch
    for stretch in await _corrected(session, searched, phrase):
        yield stretch


async def _corrected(session: ReadSession, searched: Searched, phrase: str) -> list[Stretch]:
    words = phrase.split(" ")
    if len(words) > MOST_TYPED_WORDS:
        return []
    looked_up = text(f"SELECT nth, known, distance FROM similar_in_{searched.table}(:words)")  # noqa: S608
    choices: dict[int, list[tuple[int, str]]] = {nth: [] for nth in range(1, len(words) + 1)}
    for row in await session.execute(looked_up, {"words": words}):
        choices[row.nth].append((row.distance, row.known))
    texts = [
        (sum(distance for distance, _ in chosen), " ".join(word for _, word in chosen)[:LONGEST])
        for chosen in product(*choices.values())
    ]
    kept: list[Stretch] = []
    before = [phrase]
    for distance, corrected in sorted(texts):
        if not any(corrected.startswith(known) for known in before) and len(before) <= MOST_CORRECTIONS:
            kept += _sides(distance, corrected, tuple(before))
            before.append(corrected)
    return kept


def _sides(distance: int, phrase: str, before: tuple[str, ...]) -> Sequence[Stretch]:
    """The keys sort as the stretches are read: what is nearest to what was typed is first."""
    name = phrase if distance else ""
    return [
        Stretch(f"{distance:05d} {name} {int(is_later)}", phrase, is_later, before)
        for is_later in (False, True)
    ]


async def _read(
    session: ReadSession, searched: Searched, stretch: Stretch, window: Window, limit: int
) -> list[Found]:
    bounds, values = "", {**searched.values, **_values(stretch), "most": limit}
    for name, position, comparison in (("after", window.after, ">"), ("before_", window.before, "<")):
        if position is not None and position[0] == stretch.key:
            bounds += f" AND (w.rest, w.id) {comparison} (:{name}_rest, :{name}_id)"
            values |= {f"{name}_rest": position[1], f"{name}_id": position[2]}
    falling = " DESC" if window.backward else ""
    order = f" ORDER BY w.rest{falling}, w.id{falling} LIMIT :most"
    read = text(f"SELECT w.rest, w.id FROM {searched.source}{MATCHES}{bounds}{order}")  # noqa: S608
    rows = await session.execute(read, values)
    return [Found((stretch.key, row.rest, row.id), row.id) for row in rows]


def _is_outside(stretch: Stretch, window: Window) -> bool:
    after, before = window.after, window.before
    return (after is not None and stretch.key < str(after[0])) or (
        before is not None and stretch.key > str(before[0])
    )


def _values(stretch: Stretch) -> Mapping[str, Any]:
    return {"phrase": stretch.phrase, "is_later": stretch.is_later, "before": list(stretch.before)}


def search_tables(metadata: MetaData, table: str) -> None:
    """What `searchable` has made, for the domain's models."""
    key = metadata.tables[table].c.id
    Table(
        f"{table}_words",
        metadata,
        Column("is_later", Boolean, primary_key=True),
        Column("rest", Text(collation="C"), primary_key=True),
        Column("id", ForeignKey(key, ondelete="CASCADE"), primary_key=True),
        Column("whole", Text, nullable=False),
        Column("place", Integer, nullable=False),
    )
    Table(f"{table}_vocabulary", metadata, Column("word", Text(collation="C"), primary_key=True))

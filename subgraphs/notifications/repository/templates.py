"""Templates: the newest version of each kind, channel and language is in force; older ones stay for the
log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert

from db.arrays import among
from db.postgres import Database, ReadSession
from db.statements import per_shape
from subgraphs.kit import audit
from subgraphs.kit.audit import Actor
from subgraphs.notifications.models import notification_templates
from subgraphs.notifications.repository.rows import KINDS
from subgraphs.notifications.values import Channel, Kind, Language, Template

KEPT = notification_templates.c
CHANNELS = {each.value: each for each in Channel}
LANGUAGES = {each.value: each for each in Language}
Book = Mapping[tuple[Kind, Channel, Language], Template]


async def templates_of(session: ReadSession, kinds: Sequence[Kind]) -> Book:
    """Those in force, in one statement: a few dozen at most."""
    rows = await session.fetch(_in_force([kind.value for kind in kinds]))
    return {(each.kind, each.channel, each.language): each for each in map(template_of, rows)}


def template_for(book: Book, kind: Kind, channel: Channel, language: Language) -> Template:
    """The channel's own, else what is shown in the application; in English where it is in no other language.
    Raises KeyError for a kind without any: a test holds that there is none.
    """
    for spoken in (language, Language.EN):
        for where in (channel, Channel.IN_APP):
            found = book.get((kind, where, spoken))
            if found is not None:
                return found
    raise KeyError(kind)


class PostgresTemplateRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def list_in_force(self, kinds: Sequence[Kind]) -> Book:
        async with self._database.read() as session:
            return await templates_of(session, kinds)

    async def publish(self, new: Template, actor: Actor) -> Template:
        """As the next version; `new.version` does not matter. Of two at once one comes after the other."""
        async with self._database.write() as session:
            key = f"{new.kind.value} {new.channel.value} {new.language.value}"
            await session.execute(select(func.pg_advisory_xact_lock(LOCK_SPACE, func.hashtext(key))))
            same = _same(new)
            last = select(func.coalesce(func.max(KEPT.version), 0)).where(*same)
            version = int((await session.execute(last)).scalar_one()) + 1
            row = {
                "kind": new.kind.value,
                "channel": new.channel.value,
                "language": new.language.value,
                "version": version,
                "title": new.title,
                "one": new.one,
                "two": new.two,
                "many": new.many,
            }
            added = insert(notification_templates).values(row).returning(notification_templates)
            made = template_of((await session.execute(added)).one())
            told: dict[str, object] = {"version": [version - 1 or None, version], "title": new.title}
            await audit.record(session, actor, "publish", "notification template", key, told)
            return made


LOCK_SPACE = 0x74656D70


def _same(new: Template) -> list[Any]:
    return [
        KEPT.kind == new.kind.value,
        KEPT.channel == new.channel.value,
        KEPT.language == new.language.value,
    ]


@per_shape
def _in_force(kinds: Sequence[str]) -> Select[Any]:
    newer = notification_templates.alias("newer")
    same = [newer.c[name] == KEPT[name] for name in ("kind", "channel", "language")]
    replaced = select(newer.c.version).where(*same, newer.c.version > KEPT.version)
    return select(notification_templates).where(
        among(KEPT.kind, kinds),
        among(KEPT.channel, list(CHANNELS)),
        among(KEPT.language, list(LANGUAGES)),
        ~replaced.correlate(notification_templates).exists(),
    )


def template_of(row: Any) -> Template:
    return Template(
        KINDS[row.kind],
        CHANNELS[row.channel],
        LANGUAGES[row.language],
        row.version,
        row.title,
        row.one,
        row.two,
        row.many,
    )

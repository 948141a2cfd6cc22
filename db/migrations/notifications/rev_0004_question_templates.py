"""What is told of questions about events and their answers, in each language."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

from db.migrations.ddl import run
from db.migrations.notifications.rev_0002_templates import ADD, LANGUAGES, PEOPLE, Texts

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KINDS = ("EVENT_QUESTION_ASKED", "EVENT_QUESTION_ANSWERED")
ASKED: tuple[Texts, Texts, Texts] = (
    ("Questions", "asks something about $event.", "ask something about $event."),
    ("Fragen", "fragt etwas zu $event.", "fragen etwas zu $event."),
    ("Вопросы", "задаёт вопрос о «$event».", "задают вопросы о «$event»."),
)
ANSWERED: tuple[Texts, Texts, Texts] = (
    ("Your question is answered", "$actor answered your question about $event."),
    ("Deine Frage ist beantwortet", "$actor hat deine Frage zu $event beantwortet."),
    ("На ваш вопрос ответили", "$actor отвечает на ваш вопрос о «$event»."),
)


def upgrade() -> None:
    for row in rows():
        op.execute(text(ADD).bindparams(**row))


def downgrade() -> None:
    run(*(f"DELETE FROM notification_templates WHERE kind = '{kind}'" for kind in KINDS))  # noqa: S608


def rows() -> list[dict[str, str | None]]:
    return [_asked(*each) for each in zip(LANGUAGES, ASKED, strict=True)] + [
        _answered(*each) for each in zip(LANGUAGES, ANSWERED, strict=True)
    ]


def _asked(language: str, texts: Texts) -> dict[str, str | None]:
    title, asks, ask = texts
    one, two, many = PEOPLE[language]
    said = {"one": f"{one} {asks}", "two": f"{two} {ask}", "many": f"{many} {ask}"}
    return {"kind": KINDS[0], "language": language, "title": title, **said}


def _answered(language: str, texts: Texts) -> dict[str, str | None]:
    title, one = texts
    return {"kind": KINDS[1], "language": language, "title": title, "one": one, "two": None, "many": None}

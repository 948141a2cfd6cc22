"""The first templates: what each kind of notification says, in each language. A mail and a message say the
same as the application, until somebody publishes a template of their own for them.

`$actor`, `$second` and `$others` are people, `$event` and `$lesson` titles, `$when` and `$until` times by the
reader's clock. The texts are for one, for two and for more people; the latter two where there can be several.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

from db.migrations.ddl import run

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ADD = """INSERT INTO notification_templates (kind, channel, language, version, title, one, two, many)
    VALUES (:kind, 'IN_APP', :language, 1, :title, :one, :two, :many)"""
LANGUAGES = ("EN", "DE", "RU")
Texts = tuple[str, ...]

ALONE: dict[str, tuple[Texts, Texts, Texts]] = {
    "MENTIONED": (
        ("You were mentioned", "$actor mentioned you in a post."),
        ("Du wurdest erwähnt", "$actor hat dich in einem Beitrag erwähnt."),
        ("Вас упомянули", "$actor упоминает вас в записи."),
    ),
    "EVENT_MOVED": (
        ("Another time", "$event is at another time: $when."),
        ("Andere Zeit", "$event findet zu einer anderen Zeit statt: $when."),
        ("Другое время", "Время события «$event» изменилось: $when."),
    ),
    "EVENT_CANCELLED": (
        ("Cancelled", "$event does not take place."),
        ("Abgesagt", "$event findet nicht statt."),
        ("Отменено", "Событие «$event» не состоится."),
    ),
    "EVENT_SOON": (
        ("Soon", "$event begins at $when."),
        ("Bald", "$event beginnt um $when."),
        ("Скоро", "«$event» начинается в $when."),
    ),
    "REGISTRATION_CONFIRMED": (
        ("You have a ticket", "Your seat at $event is confirmed: $when."),
        ("Du hast ein Ticket", "Dein Platz bei $event ist bestätigt: $when."),
        ("У вас есть билет", "Ваше место на «$event» подтверждено: $when."),
    ),
    "REGISTRATION_WAITLISTED": (
        ("You are in the queue", "$event is full. You get the next free seat in your turn."),
        (
            "Du stehst in der Schlange",
            "$event ist voll. Du bekommst einen freien Platz, wenn du an der Reihe bist.",
        ),
        ("Вы в очереди", "На «$event» нет мест. Вы получите место в порядке очереди."),
    ),
    "REGISTRATION_ENDED": (
        ("Your registration ended", "Your registration for $event has ended."),
        ("Deine Anmeldung ist beendet", "Deine Anmeldung für $event ist beendet."),
        ("Регистрация завершена", "Ваша регистрация на «$event» завершена."),
    ),
    "SEAT_OFFERED": (
        ("A seat is free", "There is a seat for you at $event. Pay until $until to keep it."),
        (
            "Ein Platz ist frei",
            "Bei $event ist ein Platz für dich frei. Bezahle bis $until, um ihn zu behalten.",
        ),
        ("Освободилось место", "Для вас есть место на «$event». Оплатите до $until, чтобы сохранить его."),
    ),
    "TICKET_RECEIVED": (
        ("You have a ticket", "$actor gave you a ticket for $event."),
        ("Du hast ein Ticket", "$actor hat dir ein Ticket für $event gegeben."),
        ("У вас есть билет", "$actor передаёт вам билет на «$event»."),
    ),
    "PAYMENT_SUCCEEDED": (
        ("Paid", "Your payment of $amount for $event has arrived."),
        ("Bezahlt", "Deine Zahlung von $amount für $event ist angekommen."),
        ("Оплачено", "Ваш платёж $amount за «$event» получен."),
    ),
    "PAYMENT_FAILED": (
        ("Not paid", "Your payment of $amount for $event did not succeed."),
        ("Nicht bezahlt", "Deine Zahlung von $amount für $event war nicht erfolgreich."),
        ("Не оплачено", "Ваш платёж $amount за «$event» не прошёл."),
    ),
    "REFUND_SUCCEEDED": (
        ("Your money is on its way back", "$amount for $event goes back to you."),
        ("Dein Geld kommt zurück", "$amount für $event gehen an dich zurück."),
        ("Деньги возвращаются", "$amount за «$event» возвращаются вам."),
    ),
    "LESSON_SCHEDULED": (
        ("A new lesson", "$lesson begins at $when."),
        ("Eine neue Stunde", "$lesson beginnt um $when."),
        ("Новое занятие", "«$lesson» начинается в $when."),
    ),
    "LESSON_MOVED": (
        ("Another time", "$lesson is at another time: $when."),
        ("Andere Zeit", "$lesson findet zu einer anderen Zeit statt: $when."),
        ("Другое время", "Время занятия «$lesson» изменилось: $when."),
    ),
    "LESSON_SOON": (
        ("Soon", "$lesson begins at $when."),
        ("Bald", "$lesson beginnt um $when."),
        ("Скоро", "«$lesson» начинается в $when."),
    ),
}
"""Kind → a title and a text, in each language."""

COUNTED: dict[str, tuple[Texts, Texts, Texts]] = {
    "LESSON_CANCELLED": (
        (
            "Cancelled",
            "$lesson at $when does not take place.",
            "$lesson at $when and one more time does not take place.",
            "$lesson at $when and $others more times does not take place.",
        ),
        (
            "Abgesagt",
            "$lesson um $when findet nicht statt.",
            "$lesson um $when und ein weiteres Mal findet nicht statt.",
            "$lesson um $when und $others weitere Male findet nicht statt.",
        ),
        (
            "Отменено",
            "Занятие «$lesson» в $when не состоится.",
            "Занятие «$lesson» в $when и ещё одно не состоятся.",
            "Занятие «$lesson» в $when не состоится, всего отменено ещё: $others.",
        ),
    ),
}
"""Kind → a title, and the texts for once, twice and more often."""

GATHERED: dict[str, tuple[Texts, Texts, Texts]] = {
    "POST_LIKED": (
        ("Likes", "likes your post.", "like your post."),
        ("Gefällt", "gefällt dein Beitrag.", "gefällt dein Beitrag."),
        ("Нравится", "отмечает вашу запись.", "отмечают вашу запись."),
    ),
    "COMMENT_LIKED": (
        ("Likes", "likes your comment.", "like your comment."),
        ("Gefällt", "gefällt dein Kommentar.", "gefällt dein Kommentar."),
        ("Нравится", "отмечает ваш комментарий.", "отмечают ваш комментарий."),
    ),
    "POST_COMMENTED": (
        ("Comments", "commented on your post.", "commented on your post."),
        ("Kommentare", "hat deinen Beitrag kommentiert.", "haben deinen Beitrag kommentiert."),
        ("Комментарии", "комментирует вашу запись.", "комментируют вашу запись."),
    ),
    "COMMENT_ANSWERED": (
        ("Answers", "answered your comment.", "answered your comment."),
        ("Antworten", "hat auf deinen Kommentar geantwortet.", "haben auf deinen Kommentar geantwortet."),
        ("Ответы", "отвечает на ваш комментарий.", "отвечают на ваш комментарий."),
    ),
    "FOLLOWED": (
        ("Followers", "follows you.", "follow you."),
        ("Follower", "folgt dir.", "folgen dir."),
        ("Подписчики", "подписывается на вас.", "подписываются на вас."),
    ),
    "FOLLOW_REQUESTED": (
        ("Requests", "asks to follow you.", "ask to follow you."),
        ("Anfragen", "möchte dir folgen.", "möchten dir folgen."),
        ("Запросы", "просит подписаться на вас.", "просят подписаться на вас."),
    ),
    "FOLLOW_ACCEPTED": (
        ("You may follow", "lets you follow them.", "let you follow them."),
        ("Du darfst folgen", "lässt dich folgen.", "lassen dich folgen."),
        ("Подписка принята", "принимает вашу подписку.", "принимают вашу подписку."),
    ),
    "EVENT_INVITED": (
        ("You are invited", "invites you to $event.", "invite you to $event."),
        ("Du bist eingeladen", "lädt dich zu $event ein.", "laden dich zu $event ein."),
        ("Вас приглашают", "приглашает вас на «$event».", "приглашают вас на «$event»."),
    ),
    "INVITATION_ACCEPTED": (
        ("They come", "comes to $event.", "come to $event."),
        ("Zugesagt", "kommt zu $event.", "kommen zu $event."),
        ("Приглашение принято", "приходит на «$event».", "приходят на «$event»."),
    ),
    "REGISTRATION_RECEIVED": (
        ("Registrations", "registered for $event.", "registered for $event."),
        ("Anmeldungen", "hat sich für $event angemeldet.", "haben sich für $event angemeldet."),
        ("Регистрации", "записывается на «$event».", "записываются на «$event»."),
    ),
    "GROUP_JOINED": (
        ("Your group", "joined your group.", "joined your group."),
        ("Deine Gruppe", "ist in deiner Gruppe.", "sind in deiner Gruppe."),
        ("Ваша группа", "вступает в вашу группу.", "вступают в вашу группу."),
    ),
}
"""Kind → a title, and what one person and what several do, in each language."""
PEOPLE = {
    "EN": ("$actor", "$actor and $second", "$actor and $others others"),
    "DE": ("$actor", "$actor und $second", "$actor und $others weitere"),
    "RU": ("$actor", "$actor и $second", "$actor и ещё $others"),
}
LIKED_BY = {
    ("POST_LIKED", "DE"): ("$actor", "$actor und $second", "$actor und $others weiteren"),
    ("COMMENT_LIKED", "DE"): ("$actor", "$actor und $second", "$actor und $others weiteren"),
}
"""The dative."""


def upgrade() -> None:
    for row in rows():
        op.execute(text(ADD).bindparams(**row))


def downgrade() -> None:
    run("DELETE FROM notification_templates WHERE version = 1 AND channel = 'IN_APP'")


def rows() -> list[dict[str, str | None]]:
    return [
        *(
            _alone(kind, *said)
            for kind, texts in ALONE.items()
            for said in zip(LANGUAGES, texts, strict=True)
        ),
        *(
            _counted(kind, *said)
            for kind, texts in COUNTED.items()
            for said in zip(LANGUAGES, texts, strict=True)
        ),
        *(
            _several(kind, *said)
            for kind, texts in GATHERED.items()
            for said in zip(LANGUAGES, texts, strict=True)
        ),
    ]


def _alone(kind: str, language: str, texts: Texts) -> dict[str, str | None]:
    title, one = texts
    return {"kind": kind, "language": language, "title": title, "one": one, "two": None, "many": None}


def _counted(kind: str, language: str, texts: Texts) -> dict[str, str | None]:
    title, one, two, many = texts
    return {"kind": kind, "language": language, "title": title, "one": one, "two": two, "many": many}


def _several(kind: str, language: str, texts: Texts) -> dict[str, str | None]:
    title, does, do = texts
    one, two, many = LIKED_BY.get((kind, language), PEOPLE[language])
    said = {"one": f"{one} {does}", "two": f"{two} {do}", "many": f"{many} {do}"}
    return {"kind": kind, "language": language, "title": title, **said}

"""What is written for the demo world: complete, in the language it claims, with nothing left to fill in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from subgraphs.kit.demo.pictures.names import SCENE_OF
from subgraphs.kit.demo.places import CITIES, LANGUAGES
from subgraphs.kit.demo.texts import read_texts
from subgraphs.kit.demo.topics import TOPICS

DOMAINS = ("users", "posts", "events", "catalog", "interactions")
SHARED = {
    "posts": ("about_events",),
    "events": ("notes", "venues", "questions", "reviews"),
    "kit": ("pictures",),
    "users": ("bios",),
    "catalog": ("artists", "albums"),
    "interactions": ("comments",),
}
LETTERS = {
    "en": re.compile(r"[A-Za-z]"),
    "de": re.compile(r"[A-Za-zäöüÄÖÜß]"),
    "ru": re.compile(r"[А-Яа-яЁё]"),
}
COMMON = {
    "en": {"the", "a", "of", "and", "is", "to", "in"},
    "de": {"der", "die", "das", "und", "ein", "ist", "im"},
    "ru": {"и", "в", "на", "не", "с", "по", "для"},
}
SLOTS = {"where", "park", "city", "genre", "family", "second"}


def files() -> Iterator[tuple[str, str]]:
    for domain in ("posts", "events"):
        yield from ((domain, topic) for topic in TOPICS)
    yield from ((domain, name) for domain, names in SHARED.items() for name in names)


def sentences(part: Any, language: str | None = None) -> Iterator[tuple[str, str]]:
    """Every string under a language's key, with the language."""
    if isinstance(part, str):
        if language is not None:
            yield language, part
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from sentences(value, key if key in LANGUAGES else language)
    else:
        for value in part:
            yield from sentences(value, language)


def all_sentences() -> list[tuple[str, str, str]]:
    return [
        (f"{domain}/{name}", language, text)
        for domain, name in files()
        for language, text in sentences(read_texts(f"subgraphs.{domain}.demo", name))
    ]


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_has_material_in_every_language_and_domain(topic: str) -> None:
    posts, events = (read_texts(f"subgraphs.{domain}.demo", topic) for domain in ("posts", "events"))
    bios = read_texts("subgraphs.users.demo", "bios")[topic]
    for language in LANGUAGES:
        written = posts[language]
        assert (len(written["openings"]), len(written["details"]), len(written["endings"])) >= (3, 4, 2)
        assert len(events[language]) == 2
        assert bios[language]
    assert topic in SCENE_OF


def test_texts_are_written_in_the_letters_of_their_language() -> None:
    wrong = [
        (where, text)
        for where, language, text in all_sentences()
        for letter in re.sub(r"\{\w+\}", "", text)
        if letter.isalpha() and not LETTERS[language].match(letter) and letter != "é"
    ]
    assert not wrong


def test_german_is_german_and_english_is_english() -> None:
    words: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for _where, language, text in all_sentences():
        words[language] += re.findall(r"\w+", text.lower())
    for language, found in words.items():
        shares = {of: sum(word in common for word in found) / len(found) for of, common in COMMON.items()}
        assert max(shares, key=lambda of: shares[of]) == language
        assert shares[language] > 4 * sorted(shares.values())[-2]


def test_no_text_has_a_slot_that_nothing_fills() -> None:
    slots = {slot for _where, _language, text in all_sentences() for slot in re.findall(r"\{(\w*)\}", text)}
    assert slots <= SLOTS
    assert not [
        text for _w, _l, text in all_sentences() if text.count("{") != len(re.findall(r"\{\w+\}", text))
    ]


def test_no_sentence_is_written_twice_about_different_topics() -> None:
    written = [
        (topic, language, text)
        for topic in TOPICS
        for language, text in sentences(read_texts("subgraphs.posts.demo", topic))
    ]
    assert len({text for *_about, text in written}) == len(written)


def test_sentences_of_posts_begin_and_end_like_sentences() -> None:
    wrong = [
        text
        for topic in TOPICS
        for _language, text in sentences(read_texts("subgraphs.posts.demo", topic))
        if not (text[0].isupper() or text[0] in "«") or text[-1] not in ".?!"
    ]
    assert not wrong


def test_a_city_has_streets_and_phrases_in_its_language() -> None:
    assert len(CITIES) >= 15
    for city in CITIES:
        own = LETTERS[city.language]
        for phrase in (city.where, city.park, *city.streets):
            assert all(own.match(letter) for letter in phrase if letter.isalpha()), phrase
        assert len(city.streets) >= 4
        assert city.clock.key == city.timezone

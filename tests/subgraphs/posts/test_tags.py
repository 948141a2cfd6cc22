"""Which words of a text are hashtags and mentions, and which only look like them."""

from __future__ import annotations

import pytest

from db.migrations.posts.rev_0013_search import CONFIGURATIONS as MIGRATED
from subgraphs.posts.languages import CONFIGURATIONS
from subgraphs.posts.tags import MOST_HASHTAGS, MOST_MENTIONS, hashtag_name, tags_of

HASHTAGS = {
    "#one, #two. (#three) «#four»#five": ["one", "two", "three", "four", "five"],
    "#Été #ÉTÉ #e\u0301te\u0301 \uff03été": ["été"],
    "#Straße #STRASSE": ["strasse"],
    "#\uff26\uff55\uff4c\uff4c": ["full"],
    "#Музыка и #ночь": ["музыка", "ночь"],
    "#日本 #हिन्दी #العربية": ["日本", "हिन्दी", "العربية"],
    "#می\u200cخواهم #میخواهم": ["میخواهم"],
    "#2026 #_ #": [],
    "#go2026 #snake_case #dash-ed": ["go2026", "snake_case", "dash"],
    "C# a#b &#39; ##twice #a#b": ["a"],
    "https://x.example/#top www.x.example/?a=#b": [],
    "#" + "a" * 100: ["a" * 100],
    "#" + "a" * 101: [],
    "#\U0001f600 #\U0001f600x": [],
}
MENTIONS = {
    "@ada, @Grace. (@eve)": ["ada", "grace", "eve"],
    ".@ada \uff20grace": ["ada", "grace"],
    "@ada.lovelace. and @_x": ["ada.lovelace"],
    "@ada @ADA @Ada": ["ada"],
    "mail ada@x.example or @ada@elsewhere.example": [],
    "@ab @" + "a" * 31 + " @adaé @1st @": [],
    "https://x.example/@ada /@grace": [],
}


@pytest.mark.parametrize(("text", "names"), HASHTAGS.items())
def test_hashtags_are_words_of_any_script_behind_a_sign(text: str, names: list[str]) -> None:
    assert [tag.name for tag in tags_of(text).hashtags] == names


@pytest.mark.parametrize(("text", "names"), MENTIONS.items())
def test_mentions_are_usernames_behind_a_sign(text: str, names: list[str]) -> None:
    assert list(tags_of(text).mentions) == names


def test_of_a_text_full_of_signs_the_first_are_taken() -> None:
    text = " ".join(f"#tag{number} @person{number}" for number in range(100))
    found = tags_of(text)
    assert [tag.name for tag in found.hashtags] == [f"tag{number}" for number in range(MOST_HASHTAGS)]
    assert list(found.mentions.values()) == [f"person{number}" for number in range(MOST_MENTIONS)]


def test_a_hashtag_is_asked_for_with_its_sign_or_without() -> None:
    assert [hashtag_name(text) for text in ("#Été", " été ", "two words", "#", "", "12", "a" * 101)] == [
        "été",
        "été",
        *[None] * 5,
    ]


def test_the_store_knows_the_languages_that_the_code_knows() -> None:
    assert CONFIGURATIONS == MIGRATED

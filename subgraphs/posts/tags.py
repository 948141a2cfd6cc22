"""What a text names: #hashtags and @mentions, by the rules that people expect.

    "Thanks @ada, see #Été2026 (#café) – not a@b.c, C#, #1 or https://x.example/#top"
        hashtags  été2026, café        mentions  ada

A sign counts where no word goes before it, and not inside an address. A hashtag goes on with letters, marks
and digits of any script and the underscore, at least one of them a letter; what is the same to who reads it
(case, composition, width) is one hashtag. A mention is what can be a username, and the word ends with it.

O(length of the text).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

MOST_HASHTAGS, MOST_MENTIONS = 30, 20
"""Of one post; what is named after these is text."""
HASHTAG_CHARACTERS = 100
USERNAME_CHARACTERS = (3, 30)

HASH, AT = "#\uff03", "@\uff20"
JOINERS = "\u200c\u200d"
"""Part of words in Persian and the scripts of India, and seen by nobody."""
ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_.]*[A-Za-z0-9_]")


@dataclass(frozen=True, slots=True)
class Hashtag:
    """`name` is what it is found by, `label` how it was written, without the sign."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Tags:
    """Each once, in the order of the text. `mentions` maps usernames in lower case to how they were
    written.
    """

    hashtags: tuple[Hashtag, ...]
    mentions: dict[str, str]


NO_TAGS = Tags((), {})


def tags_of(content: str) -> Tags:
    text = ADDRESS.sub(lambda found: " " * len(found.group()), content)
    hashtags: dict[str, Hashtag] = {}
    mentions: dict[str, str] = {}
    for at in _signs(text):
        if text[at] in HASH:
            tag = _hashtag(_word(text, at + 1))
            if tag is not None:
                hashtags.setdefault(tag.name, tag)
        else:
            name = _username(text, at + 1)
            if name is not None:
                mentions.setdefault(name.lower(), name)
    return Tags(tuple(hashtags.values())[:MOST_HASHTAGS], dict(list(mentions.items())[:MOST_MENTIONS]))


def hashtag_name(text: str) -> str | None:
    """What a hashtag is found by, with its sign or without; None for what is none."""
    text = text.strip()
    typed = text[1:] if text[:1] and text[0] in HASH else text
    tag = _hashtag(typed) if typed and _word(typed, 0) == typed else None
    return None if tag is None else tag.name


def _signs(text: str) -> Iterator[int]:
    """Where a sign stands with no word, and no other sign, before it."""
    for at, sign in enumerate(text):
        if sign in HASH or sign in AT:
            before = text[at - 1] if at else " "
            if not (_is_of_word(before) or before in HASH or before in AT or before in "&/"):
                yield at


def _word(text: str, start: int) -> str:
    end = start
    while end < len(text) and (_is_of_word(text[end]) or (end > start and text[end] in JOINERS)):
        end += 1
    return text[start:end].rstrip(JOINERS)


def _hashtag(word: str) -> Hashtag | None:
    name = unicodedata.normalize("NFKC", word).casefold()
    name = unicodedata.normalize("NFC", name.translate(dict.fromkeys(map(ord, JOINERS))))
    is_tag = any(unicodedata.category(each)[0] == "L" for each in name)
    short = max(len(name), len(word)) <= HASHTAG_CHARACTERS
    return Hashtag(name, word) if is_tag and short else None


def _username(text: str, start: int) -> str | None:
    found = USERNAME.match(text, start)
    if found is None:
        return None
    after = text[found.end()] if found.end() < len(text) else " "
    least, most = USERNAME_CHARACTERS
    is_whole = not (_is_of_word(after) or after in AT or after in HASH)
    return found.group() if is_whole and least <= len(found.group()) <= most else None


def _is_of_word(character: str) -> bool:
    return character == "_" or unicodedata.category(character)[0] in "LMN"

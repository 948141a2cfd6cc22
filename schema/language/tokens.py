"""Text to tokens: one regular expression, run in C over the whole text.

A token's kind shows in its first character, so tokens are plain strings. The last token is always the empty
string. A character that starts no token comes out as a token of its own, and a string that is not closed as
all it would have covered, for the parser to refuse where it stands.

Every part of the expression either matches in one way only or cannot fail, so nothing is ever tried again and
a text takes linear time. That needs no possessive groups, which Python 3.11 before 3.11.4 gets wrong.
"""

from __future__ import annotations

import re

_IGNORED = r"[ \t\n\r,\ufeff]*(?:#[^\n\r]*[ \t\n\r,\ufeff]*)*"
_BLOCK_STRING = r'"""[^"\\]*(?:(?:\\"""|\\(?!""")|"(?!""))[^"\\]*)*(?:""")?'
_STRING = r'"[^"\\\n\r]*(?:\\[^\n\r][^"\\\n\r]*)*"?'
_NAME = r"[A-Za-z_][0-9A-Za-z_]*"
_NUMBER = r"-?[0-9][0-9A-Za-z_.]*(?:(?<=[eE])[+-][0-9A-Za-z_.]*)?"
_PUNCTUATOR = r"[!&()$:=@\[\]{|}]"  # one of nearly half of all tokens: asked for before strings and numbers
_OTHER = r"\.\.\.|."

_TOKEN = re.compile(
    f"{_IGNORED}({_NAME}|{_PUNCTUATOR}|{_BLOCK_STRING}|{_STRING}|{_NUMBER}|{_OTHER}|\\Z)",
    re.DOTALL | re.ASCII,
)


def tokenize(text: str) -> list[str]:
    """The tokens of `text`, ending with an empty one. Linear in the text."""
    tokens = _TOKEN.findall(text)
    if not tokens or tokens[-1]:
        tokens.append("")
    return tokens


def token_offsets(text: str) -> list[int]:
    """Where each token of `tokenize` starts."""
    offsets = [match.start(1) for match in _TOKEN.finditer(text)]
    return [*offsets, len(text)]


def is_closed(string: str) -> bool:
    """Does a string token end with the quotes it starts with, and not with escaped ones?"""
    if string.startswith('"""'):
        return len(string) >= 6 and string.endswith('"""') and string[-4] != "\\"
    if len(string) < 2 or string[-1] != '"':
        return False
    body = string[1:-1]
    return (len(body) - len(body.rstrip("\\"))) % 2 == 0

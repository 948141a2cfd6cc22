"""Text to tokens: one regular expression, run in C over the whole text.

A token's kind shows in its first character, so tokens are plain strings. The last token is always the empty
string. A character that starts no token comes out as a token of its own, for the parser to refuse where it
stands.
"""

from __future__ import annotations

import re

_IGNORED = r"[ \t\n\r,\ufeff]*+(?:#[^\n\r]*+[ \t\n\r,\ufeff]*+)*+"
_BLOCK_STRING = r'"""(?:[^"\\]++|\\"""|\\|"(?!""))*+"""'
_STRING = r'"(?:[^"\\\n\r]++|\\[^\n\r])*+"'
_NAME = r"[A-Za-z_][0-9A-Za-z_]*+"
_NUMBER = r"-?[0-9][0-9A-Za-z_.]*+(?:(?<=[eE])[+-][0-9A-Za-z_.]*+)?"
_PUNCTUATOR = r"\.\.\.|."

_TOKEN = re.compile(
    f"{_IGNORED}({_NAME}|{_BLOCK_STRING}|{_STRING}|{_NUMBER}|{_PUNCTUATOR}|\\Z)", re.DOTALL | re.ASCII
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

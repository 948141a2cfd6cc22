"""One subgraph's SDL, and where its tokens are."""

from __future__ import annotations

from bisect import bisect_right

from schema.language.tokens import token_offsets
from schema.report.errors import Location


class Source:
    """The text of one subgraph; turns token indexes into lines and columns when asked."""

    __slots__ = ("_lines", "_offsets", "name", "text")

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self._offsets: list[int] | None = None
        self._lines: list[int] = []

    def location(self, token: int) -> Location:
        """The line and column of a token. The first call costs one pass over the text, the next are O(log
        lines).
        """
        if self._offsets is None:
            self._offsets = token_offsets(self.text)
            self._lines = _line_starts(self.text)
        return self.location_of_offset(self._offsets[min(token, len(self._offsets) - 1)])

    def location_of_offset(self, offset: int) -> Location:
        """The line and column of a character."""
        lines = self._lines or _line_starts(self.text)
        line = bisect_right(lines, offset)
        return Location(self.name, line, offset - lines[line - 1] + 1)


def _line_starts(text: str) -> list[int]:
    """Offsets at which lines start; a line ends with \\n, \\r or \\r\\n, as the GraphQL specification
    counts.
    """
    starts = [0]
    for offset, character in enumerate(text):
        if character == "\n" or (character == "\r" and text[offset + 1 : offset + 2] != "\n"):
            starts.append(offset + 1)
    return starts

"""Descriptions: the most common one, with a hint when sources differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from schema.merge.state import Merge
from schema.model.definitions import DirectiveDefinition, Element, SchemaDefinition
from schema.report.hints import HintCode

Described = Element | SchemaDefinition | DirectiveDefinition


def merge_description(merge: Merge, sources: Mapping[int, Described | None], coordinate: str) -> str | None:
    """The description of an element merged from sources; empty ones give way to any other."""
    first: str | None = None
    differ = False
    for source in sources.values():
        if source is not None and source.description is not None:
            if first is None:
                first = source.description
            elif source.description != first:
                differ = True
    return _settle(merge, sources, coordinate) if differ else first


def _settle(merge: Merge, sources: Mapping[int, Described | None], coordinate: str) -> str:
    found = {
        number: source.description
        for number, source in sources.items()
        if source is not None and source.description is not None
    }
    counts = Counter(text for text in found.values() if text)
    chosen = max(counts, key=lambda text: counts[text])
    if len(counts) > 1:
        places = [
            place
            for number in found
            if (source := sources[number]) is not None
            for place in merge.token_place(number, source.at)
        ]
        merge.hint(
            HintCode.INCONSISTENT_DESCRIPTION,
            f'"{coordinate}" has different descriptions: the supergraph uses "{_short(chosen)}".',
            places,
        )
    return chosen


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:59] + "…"

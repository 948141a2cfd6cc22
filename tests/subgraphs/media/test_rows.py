"""Rows of uploads, as this version of the code reads them."""

from __future__ import annotations

from typing import Any

import orjson

from db.statements import ConvertedRow
from subgraphs.media.repository.rows import COLUMNS, media_of, renditions_as_json
from subgraphs.media.values import Kind, Purpose, Rendition, Status, Variant

NAMES = [str(column.key) for column in COLUMNS]
MADE = Rendition(Variant.MEDIUM, "image/webp", "post-images", "a/posts/medium/b.webp", 9, 3, 2)


def row(**given: Any) -> ConvertedRow:
    facts = {"purpose": "POST", "kind": "IMAGE", "status": "READY", "renditions": "[]"}
    return ConvertedRow(dict.fromkeys(NAMES) | facts | given)


def test_each_column_is_the_field_of_its_name() -> None:
    others = [name for name in NAMES if name not in ("purpose", "kind", "status", "renditions")]
    found = media_of(row(**{name: name for name in others}))
    assert [getattr(found, name) for name in others] == others
    assert (found.purpose, found.kind, found.status) == (Purpose.POST, Kind.IMAGE, Status.READY)


def test_renditions_are_read_as_they_were_kept() -> None:
    kept = renditions_as_json([MADE])
    assert kept[0]["variant"] == "MEDIUM"
    assert media_of(row(renditions=orjson.dumps(kept).decode())).renditions == (MADE,)


def test_what_only_newer_code_knows_is_not_shown_and_hides_nothing_else() -> None:
    newer = [{"variant": "HOLOGRAM", "form": [1]}, *renditions_as_json([MADE]), {"variant": 3}]
    found = media_of(row(status="DREAMT", renditions=orjson.dumps(newer).decode()))
    assert found.renditions == (MADE,)
    assert found.status is Status.PROCESSING

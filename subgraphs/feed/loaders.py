"""The context of one request to feed. A timeline is one person's: there is nothing to load for many."""

from __future__ import annotations

from dataclasses import dataclass

from subgraphs.feed.service import Feed
from subgraphs.kit.records import Records
from subgraphs.kit.request import Request


@dataclass(frozen=True, slots=True)
class FeedContext:
    request: Request
    feed: Feed
    records: Records

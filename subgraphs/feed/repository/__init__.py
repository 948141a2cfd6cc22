"""Timelines: which posts may be in one, in Redis; which are, in PostgreSQL."""

from subgraphs.feed.repository.hearing import Hearing
from subgraphs.feed.repository.pages import FeedPages
from subgraphs.feed.repository.postgres import LISTS, PostgresFeedRepository

__all__ = ["LISTS", "FeedPages", "Hearing", "PostgresFeedRepository"]

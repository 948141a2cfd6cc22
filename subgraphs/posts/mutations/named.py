"""The post that an input names."""

from __future__ import annotations

from subgraphs.kit.validation import Checks
from subgraphs.posts.values import PostId


def post_named(checks: Checks, text: str) -> PostId:
    """By `postId`; a text that is no id is noted in `checks`."""
    return PostId(checks.id(text, "postId"))

"""Errors of the posts domain.

NotYourPost    FORBIDDEN; the post can be seen, but only its author may change it
"""

from __future__ import annotations

from subgraphs.kit.errors import Forbidden


class NotYourPost(Forbidden):
    def __init__(self) -> None:
        super().__init__("Only its author may change a post.")

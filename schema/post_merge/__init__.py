"""What only the merged schema can show to be wrong, one rule per file. Run when merging itself found no
failure.
"""

from __future__ import annotations

from schema.merge.state import Merge
from schema.post_merge.auth import check_transitive_auth
from schema.post_merge.graphql import check_merged_graphql
from schema.post_merge.implementations import check_implementations
from schema.post_merge.requires import check_requires


def validate_merged(merge: Merge) -> None:
    """Adds what is wrong to the merge's failures."""
    check_implementations(merge)
    check_requires(merge)
    check_transitive_auth(merge)
    if not merge.failures:
        check_merged_graphql(merge)

"""What publishing to a list, and revoking from one, does: pure, wherever the list is kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from router.persisted.manifest import ManifestError, PersistedOperation, without_repetition

Key = tuple[str, str | None]
Operations = Sequence[PersistedOperation]


class Difference(msgspec.Struct, frozen=True):
    """What publishing would do. `changed` have an id that stands for another text: they cannot be."""

    new: tuple[PersistedOperation, ...]
    known: tuple[PersistedOperation, ...]
    changed: tuple[PersistedOperation, ...]
    missing: tuple[PersistedOperation, ...]
    """Published, and not in what is given: they stay until they are revoked."""


def difference_of(published: Operations, operations: Operations) -> Difference:
    """O(operations)."""
    before = {_key(each): each for each in published}
    given = {_key(each) for each in operations}
    found = [(each, before.get(_key(each))) for each in operations]
    return Difference(
        tuple(each for each, known in found if known is None),
        tuple(each for each, known in found if known is not None and known.body == each.body),
        tuple(each for each, known in found if known is not None and known.body != each.body),
        tuple(each for key, each in before.items() if key not in given),
    )


def publication(name: str, published: Operations, operations: Operations) -> Difference:
    """What is added to the list `name`. An id never changes what it stands for: raises `ManifestError`."""
    difference = difference_of(published, without_repetition(operations, name))
    if difference.changed:
        ids = ", ".join(repr(each.id) for each in difference.changed[:5])
        raise ManifestError(f"already published with another text: {ids}. Give the operation a new id.")
    return difference


def after(published: Operations, difference: Difference) -> list[PersistedOperation]:
    """The list once that is published: what was known stays in its place, and takes over other words."""
    given = {_key(each): each.description for each in difference.known if each.description}
    known = (
        msgspec.structs.replace(each, description=given.get(_key(each), each.description))
        for each in published
    )
    return [*known, *difference.new]


def revocation(name: str, published: Operations, ids: Collection[str]) -> Operations:
    """Those of the list with these ids, which are all there. Raises `ManifestError`."""
    unknown = set(ids) - {each.id for each in published}
    if unknown:
        raise ManifestError(f"not in the list {name!r}: {', '.join(sorted(unknown))}")
    return [each for each in published if each.id in ids]


def _key(operation: PersistedOperation) -> Key:
    return operation.id, operation.client_name

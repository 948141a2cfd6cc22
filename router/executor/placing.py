"""Putting a subgraph's errors where the client looks: the path in its operation, lists and aliases included.

A subgraph knows an entity as `_entities[3]`; the client knows it under every object that shared the
representation, and each of them gets the error. Work is done only when there is an error.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Any

from router.errors import TransportError
from router.executor.errors import DOWNSTREAM_SERVICE_ERROR, SubgraphError
from router.executor.paths import PathStep, ResponsePath, located_objects
from router.executor.selection import KeyTree
from router.plan import KeyRenamer, Rewrite

NOTHING = KeyTree()
logger = logging.getLogger(__name__)


def reported_error(
    service: str, error: Any, path: ResponsePath | None, rewrites: tuple[Rewrite, ...]
) -> SubgraphError:
    """The subgraph's error as ours; anything it left out or got wrong is filled in."""
    fields = error if isinstance(error, Mapping) else {"message": str(error)}
    extensions = fields.get("extensions")
    extensions = dict(extensions) if isinstance(extensions, Mapping) else {}
    code = extensions.get("code")
    return SubgraphError(
        service,
        str(fields.get("message") or "The subgraph reported an error without a message."),
        code if isinstance(code, str) else DOWNSTREAM_SERVICE_ERROR,
        _own_names(path, rewrites) if path is not None else None,
        True,
        extensions,
    )


def transport_error(service: str, error: TransportError, path: ResponsePath | None) -> SubgraphError:
    logger.warning(
        "Subgraph %s: %s%s", service, error.message, f" ({error.__cause__})" if error.__cause__ else ""
    )
    extensions = {"http": {"status": error.status}} if error.status is not None else {}
    return SubgraphError(service, error.message, error.code, path, False, extensions)


def error_path(error: Any) -> ResponsePath:
    """The path a subgraph gave, as far as it is one."""
    path = error.get("path") if isinstance(error, Mapping) else None
    if not isinstance(path, list):
        return ()
    return tuple(part for part in path if isinstance(part, str | int))


def _own_names(path: ResponsePath, rewrites: tuple[Rewrite, ...]) -> ResponsePath:
    """Undoes the aliases that output rewrites undo in the data."""
    renamed = {rewrite.path[-1]: rewrite.rename_to for rewrite in rewrites if isinstance(rewrite, KeyRenamer)}
    return tuple(renamed.get(part, part) if isinstance(part, str) else part for part in path)


MAX_PLACES = 10_000
"""Objects that are shared stand in many places: beyond these the place of a fetch stands for its objects."""


def taken_along(tree: KeyTree, answered: Any, path: ResponsePath) -> list[tuple[ResponsePath, KeyTree]]:
    """The fields beside an error's that are lost with it: those of the object that its null took along.

    `path` is the error's in what was answered for `tree`. O(path + fields).
    """
    here: ResponsePath = ()
    for part in path:
        if answered is None:
            return [((*here, key), below) for key, below in tree.children.items() if key != "__typename"]
        here = (*here, part)
        if isinstance(part, str):
            tree = tree.children.get(part, NOTHING)
            answered = answered.get(part) if isinstance(answered, dict) else None
        else:
            is_there = isinstance(answered, list) and 0 <= part < len(answered)
            answered = answered[part] if is_there else None
    return []


@dataclass(slots=True)
class Places:
    """Where the objects of some targets are, found once for all errors of a fetch. O(places).

    `paths` has an entry for every object, `roots` the place that the objects of each target have in common;
    `is_cut` when there are more places than are looked at.
    """

    paths: dict[int, list[ResponsePath]]
    roots: list[ResponsePath]
    is_cut: bool = False

    @classmethod
    def of(cls, data: dict[str, Any], targets: Iterable[tuple[PathStep, ...]]) -> Places:
        paths: dict[int, list[ResponsePath]] = {}
        roots: list[ResponsePath] = []
        is_cut = False
        for target in targets:
            found = list(islice(located_objects(data, target), MAX_PLACES))
            for located in found:
                paths.setdefault(id(located.value), []).append(located.path)
            if len(found) == MAX_PLACES:
                is_cut = True
                roots.append(_before_lists(target))
            elif found:
                roots.append(common_prefix([located.path for located in found]))
        return cls(paths, list(dict.fromkeys(roots)), is_cut)

    def of_objects(self, objects: Iterable[dict[str, Any]]) -> list[ResponsePath]:
        """Every place of every one of them; the places they have in common when those are too many."""
        keys = dict.fromkeys(id(obj) for obj in objects)
        if any(key not in self.paths for key in keys):
            return self.roots
        return [path for key in keys for path in self.paths[key]]


def _before_lists(target: tuple[PathStep, ...]) -> ResponsePath:
    return tuple(step.key for step in takewhile(lambda step: step.key is not None, target) if step.key)


def common_prefix(paths: list[ResponsePath]) -> ResponsePath:
    """The path that leads to all of them. O(total length)."""
    prefix = paths[0]
    for path in paths:
        length = min(len(prefix), len(path))
        shared = next((i for i in range(length) if prefix[i] != path[i]), length)
        prefix = prefix[:shared]
    return prefix

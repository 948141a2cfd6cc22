"""Objects as they came: dicts. This store handles everything; the steps tell it what to do with trouble."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property, partial
from typing import Any

from router.executor.code.gather import Gather, Represented, compile_gather, compile_gather_of
from router.executor.code.layout import DictLayout
from router.executor.code.loops import Collect, Rows, compile_collect, compile_rows
from router.executor.code.representation import kinds_of, mentioned_types
from router.executor.contexts import ContextRead, group_by_context
from router.executor.dependencies import ResponseSteps, Sharing
from router.executor.in_flight import Asked, EntityPart, InFlight
from router.executor.merge import deep_merge, keep_asked, shallow_merge
from router.executor.outcome import Outcome
from router.executor.possible_types import PossibleTypes
from router.executor.projection.projection import ProjectionVariant
from router.executor.rewrites import rewrite_value
from router.executor.selection import KeyTree
from router.executor.store.protocol import C, Codes
from router.json import JSONDecodeError, clone, loads
from router.plan import Rewrite
from router.transport.base import SubgraphResponse

LAYOUT = DictLayout()


class DictStore:
    """`projection` makes the answer of the data."""

    __slots__ = ("_projection", "absent", "root")

    def __init__(
        self,
        projection: ProjectionVariant,
        root: dict[str, Any] | None = None,
        absent: Iterable[dict[str, Any]] = (),
    ) -> None:
        self._projection = projection
        self.root: dict[str, Any] = {} if root is None else root
        self.absent: list[Any] = list(absent)

    def code(self, codes: Codes[C]) -> C:
        return codes.dicts

    def in_dicts(self, _: Iterable[InFlight]) -> DictStore:
        return self

    def finish(self, introspected: dict[str, Any]) -> Outcome:
        self.root.update(introspected)
        data, completion = self._projection.project(self.root)
        return Outcome(data, completion=completion)


class DictRootCode:
    """`target` is None at the top of the plan."""

    def __init__(
        self,
        target: ResponseSteps | None,
        tree: KeyTree,
        contested: frozenset[str],
        rewrites: tuple[Rewrite, ...],
        possible: PossibleTypes,
    ) -> None:
        self._target = target
        self._tree = tree
        self._deeply = bool(contested)
        self._rewrites = rewrites
        self._possible = possible

    @cached_property
    def _collect(self) -> Collect:
        return compile_collect(LAYOUT, self._target or ())

    def compile(self) -> None:
        if self._target is not None:
            _ = self._collect

    def has_objects(self, root: dict[str, Any]) -> bool:
        return self._target is None or bool(self._collect(root))

    def merge(self, root: dict[str, Any], response: SubgraphResponse) -> bool:
        data = clean_data(response)
        if data is not None:
            self.merge_data(root, data)
        return data is not None

    def merge_data(self, root: dict[str, Any], data: dict[str, Any]) -> None:
        keep_asked(data, self._tree, deeply=self._deeply)
        for rewrite in self._rewrites:
            rewrite_value(data, rewrite, self._possible)
        for index, obj in enumerate([root] if self._target is None else self._collect(root)):
            own = data if index == 0 else clone(data)
            if self._deeply:
                deep_merge(obj, own, self._possible.objects)
            else:
                shallow_merge(obj, own, self._possible.objects)


class DictEntityCode:
    """Compiled when it is first needed: where there are structures it mostly is not."""

    def __init__(
        self, parts: tuple[EntityPart, ...], contexts: tuple[ContextRead, ...], possible: PossibleTypes
    ) -> None:
        self._parts = parts
        self._contexts = contexts
        self._possible = possible

    @cached_property
    def _gathers(self) -> tuple[Gather, ...]:
        return tuple(self._compile(part) for part in self._parts)

    @cached_property
    def _rows(self) -> Rows:
        (part,) = self._parts
        return compile_rows(LAYOUT, part.paths, tuple(each.climbs for each in self._contexts))

    def compile(self) -> None:
        """At once, where it is the only code."""
        if self._gathers and self._contexts:
            _ = self._rows

    def _compile(self, part: EntityPart) -> Gather:
        names = mentioned_types(part.requires, self._possible)
        kinds = kinds_of(names, part.requires, part.input_rewrites, self._possible)
        represented = [Represented(path, kinds, slot, known) for path, known, slot in part.represented()]
        if self._contexts:
            return compile_gather_of(LAYOUT, represented, [None] * len(represented))
        return compile_gather(LAYOUT, represented)

    def gather(self, root: dict[str, Any]) -> list[InFlight]:
        if not self._contexts:
            pairs = zip(self._parts, self._gathers, strict=True)
            return [InFlight([Asked(part, *gather(root)) for part, gather in pairs])]
        (part,), (gather,) = self._parts, self._gathers
        groups = group_by_context(self._rows(root), self._contexts, self._possible)
        return [InFlight([Asked(part, *gather(objects))], values) for values, objects in groups]

    def merge(self, asked: list[Asked], response: SubgraphResponse, absent: list[Any]) -> bool:
        data = clean_data(response)
        if data is None:
            return False
        found = [[] if (own := data.get(each.part.alias)) is None else own for each in asked]
        if not all(are_entities(entities, each) for entities, each in zip(found, asked, strict=True)):
            return False
        for entities, each in zip(found, asked, strict=True):
            absent += merge_entities(each, entities, self._possible)
        return True


def clean_data(response: SubgraphResponse) -> dict[str, Any] | None:
    """The data of an answer without errors; None when it is anything else."""
    payload = response.payload
    if response.body is not None:
        try:
            payload = loads(response.body)
        except JSONDecodeError:
            return None
    if not isinstance(payload, Mapping) or payload.get("errors"):
        return None
    data = payload.get("data")
    return data if isinstance(data, dict) else None


def are_entities(entities: Any, asked: Asked) -> bool:
    """One object or null for each representation."""
    if not isinstance(entities, list) or len(entities) != len(asked.representations):
        return False
    return all(entity is None or entity.__class__ is dict for entity in entities)


def merge_entities(asked: Asked, entities: list[Any], possible: PossibleTypes) -> list[Any]:
    """Gives every object the fields of its entity; returns those whose entity is null. O(objects), and what
    they get copies of.
    """
    part = asked.part
    deeply = bool(part.contested)
    keep_asked(entities, part.tree, deeply=deeply)
    for entity in entities if part.output_rewrites else ():
        for rewrite in part.output_rewrites:
            rewrite_value(entity, rewrite, possible)
    apart = deeply or part.sharing is Sharing.NOBODY
    fill = partial(deep_merge if deeply else shallow_merge, object_types=possible.objects)
    absent: list[Any] = []
    for number, slot in enumerate(asked.owners):
        own = clone(entities) if number > 0 and part.sharing is Sharing.OF_ONE_PATH else entities
        for entity, objects in zip(own, slot, strict=True):
            if entity is None:
                absent += objects
                continue
            for obj in objects:
                fill(obj, clone(entity) if apart else entity)
    return absent

"""Objects as msgspec structures, made for one operation: this store handles what is as it should be.

Subgraph answers are decoded straight into structures, which checks them as it goes, and at the end the root
is encoded as it is: there is no merged tree of dicts and no projection of it. An error in an answer, a value
that does not fit or a field that never came is more than is known here: the data is turned into dicts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from router.executor.code.gather import Gather
from router.executor.code.loops import Collect, Rows
from router.executor.contexts import ContextRead, group_by_context
from router.executor.in_flight import Asked, EntityPart, InFlight
from router.executor.outcome import Outcome
from router.executor.possible_types import PossibleTypes
from router.executor.projection.projection import ProjectionVariant
from router.executor.store.dicts import DictStore
from router.executor.store.hiding import Hide, Named
from router.executor.store.merging import Kept, Merge, copied, joined, keep_asked
from router.executor.store.protocol import C, Codes
from router.executor.store.structs import StructType
from router.executor.store.turn import as_dicts
from router.json import JSONDecodeError, encode_struct
from router.transport.base import SubgraphResponse


@dataclass(frozen=True, slots=True)
class OperationStructures:
    """`introspected` are the root's attributes for introspection fields, by their keys."""

    root: StructType
    answer: StructType
    hide: Hide
    introspected: tuple[tuple[str, str], ...]


class StructureStore:
    """`projection` is for the dicts that take over when there is trouble."""

    __slots__ = ("_projection", "_structures", "absent", "root")

    def __init__(self, structures: OperationStructures, projection: ProjectionVariant) -> None:
        self._structures = structures
        self._projection = projection
        self.root: Any = structures.root()
        self.absent: list[Any] = []

    def code(self, codes: Codes[C]) -> C:
        assert codes.structures is not None
        return codes.structures

    def in_dicts(self, in_flight: Iterable[InFlight]) -> DictStore:
        converted: dict[int, Any] = {}
        data = as_dicts(self.root, converted)
        for request in in_flight:
            for each in request.asked:
                each.owners = tuple(
                    [[as_dicts(obj, converted) for obj in objects] for objects in slot]
                    for slot in each.owners
                )
        return DictStore(self._projection, data, [as_dicts(obj, converted) for obj in self.absent])

    def finish(self, introspected: dict[str, Any]) -> Outcome | None:
        """None when some field has no value; the type names that were hidden are back then."""
        structures, root = self._structures, self.root
        for key, attribute in structures.introspected:
            setattr(root, attribute, introspected[key])
        hidden: list[tuple[Any, str, Any]] = []
        named: list[Named] = []
        try:
            structures.hide(root, hidden.append, named)
            return Outcome(root, encoded=encode_struct(structures.answer(root)))
        except TypeError:
            for obj, attribute, value in reversed(hidden):  # A shared object was here several times.
                setattr(obj, attribute, value)
            for attribute, name, objects in named:
                for obj in objects:
                    setattr(obj, attribute, name)
            return None


class Decoder:
    """Subgraph answers with the given structure as `data`."""

    def __init__(self, data: Any) -> None:
        self._type = msgspec.defstruct(
            "Answer", [("data", data | None, None), ("errors", Any, None)], gc=False, eq=False
        )
        self._decode = msgspec.json.Decoder(self._type).decode

    def decode(self, response: SubgraphResponse) -> Any:
        """The data, or None when there is an error or anything that does not fit."""
        try:
            if response.body is None:
                answer: Any = msgspec.convert(response.payload, self._type)
            else:
                answer = self._decode(response.body)
        except JSONDecodeError:
            return None
        return None if answer.errors else answer.data


@dataclass(frozen=True, slots=True)
class StructRootCode:
    """`attributes` are those of an object that the step fills, each with whether another step does too.

    `collect` is None at the top of the plan. `kept` is what to keep of the answer when something is joined.
    """

    decoder: Decoder
    collect: Collect | None
    attributes: tuple[tuple[str, bool], ...]
    kept: Kept | None
    object_types: frozenset[str]

    def has_objects(self, root: Any) -> bool:
        return self.collect is None or bool(self.collect(root))

    def merge(self, root: Any, response: SubgraphResponse) -> bool:
        answer = self.decoder.decode(response)
        if answer is None:
            return False
        if self.kept is not None:
            keep_asked(answer, self.kept)
        if self.collect is None:
            self._fill(root, answer)
            return True
        for number, obj in enumerate(self.collect(root)):
            self._fill(obj, copied(answer) if number else answer)
        return True

    def _fill(self, obj: Any, answer: Any) -> None:
        for attribute, joins in self.attributes:
            value = getattr(answer, attribute)
            if joins:
                value = joined(getattr(obj, attribute), value, self.object_types)
            setattr(obj, attribute, value)


@dataclass(frozen=True, slots=True)
class StructPart:
    """`attribute` is where the answer's structure has the part's entities."""

    part: EntityPart
    attribute: str
    gather: Gather
    merge: Merge
    kept: Kept | None


@dataclass(frozen=True, slots=True)
class StructEntityCode:
    """`rows` when there are context arguments: then the part gathers from given objects."""

    decoder: Decoder
    parts: tuple[StructPart, ...]
    contexts: tuple[ContextRead, ...]
    rows: Rows | None
    possible: PossibleTypes

    def compile(self) -> None:
        """It is compiled."""

    def gather(self, root: Any) -> list[InFlight]:
        if self.rows is None:
            return [InFlight([Asked(each.part, *each.gather(root)) for each in self.parts])]
        (own,) = self.parts
        groups = group_by_context(self.rows(root), self.contexts, self.possible)
        return [InFlight([Asked(own.part, *own.gather(objects))], values) for values, objects in groups]

    def merge(self, asked: list[Asked], response: SubgraphResponse, absent: list[Any]) -> bool:
        answer = self.decoder.decode(response)
        if answer is None:
            return False
        found = [getattr(answer, own.attribute) or [] for own in self.parts]
        for entities, each in zip(found, asked, strict=True):
            if len(entities) != len(each.representations):
                return False
        for own, entities, each in zip(self.parts, found, asked, strict=True):
            if own.kept is not None:
                keep_asked(entities, own.kept)
            own.merge(entities, each.owners, absent)
        return True

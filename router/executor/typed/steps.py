"""The steps of a plan on structures. Whatever is not as it should be is handed to the careful step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from router.errors import TransportError
from router.executor.entity_part import EntityPart, Gathered, Owners
from router.executor.entity_step import EntityStep
from router.executor.root_step import RootStep
from router.executor.steps import RequestState
from router.executor.typed.generate import Gather, Merge, Owning
from router.json import JSONDecodeError
from router.transport.base import SubgraphResponse


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
class TypedRootStep:
    """`attributes` are those of the root that the step answers."""

    careful: RootStep
    decoder: Decoder
    attributes: tuple[str, ...]

    async def run(self, state: RequestState) -> int:
        careful = self.careful
        if state.typed is None:
            return await careful.run(state)
        try:
            response = await state.send(
                careful.service, careful.document, state.variables_for(careful.variables)
            )
        except TransportError as error:
            state.demote()
            careful.fail(state, error)
        else:
            await state.work(self._take, state, response)
        return 1

    def _take(self, state: RequestState, response: SubgraphResponse) -> None:
        root = state.typed
        answer = self.decoder.decode(response) if root is not None else None
        if answer is None:
            state.demote()
            self.careful.receive(state, response, [state.data])
            return
        for attribute in self.attributes:
            setattr(root, attribute, getattr(answer, attribute))


@dataclass(frozen=True, slots=True)
class TypedPart:
    """`attribute` is where the answer's structure has the part's entities."""

    careful: EntityPart
    attribute: str
    gather: Gather
    merge: Merge


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a part asks for, and for whom."""

    part: TypedPart
    representations: list[dict[str, Any]]
    owners: Owning
    lacks_keys: bool

    def places(self) -> int:
        """How many objects share an answer at most. O(representations)."""
        return max((max(map(len, owners), default=1) for owners in self.owners), default=1)


@dataclass(frozen=True, slots=True)
class TypedEntityStep:
    careful: EntityStep
    decoder: Decoder
    parts: tuple[TypedPart, ...]

    async def run(self, state: RequestState) -> int:
        careful = self.careful
        if state.typed is None:
            return await careful.run(state)
        variables = state.variables_for(careful.variables)
        asked = await state.work(self._gather, state.typed)
        if any(each.lacks_keys for each in asked):
            state.lacks_keys = True
        if not any(each.representations for each in asked):
            return 1
        for each in asked:
            variables[each.part.careful.variable] = each.representations
        try:
            response = await state.send(careful.service, careful.document, variables)
        except TransportError as error:
            careful.fail(state, _demoted(state, asked), error)
        else:
            if not await state.work(self._take, state, asked, response):
                await careful.receive(state, _demoted(state, asked), response)
        return max(each.places() for each in asked)

    def _gather(self, root: Any) -> list[_Asked]:
        return [_Asked(part, *part.gather(root)) for part in self.parts]

    def _take(self, state: RequestState, asked: list[_Asked], response: SubgraphResponse) -> bool:
        return state.typed is not None and self._merge(asked, response)

    def _merge(self, asked: list[_Asked], response: SubgraphResponse) -> bool:
        """False, and nothing merged, when the answer needs care."""
        answer = self.decoder.decode(response)
        if answer is None:
            return False
        found = [getattr(answer, each.part.attribute) or [] for each in asked]
        if any(
            len(entities) != len(each.representations) for entities, each in zip(found, asked, strict=True)
        ):
            return False
        for entities, each in zip(found, asked, strict=True):
            each.part.merge(entities, each.owners)
        return True


def _demoted(state: RequestState, asked: list[_Asked]) -> list[Gathered]:
    dicts = state.demote()
    return [
        Gathered(
            each.part.careful,
            each.representations,
            [_demoted_owners(objects, dicts) for objects in each.owners],
        )
        for each in asked
    ]


def _demoted_owners(owners: list[list[Any]], dicts: Mapping[int, Any]) -> Owners:
    demoted = Owners()
    for index, objects in enumerate(owners):
        demoted.objects += [dicts[id(obj)] for obj in objects]
        demoted.indices += [index] * len(objects)
    return demoted

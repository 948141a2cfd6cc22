"""From what resolvers return to what is answered, for all values of a field at once (section 6.4.3).

`complete` maps values to answers, one for one and in order; a value that has none is answered by a `Failure`.
Values that are all plain (no null, no error: by their types, which are few) go the quick way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain, islice, repeat
from typing import TYPE_CHECKING, Any, Protocol

from graphql import (
    GraphQLAbstractType,
    GraphQLError,
    GraphQLLeafType,
    GraphQLObjectType,
    Undefined,
    is_object_type,
)
from graphql.pyutils import inspect, is_iterable

from subgraphs.kit.execution.failures import Failure
from subgraphs.kit.execution.leaves import usual_of

if TYPE_CHECKING:
    from subgraphs.kit.execution.failures import Placement
    from subgraphs.kit.execution.fields import Field
    from subgraphs.kit.execution.run import Run
    from subgraphs.kit.execution.selection import Selection

Values = Sequence[Any]
ONLY_LISTS = frozenset({list})
UNUSUAL = (type(None), type(Undefined), Failure, Exception)


class _Plain(dict[type, bool]):
    """Whether values of a type are neither null nor an error: asked once per type."""

    def __missing__(self, kind: type) -> bool:
        return self.setdefault(kind, not issubclass(kind, UNUSUAL))


PLAIN = _Plain()


class Completion(Protocol):
    @property
    def non_null(self) -> bool: ...

    def complete(self, run: Run, field: Field, values: Values) -> list[Any]: ...

    def settle(self, placement: Placement, field: Field, answer: Any) -> Any:
        """Place what failed inside the answer; BUBBLES when it must be null itself."""


class _Usual:
    """Sorts out nulls and errors; `_plain` completes the rest."""

    __slots__ = ("non_null",)

    def __init__(self, non_null: bool) -> None:
        self.non_null = non_null

    def complete(self, run: Run, field: Field, values: Values) -> list[Any]:
        if len(values) == 1:
            only = values[0]
            return self._plain(run, field, values) if PLAIN[type(only)] else [self._absent(run, field, only)]
        if all(map(PLAIN.__getitem__, set(map(type, values)))):
            return self._plain(run, field, values)
        there = [index for index, value in enumerate(values) if PLAIN[type(value)]]
        answers = [None if PLAIN[type(value)] else self._absent(run, field, value) for value in values]
        completed = self._plain(run, field, [values[index] for index in there])
        for index, answer in zip(there, completed, strict=True):
            answers[index] = answer
        return answers

    def _plain(self, run: Run, field: Field, values: Values) -> list[Any]:
        raise NotImplementedError

    def _absent(self, run: Run, field: Field, value: Any) -> Any:
        if isinstance(value, Failure):
            return value
        if isinstance(value, Exception):
            return run.failure(value)
        if not self.non_null:
            return None
        name = f"{field.parent}.{field.name}"
        return run.failure(TypeError(f"Cannot return null for non-nullable field {name}."))


class Leaves(_Usual):
    """Scalars and enums."""

    __slots__ = ("_coerce", "_usual")

    def __init__(self, kind: GraphQLLeafType, non_null: bool) -> None:
        super().__init__(non_null)
        self._coerce = kind.coerce_output_value
        self._usual = usual_of(kind)

    def _plain(self, run: Run, field: Field, values: Values) -> list[Any]:
        usual = self._usual(values)
        if usual is not None:
            return usual
        try:
            answers = list(map(self._coerce, values))
        except Exception:  # noqa: BLE001 -- found again below, where it belongs
            answers = [self._one(run, value) for value in values]
        if self.non_null and None in answers:
            return [self._absent(run, field, None) if answer is None else answer for answer in answers]
        return answers

    def _one(self, run: Run, value: Any) -> Any:
        try:
            return self._coerce(value)
        except Exception as error:  # noqa: BLE001 -- whatever it is, it has a place in the answer
            return run.failure(error)

    def settle(self, placement: Placement, field: Field, answer: Any) -> Any:
        return answer


class Objects(_Usual):
    """Objects of one type."""

    __slots__ = ("_selection",)

    def __init__(self, selection: Callable[[], Selection], non_null: bool) -> None:
        super().__init__(non_null)
        self._selection = selection

    def _plain(self, run: Run, field: Field, values: Values) -> list[Any]:
        return self._selection().answer(run, values) if values else []

    def settle(self, placement: Placement, field: Field, answer: Any) -> Any:
        return placement.settle_object(self._selection(), answer)


class Lists(_Usual):
    """Lists of anything: the items of all lists are completed together."""

    __slots__ = ("_item",)

    def __init__(self, item: Completion, non_null: bool) -> None:
        super().__init__(non_null)
        self._item = item

    def _plain(self, run: Run, field: Field, values: Values) -> list[Any]:
        if ONLY_LISTS.issuperset(map(type, values)):
            lists: list[Any] = list(map(list, values))
            flat = list(chain.from_iterable(lists))
        else:
            lists = [self._items(run, field, value) for value in values]
            flat = [item for items in lists if type(items) is list for item in items]
        run.budget.spend_items(len(flat))
        if run.waits(flat):
            return self._later(run, field, lists, flat)
        return _parted(lists, self._item.complete(run, field, flat))

    def _items(self, run: Run, field: Field, value: Any) -> list[Any] | Failure:
        if isinstance(value, list | tuple) or is_iterable(value):
            return list(value)
        name = f"{field.parent}.{field.name}"
        return run.failure(GraphQLError(f"Expected Iterable, but did not find one for field '{name}'."))

    def _later(self, run: Run, field: Field, lists: list[Any], flat: list[Any]) -> list[Any]:
        """The lists at once, their items when they are known."""

        def fill(values: list[Any]) -> None:
            for items, known in zip(
                lists, _parted(lists, self._item.complete(run, field, values)), strict=True
            ):
                if type(items) is list:
                    items[:] = known

        run.when(flat, fill)
        return lists

    def settle(self, placement: Placement, field: Field, answer: Any) -> Any:
        return placement.settle_items(self._item, field, answer)


class Abstracts(_Usual):
    """Objects of an interface or a union: each is asked for its type."""

    __slots__ = ("_by_class", "_kind", "_selection")

    def __init__(
        self,
        kind: GraphQLAbstractType,
        selection: Callable[[GraphQLObjectType], Selection],
        non_null: bool,
    ) -> None:
        super().__init__(non_null)
        self._kind = kind
        self._selection = selection
        self._by_class: dict[type, GraphQLObjectType] = {}

    def _plain(self, run: Run, field: Field, values: Values) -> list[Any]:
        classes = set(map(type, values))
        if len(classes) == 1 and not any(map(hasattr, values, repeat(CAST))):
            kind = self._by_class.get(classes.pop())
            if kind is not None:
                return self._of_kind(run, kind, values)
        return self._of_kinds(run, field, values)

    def _of_kind(self, run: Run, kind: GraphQLObjectType, values: Values) -> list[Any]:
        selection = self._selection(kind)
        completed = selection.answer(run, values)
        run.note_kinds(selection, completed)
        return completed

    def _of_kinds(self, run: Run, field: Field, values: Values) -> list[Any]:
        answers: list[Any] = [None] * len(values)
        places: dict[str, tuple[GraphQLObjectType, list[int]]] = {}
        for index, value in enumerate(values):
            try:
                kind = self._type_of(run, field, value)
            except Exception as error:  # noqa: BLE001 -- whatever it is, it has a place in the answer
                answers[index] = run.failure(error)
            else:
                places.setdefault(kind.name, (kind, []))[1].append(index)
        for kind, indices in places.values():
            completed = self._of_kind(run, kind, [values[index] for index in indices])
            for index, answer in zip(indices, completed, strict=True):
                answers[index] = answer
        return answers

    def _type_of(self, run: Run, field: Field, value: Any) -> GraphQLObjectType:
        """Asking Strawberry costs more than the object itself, and of most classes the answer is the same."""
        kind = self._by_class.get(type(value))
        if kind is None or hasattr(value, CAST):
            kind = self._asked_type(run, field, value)
            if _is_said_by_class(value):
                self._by_class[type(value)] = kind
        return kind

    def _asked_type(self, run: Run, field: Field, value: Any) -> GraphQLObjectType:
        resolve = self._kind.resolve_type or run.type_resolver
        name: Any = resolve(value, run.info_of(field), self._kind)
        kind = run.schema.get_type(name) if isinstance(name, str) else None
        if kind is None or not is_object_type(kind) or not run.schema.is_sub_type(self._kind, kind):
            raise GraphQLError(
                f"Abstract type '{self._kind}' must resolve to one of its object types for"
                f" '{field.parent}.{field.name}'; {inspect(value)} resolved to {inspect(name)}."
            )
        return kind

    def settle(self, placement: Placement, field: Field, answer: Any) -> Any:
        return placement.settle_abstract(answer)


CAST = "__as_strawberry_type__"
"""What `strawberry.cast` writes on an object that is to be of another type than its class."""


def _is_said_by_class(value: Any) -> bool:
    """Not of a generic type, whose fields say which it is, nor of what Strawberry did not make."""
    made = getattr(type(value), "__strawberry_definition__", None)
    is_plain = made is not None and not made.is_graphql_generic and made.concrete_of is None
    return is_plain and not hasattr(value, CAST)


def _parted(lists: list[Any], flat: list[Any]) -> list[Any]:
    """The flat items in lists as long as these; what is no list stays."""
    if ONLY_LISTS.issuperset(map(type, lists)):
        left = iter(flat)
        return [list(islice(left, length)) for length in map(len, lists)] if len(lists) > 1 else [flat]
    parted, at = [], 0
    for items in lists:
        if type(items) is not list:
            parted.append(items)
            continue
        parted.append(flat[at : at + len(items)])
        at += len(items)
    return parted

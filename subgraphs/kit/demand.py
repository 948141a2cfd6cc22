"""What the fields of a schema cost, said to whoever limits operations by it (`@listSize`, `@cost`).

    posts(first: Int, …): PostConnection
        @listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"], …)
    totalCount: Int! @cost(weight: 10)

Every list that `paged` gives its arguments, every count of one and every search is found here by itself: a
domain that adds one cannot forget it. What else is dear says so where it is written (`DEAR`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from strawberry.federation.schema_directives import Cost, ListSize
from strawberry.types.base import StrawberryContainer, get_object_definition
from strawberry.types.field import StrawberryField

from subgraphs.kit.pages import DEFAULT_SIZE

SLICING = ("first", "last")
SIZED = ("edges", "nodes")
COUNT = Cost(weight=10)
"""It reads a list to its end."""
SEARCH = Cost(weight=20)
"""It looks words and their likes up in several indexes."""
DEAR = Cost(weight=100)
"""It hashes a password, or reads all there is of somebody."""


def state_demand(roots: Iterable[type | None]) -> None:
    """Adds what is missing to the fields of these types and of those they lead to. O(fields)."""
    for kind in _types(roots):
        for field in kind.fields:
            if _is_paged(field):
                _add(field, _list_size(field))
            if field.python_name == "total_count":
                _add(field, COUNT)
            elif field.python_name.startswith("search_"):
                _add(field, SEARCH)


def _types(roots: Iterable[type | None]) -> Iterator[Any]:
    seen: set[Any] = set()
    waiting: list[Any] = list(roots)
    while waiting:
        kind = waiting.pop()
        while isinstance(kind, StrawberryContainer):
            kind = kind.of_type
        definition = get_object_definition(kind, strict=False)
        if definition is None or kind in seen:
            continue
        seen.add(kind)
        waiting += [field.type for field in definition.fields]
        yield definition


def _is_paged(field: StrawberryField) -> bool:
    return {argument.python_name for argument in field.arguments}.issuperset(SLICING)


def _list_size(field: StrawberryField) -> ListSize:
    kind: Any = field.type
    while isinstance(kind, StrawberryContainer):
        kind = kind.of_type
    definition = get_object_definition(kind, strict=True)
    names = {each.python_name for each in definition.fields}
    return ListSize(
        assumed_size=DEFAULT_SIZE,
        slicing_arguments=list(SLICING),
        sized_fields=[name for name in SIZED if name in names],
        require_one_slicing_argument=False,
    )


def _add(field: StrawberryField, directive: Cost | ListSize) -> None:
    """Once: what the domain says itself stays, and a schema may be built again."""
    if not any(isinstance(each, type(directive)) for each in field.directives):
        field.directives = [*field.directives, directive]

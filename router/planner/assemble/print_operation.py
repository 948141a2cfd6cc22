"""A subgraph operation as text, around the selection of its steps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from router.operation import Variable


def print_operation(
    head: str,
    body: str,
    representations: Iterable[str],
    variables: Iterable[Variable],
    extra: Iterable[tuple[str, str]] = (),
    directives: str = "",
) -> str:
    """`head` is the operation kind and name; an anonymous query without variables needs neither."""
    definitions = "".join(
        [f"${name}:[_Any!]!" for name in representations]
        + [f"${v.name}:{v.definition}" for v in variables]
        + [f"${name}:{type_}" for name, type_ in extra]
    )
    if definitions:
        return f"{head}({definitions}){directives}{body}"
    return body if head == "query" and not directives else head + directives + body


def used_variables(names: Collection[str], variables: Mapping[str, Variable]) -> list[Variable]:
    """In the order the client's operation declares them."""
    return [variable for name, variable in variables.items() if name in names]

"""An update's input: a field that is absent stays, null clears it where it may be empty."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import strawberry
from strawberry.utils.str_converters import to_camel_case

from subgraphs.kit.validation import Checks


def changes(input: object, checks: Checks, *, clearable: Collection[str] = ()) -> dict[str, Any]:
    """The fields that were sent, by their Python names. A null for one that is not `clearable` is a
    problem.
    """
    given = {name: value for name, value in vars(input).items() if value is not strawberry.UNSET}
    for name in [name for name, value in given.items() if value is None and name not in clearable]:
        checks.require(False, to_camel_case(name), f"{to_camel_case(name)} cannot be cleared.")
        del given[name]
    return given

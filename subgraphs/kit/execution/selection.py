"""What is asked of the objects of one type at one place of an operation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from subgraphs.kit.execution.budget import GivenUp
from subgraphs.kit.execution.leaves import Attribute, compile_leaves

if TYPE_CHECKING:
    from subgraphs.kit.execution.fields import Field
    from subgraphs.kit.execution.run import Run

Answer = dict[str, Any]


class Selection:
    """`parts`: its fields in the answer's order, with the attribute that a leaf is; `constants`: the value of
    a field that is the same for every object (`__typename`).
    """

    __slots__ = ("_constants", "_leaves", "_read", "fields", "others")

    def __init__(self, parts: Sequence[tuple[Field, Attribute | None]], constants: dict[str, Any]) -> None:
        self.fields = tuple(field for field, _ in parts)
        self.others = tuple(f for f, attribute in parts if attribute is None and f.key not in constants)
        self._leaves = tuple(field for field, attribute in parts if attribute is not None)
        self._constants = constants
        self._read = compile_leaves(parts, constants)

    def answer(self, run: Run, sources: Sequence[Any]) -> list[Answer]:
        """An answer for each object. What has to be waited for is put in later."""
        answers = self.begin(run, sources)
        for field in self.others:
            field.fill(run, sources, answers)
        return answers

    def begin(self, run: Run, sources: Sequence[Any]) -> list[Answer]:
        """Answers with what the objects hold themselves."""
        run.budget.spend_objects(len(sources))
        try:
            return self._read(run, sources)
        except GivenUp:
            raise
        except Exception:  # noqa: BLE001 -- an attribute failed: found field by field
            return self._begin_each(run, sources)

    def _begin_each(self, run: Run, sources: Sequence[Any]) -> list[Answer]:
        answers = [{field.key: self._constants.get(field.key) for field in self.fields} for _ in sources]
        for field in self._leaves:
            field.fill(run, sources, answers)
        return answers

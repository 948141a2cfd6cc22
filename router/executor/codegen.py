"""Python source, written once per operation and compiled: what makes execution free of interpretation.

Generated code holds no text from an operation except through `repr` of a string and through the
namespace, so nothing a client sends can become code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any


class Source:
    """Lines of a module and the constants they use."""

    def __init__(self, **namespace: Any) -> None:
        self._lines: list[str] = []
        self._namespace: dict[str, Any] = dict(namespace)
        self._constants = 0

    def line(self, depth: int, text: str) -> None:
        self._lines.append("    " * depth + text)

    def constant(self, value: Any) -> str:
        """A name in the generated module bound to `value`."""
        name = f"_c{self._constants}"
        self._constants += 1
        self._namespace[name] = value
        return name

    def compile(self, name: str) -> Callable[..., Any]:
        return self.compile_all((name,))[name]

    def compile_all(self, names: Iterable[str]) -> dict[str, Callable[..., Any]]:
        exec(compile(self.text, "<generated>", "exec"), self._namespace)  # noqa: S102
        return {name: self._namespace[name] for name in names}

    @property
    def text(self) -> str:
        return "\n".join(self._lines) + "\n"

"""Python source, written once per operation and compiled: what makes execution free of interpretation.

Generated code holds no text from an operation except through `repr` of a string and through the
namespace, so nothing a client sends can become code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from zlib import crc32


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
        """The functions of these names. Tracebacks show their lines: `linecache` asks `__loader__`."""
        text = self.text
        first, *_ = names = tuple(names) or ("nothing",)
        file = f"generated/{first}-{crc32(text.encode()):08x}.py"
        self._namespace |= {"__name__": file, "__loader__": _Loader(text)}
        exec(compile(text, file, "exec"), self._namespace)  # noqa: S102
        return {name: self._namespace[name] for name in names if name in self._namespace}

    @property
    def text(self) -> str:
        return "\n".join(self._lines) + "\n"


class _Loader:
    """A loader as far as `linecache` needs one; it lives as long as the code."""

    def __init__(self, text: str) -> None:
        self._text = text

    def get_source(self, _: str) -> str:
        return self._text

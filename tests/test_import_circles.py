"""No module needs itself to be imported: circles are found here, not by whoever imports in another order.

What counts is what runs while a module is imported: not an import within a function, nor one for types only.
Importing `a.b.c` runs `a` and `a.b` too, unless the importing module lies in them itself.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.test_architecture import PACKAGES, ROOT, imported_names


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {
    module_name(path): path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if "node_modules" not in path.parts
}


def run_on_import(tree: ast.AST) -> Iterator[ast.ImportFrom | ast.Import]:
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.Import() | ast.ImportFrom():
                yield node
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                continue
            case ast.If(test=ast.Name("TYPE_CHECKING")):
                for other in node.orelse:
                    yield from run_on_import(other)
            case _:
                yield from run_on_import(node)


def needed(name: str, path: Path, source: str) -> Iterator[str]:
    """The modules of ours that importing this one runs."""
    for node in run_on_import(ast.parse(source)):
        found = imported_names(path, node) if isinstance(node, ast.ImportFrom) else ()
        modules = [i.module for i in found] or [alias.name for alias in node.names]
        for module in modules:
            parts = module.split(".")
            ancestors = (".".join(parts[:end]) for end in range(1, len(parts)))
            yield from (a for a in ancestors if a in MODULES and not name.startswith(f"{a}.") and a != name)
            if module in MODULES:
                yield module


def circle(graph: Mapping[str, set[str]]) -> list[str]:
    """The modules of one circle in the order they need each other; none is the empty list."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found[::-1]
    return []


def test_no_module_of_ours_needs_itself_to_be_imported() -> None:
    graph = {name: set(needed(name, path, path.read_text("utf-8"))) for name, path in MODULES.items()}
    assert not circle(graph), " → ".join(circle(graph))


@pytest.mark.parametrize(
    ("source", "modules"),
    [
        ("from schema.compose import compose", {"schema", "schema.compose"}),
        ("from router.cache import lru", {"router.cache", "router.cache.lru"}),
        ("try:\n    import db.errors\nexcept ImportError: ...", {"db", "db.errors"}),
        ("class A:\n    from db.errors import StoreError", {"db", "db.errors"}),
        ("def f():\n    from schema import compose", set()),
        ("if TYPE_CHECKING:\n    from schema import compose", set()),
    ],
)
def test_an_import_counts_when_it_runs(source: str, modules: set[str]) -> None:
    name = "router.app"
    found = set(needed(name, ROOT / "router" / "app.py", source))
    assert found == {module for module in modules if module in MODULES}


def test_a_circle_is_told_in_order() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) in (
        ["a", "b", "c", "a"],
        ["b", "c", "a", "b"],
        ["c", "a", "b", "c"],
    )

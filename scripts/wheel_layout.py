"""The wheel's layout: `schema`, `router`, `subgraphs` and `db` become `plait.schema`, `plait.router`, …

    checkout                  wheel
    plait/__init__.py         plait/__init__.py
    plait/cli/…               plait/cli/…
    router/app.py             plait/router/app.py
    schema/compose.py         plait/schema/compose.py

In a checkout the folders stand side by side and import each other by their short names. Those names belong to
others on a user's machine (PyPI has a `schema`, an application has its own `db/`), so the wheel keeps them
all under `plait`. Hatchling calls `WheelLayout` for every wheel; an editable install is left as it is.
"""

from __future__ import annotations

import ast
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MOVED = ("schema", "router", "subgraphs", "db")
LEFT_OUT = shutil.ignore_patterns(
    "__pycache__", "node_modules", "src", "*.js", "package*.json", "*.html", ".*", "*.pyc"
)
"""The studio's sources; what is built from them, in assets/, is copied apart."""

TEMPLATE_IMPORT = re.compile(rf"^(\s*from )({'|'.join(MOVED)})(?=[\s.])", re.MULTILINE)


class WheelLayout(BuildHookInterface[Any]):
    """Puts the packages, imports rewritten, where the wheel has them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        self._folder = tempfile.TemporaryDirectory(prefix="plait-wheel-")
        root = Path(self.root)
        staged = Path(self._folder.name) / "plait"
        lay_out(root, staged)
        require_studio(staged)
        build_data["force_include"][str(staged)] = "plait"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if version != "editable":
            self._folder.cleanup()


def lay_out(root: Path, staged: Path) -> None:
    """Copies the packages of the checkout `root` to `staged`, the folder that becomes `plait/`."""
    shutil.copytree(root / "plait", staged, ignore=LEFT_OUT)
    for package in MOVED:
        shutil.copytree(root / package, staged / package, ignore=LEFT_OUT)
    assets = root / "router" / "studio" / "assets"
    if assets.is_dir():
        shutil.copytree(assets, staged / "router" / "studio" / "assets", dirs_exist_ok=True)
    rewrite(staged)


def require_studio(staged: Path) -> None:
    """A wheel without its page looks whole until somebody opens it."""
    if not (staged / "router" / "studio" / "assets" / "index.html").is_file():
        raise RuntimeError("The studio is not built: run `make studio` before building the wheel.")


def rewrite(folder: Path) -> None:
    """Gives every Python file and template below `folder` the wheel's names."""
    for path in folder.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        path.write_text(rewritten(text, str(path)), encoding="utf-8")
    for path in folder.rglob("*.mako"):
        text = path.read_text(encoding="utf-8")
        path.write_text(TEMPLATE_IMPORT.sub(r"\1plait.\2", text), encoding="utf-8")


def rewritten(source: str, name: str = "<source>") -> str:
    """`from router.app import Router` becomes `from plait.router.app import Router`, wherever it stands.

    Works on the positions of the syntax tree, so text that only looks like an import stays. O(characters).
    Raises ValueError for `import router`, which binds a name the wheel does not have.
    """
    lines = source.splitlines(keepends=True)
    for node in sorted(_imports(source, name), key=lambda node: node.lineno, reverse=True):
        index = node.lineno - 1
        line = lines[index].encode()
        at = line.index(b"from", node.col_offset) + len(b"from")
        head, tail = line[:at], line[at:]
        lines[index] = (head + b" plait." + tail.lstrip()).decode()
    return "".join(lines)


def _imports(source: str, name: str) -> Iterator[ast.ImportFrom]:
    """Imports of what moves. Two on one line would share a line number: none of ours do."""
    for node in ast.walk(ast.parse(source, name)):
        if isinstance(node, ast.ImportFrom) and not node.level and _moves(node.module or ""):
            yield node
        elif isinstance(node, ast.Import) and any(_moves(alias.name) for alias in node.names):
            raise ValueError(
                f"{name}:{node.lineno}: write `from … import …`, so that the wheel can rename it"
            )


def _moves(module: str) -> bool:
    return module.partition(".")[0] in MOVED

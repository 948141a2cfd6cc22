"""Who may import whom, as data. A failing test names the file, the line and the import that breaks a rule."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("schema", "router", "subgraphs", "db", "plait")
DOMAINS = tuple(
    sorted(p.name for p in (ROOT / "subgraphs").iterdir() if (p / "app.py").is_file() and p.name != "kit")
)

PACKAGE_MAY_IMPORT = {
    "schema": {"schema"},
    "db": {"db"},
    "router": {"router", "schema"},
    "subgraphs": {"subgraphs", "db"},
    "plait": set(PACKAGES),
}

MAY_IMPORT_TOO = {
    ("subgraphs/kit/jwks.py", "router.auth.jwks"),
    ("subgraphs/kit/jwks.py", "router.auth.tokens"),
    ("subgraphs/kit/rate_limit.py", "router.rates.script"),
}
"""Single files that know a single module above or beside them; each has its page in docs/decisions."""

ROUTER_LAYERS = (
    ("__init__",),
    ("reloading",),
    ("app",),
    ("mcp",),
    ("http", "composition", "kept"),
    ("partners",),
    ("described",),
    ("auth", "persisted", "subgraph_sdl", "telemetry"),
    ("pipeline",),
    ("authorization", "limits", "demand", "rates"),
    ("planner", "executor"),
    ("operation", "transport"),
    ("plan",),
    ("config_import",),
    ("config", "supergraph_file"),
    ("address", "cache", "json"),
    ("errors",),
)
"""A layer may import those below it; two of the same layer (planner, executor) do not know each other. Every
file of the router is in one of them."""

PLANNER_LAYERS = (
    ("__init__",),
    ("planner",),
    ("assemble",),
    ("fetch_graph",),
    ("search",),
    ("defer_variants", "response_keys", "facts"),
    ("field_sets", "errors"),
)
"""The planner's stages, the last one first: each knows only those before it."""

DOMAIN_LAYERS = (
    ("app",),
    ("schema", "routes"),
    ("queries", "mutations"),
    ("types", "references"),
    ("loaders",),
    ("service",),
    ("repository",),
    ("models",),
)

ONLY_IN = {
    "strawberry": (
        "subgraphs/kit",
        "app",
        "schema",
        "queries",
        "mutations",
        "inputs",
        "payloads",
        "types",
        "references",
        "loaders",
        "errors",
    ),
    "aioboto3": ("db/s3.py",),
    "mcp": ("router/mcp",),
    "motor": ("db/mongo.py",),
    "redis": (
        "db/redis.py",
        "subgraphs/kit",
        "repository",
        "router/partners/redis_store.py",
        "router/persisted/redis_texts.py",
        "router/rates/shared.py",
    ),
    "sqlalchemy": ("db", "repository", "models", "demo", "app", "subgraphs/kit"),
    "starlette": ("router/http", "router/app.py", "subgraphs/kit", "app", "routes", "plait"),
}
"""Library → the places that may know it: a folder from the root, or a file or folder name inside a domain."""


@dataclass(frozen=True, slots=True)
class Import:
    path: Path
    line: int
    module: str

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line} imports {self.module}"


@cache
def imports(folder: str) -> tuple[Import, ...]:
    """Read once, however many rules there are."""
    return tuple(imports_in(folder))


def imports_in(folder: str) -> Iterator[Import]:
    for path in sorted((ROOT / folder).rglob("*.py")):
        if "node_modules" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield Import(path, node.lineno, alias.name)
            elif isinstance(node, ast.ImportFrom):
                yield from imported_names(path, node)


def imported_names(path: Path, node: ast.ImportFrom) -> Iterator[Import]:
    """`from router import plan` is an import of `router.plan` as much as of `router`."""
    base = node.module or ""
    if node.level:
        parts = path.relative_to(ROOT).with_suffix("").parts[: -node.level]
        base = ".".join((*parts, base)) if base else ".".join(parts)
    for alias in node.names:
        inner = f"{base}.{alias.name}"
        yield Import(path, node.lineno, inner if is_module(inner) else base)


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_imports_only_the_packages_below_it(package: str) -> None:
    allowed = PACKAGE_MAY_IMPORT[package]
    wrong = [
        str(i)
        for i in imports(package)
        if i.module.split(".")[0] in PACKAGES
        and i.module.split(".")[0] not in allowed
        and (i.path.relative_to(ROOT).as_posix(), i.module) not in MAY_IMPORT_TOO
    ]
    assert not wrong, "\n".join(wrong)


def test_a_domain_imports_no_other_domain() -> None:
    wrong = [
        str(i)
        for domain in (*DOMAINS, "kit")
        for i in imports(f"subgraphs/{domain}")
        if i.module.startswith("subgraphs.") and i.module.split(".")[1] not in (domain, "kit")
    ]
    assert not wrong, "\n".join(wrong)


def test_the_kit_knows_no_domain() -> None:
    wrong = [
        str(i)
        for i in imports("subgraphs/kit")
        if any(i.module.startswith(f"subgraphs.{d}") for d in DOMAINS)
    ]
    assert not wrong, "\n".join(wrong)


def layer_of(module: str, layers: tuple[tuple[str, ...], ...]) -> int | None:
    for index, names in enumerate(layers):
        if any(module == name or module.startswith((f"{name}_", f"{name}.")) for name in names):
            return index
    return None


def breaks_layers(found: Import, base: str, layers: tuple[tuple[str, ...], ...]) -> bool:
    own = ".".join(found.path.relative_to(ROOT / base).with_suffix("").parts)
    if not found.module.startswith(base.replace("/", ".") + "."):
        return False
    other = found.module[len(base) + 1 :]
    source, target = layer_of(own, layers), layer_of(other, layers)
    if source is None or target is None:
        return False
    same_place = own.split(".")[0] == other.split(".")[0]
    return target < source or (
        target == source and not same_place and len(layers[source]) > 1 and base == "router"
    )


def test_the_router_imports_downwards_and_planner_and_executor_meet_only_in_the_plan() -> None:
    wrong = [str(i) for i in imports("router") if breaks_layers(i, "router", ROUTER_LAYERS)]
    assert not wrong, "\n".join(wrong)


def test_every_file_of_the_router_belongs_to_a_layer() -> None:
    files = [p for p in (ROOT / "router").rglob("*.py") if "node_modules" not in p.parts]
    names = {".".join(p.relative_to(ROOT / "router").with_suffix("").parts): p for p in files}
    wrong = [str(p.relative_to(ROOT)) for name, p in names.items() if layer_of(name, ROUTER_LAYERS) is None]
    assert not wrong, "\n".join(wrong)


def test_a_stage_of_the_planner_knows_only_those_before_it() -> None:
    wrong = [str(i) for i in imports("router/planner") if breaks_layers(i, "router/planner", PLANNER_LAYERS)]
    names = [p.relative_to(ROOT / "router/planner") for p in (ROOT / "router/planner").rglob("*.py")]
    homeless = [str(n) for n in names if layer_of(".".join(n.with_suffix("").parts), PLANNER_LAYERS) is None]
    assert not wrong + homeless, "\n".join(wrong + homeless)


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_domain_imports_downwards(domain: str) -> None:
    wrong = [
        str(i)
        for i in imports(f"subgraphs/{domain}")
        if breaks_layers(i, f"subgraphs/{domain}", DOMAIN_LAYERS)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_stays_where_it_belongs(library: str) -> None:
    wrong = [
        str(i)
        for package in PACKAGES
        for i in imports(package)
        if i.module.split(".")[0] == library and not may_know(i.path.relative_to(ROOT), ONLY_IN[library])
    ]
    assert not wrong, "\n".join(wrong)


def may_know(path: Path, places: tuple[str, ...]) -> bool:
    if any(path.is_relative_to(place) for place in places):
        return True
    in_domain = path.parts[0] == "subgraphs" and len(path.parts) > 2
    return in_domain and path.parts[2].removesuffix(".py") in places


def test_only_entry_points_import_a_composition_root() -> None:
    wrong = [
        str(i)
        for package in PACKAGES
        if package != "plait"
        for i in imports(package)
        if i.module == "router.app" and i.path != ROOT / "router" / "__init__.py"
    ]
    assert not wrong, "\n".join(wrong)

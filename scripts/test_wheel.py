"""The engine's tests against the installed wheel instead of the checkout: `make test-wheel`.

Builds sdist and wheel, installs the wheel with the locked libraries into a fresh environment beside PyPI's
`schema`, copies the tests with their imports renamed like the wheel's own, and runs them where the checkout
cannot be imported.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.wheel_layout import rewrite  # noqa: E402 - the checkout's root comes first
from tests.packaging.installed import add, environment_for, install  # noqa: E402

TESTED = ("router", "schema")
OF_THE_CHECKOUT = ("test_oldest_python.py", "test_errors_page.py", "test_one_reading.py")
"""They read or run the checkout's own files, which are not there beside the wheel."""


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="plait-wheel-") as name:
        folder = Path(name)
        installed = install(folder)
        add(installed.environment, "--require-hashes", "--requirement", str(ROOT / "requirements.lock"))
        tests = copied(folder)
        rewrite(tests)
        command = [
            installed.program("python"),
            "-m",
            "pytest",
            "-n",
            "2",
            "--dist",
            "loadgroup",
            *sys.argv[1:],
        ]
        return subprocess.run(command, cwd=folder / "checkout", env=environment_for(), check=False).returncode


def copied(folder: Path) -> Path:
    """The tests, and beside them the files (no modules) of the checkout that they read."""
    checkout = folder / "checkout"
    tests = checkout / "tests"
    no_caches = shutil.ignore_patterns("__pycache__", *OF_THE_CHECKOUT)
    for part in (*TESTED, "support"):
        shutil.copytree(ROOT / "tests" / part, tests / part, ignore=no_caches)
    shutil.copy(ROOT / "tests" / "__init__.py", tests)
    shutil.copy(ROOT / "pyproject.toml", checkout)
    for data in ("docs", "schema/sdl", "schema/supergraph.graphql"):
        source = ROOT / data
        target = checkout / data
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy(source, target)
    shared = ROOT.parent / "shared"
    if shared.is_dir():
        (folder / "shared").symlink_to(shared)
    return tests


if __name__ == "__main__":
    sys.exit(main())

"""A wheel of this checkout in an environment of its own, beside packages and modules of the same names.

    sdist ── wheel ── fresh environment ── `schema` from PyPI beside it
                             └── a folder with the user's own schema.py, router/, db/ and subgraphs.py

Built once a test session; pytest's workers that want it share a group.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
UV = Path(sys.executable).parent / "uv"
BESIDE = Path(__file__).with_name("beside.lock")
"""PyPI's `schema`, which has nothing to do with ours."""

USERS_OWN = {
    "schema.py": "OWNER = 'the user'\n",
    "router/__init__.py": "OWNER = 'the user'\n",
    "db/__init__.py": "OWNER = 'the user'\n",
    "subgraphs.py": "OWNER = 'the user'\n",
}


@dataclass(frozen=True, slots=True)
class Installed:
    """`folder` is where the user works: their modules come before installed ones."""

    wheel: Path
    sdist: Path
    environment: Path
    folder: Path

    def run(self, *command: str, timeout: float = 110) -> subprocess.CompletedProcess[str]:
        """A program of the environment, started in the user's folder."""
        program, *arguments = command
        return subprocess.run(
            [self.program(program), *arguments],
            cwd=self.folder,
            env=environment_for(),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def python(self, code: str) -> str:
        """What the code prints; it must end well."""
        done = self.run("python", "-c", code)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    @contextmanager
    def serving(self, *command: str) -> Iterator[str]:
        """A server of the environment, until the end of the block: the address it says it listens on."""
        program, *arguments = command
        process = subprocess.Popen(
            [self.program(program), *arguments],
            cwd=self.folder,
            env=environment_for(),
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr is not None
        try:
            said = (re.search(r"http://([\d.]+:\d+)/", line) for line in process.stderr)
            yield next(found.group(1) for found in said if found)
        finally:
            process.terminate()
            process.communicate(timeout=20)

    def program(self, name: str) -> str:
        return str(self.environment / "bin" / name)


def install(folder: Path) -> Installed:
    """Builds and installs below `folder`. Takes a quarter of a minute, most of it unpacking."""
    _call(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(folder / "sdist"), cwd=ROOT)
    sdist = next((folder / "sdist").glob("*.tar.gz"))
    _call("tar", "xzf", str(sdist), "-C", str(folder))
    source = folder / sdist.name.removesuffix(".tar.gz")
    _call(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=source)
    wheel = next(folder.glob("*.whl"))
    environment = folder / "environment"
    _call(str(UV), "venv", "--quiet", "--python", sys.executable, str(environment))
    add(
        environment, "--constraint", str(ROOT / "requirements.lock"), str(wheel), "strawberry-graphql", "mypy"
    )
    add(environment, "--require-hashes", "--requirement", str(BESIDE))
    return Installed(wheel, sdist, environment, _users_folder(folder / "work"))


def _users_folder(folder: Path) -> Path:
    for name, text in USERS_OWN.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def add(environment: Path, *what: str) -> None:
    python = str(environment / "bin" / "python")
    _call(str(UV), "pip", "install", "--quiet", "--no-config", "--python", python, *what)


def _call(*command: str, cwd: Path | None = None) -> None:
    done = subprocess.run(
        command, cwd=cwd, env=environment_for(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"


def environment_for() -> dict[str, str]:
    """This process's, without what would lead Python back to the checkout."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PLAIT_"))}
    return kept | {"VIRTUAL_ENV": ""}

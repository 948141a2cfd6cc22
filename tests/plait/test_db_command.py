"""`plait db`, run as people run it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from subgraphs.registry import DOMAINS

ROOT = Path(__file__).parents[2]
PLAIT = [sys.executable, "-c", "from plait.cli.main import main; main()"]
HEADS = {
    domain: max(path.name for path in (ROOT / "db" / "migrations" / domain).glob("rev_*.py")).split("_")[1]
    for domain in DOMAINS
}
"""The newest revision of each history."""


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="plait-home-") as folder:
        yield Path(folder)


def plait(home: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PLAIT_")}
    environment = kept | {"PLAIT_HOME": str(home)} | variables
    return subprocess.run(
        [*PLAIT, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_schemas_go_up_and_down_and_say_where_they_are(home: Path) -> None:
    assert plait(home, "db", "current", "posts").stdout == "posts - (empty)\n"
    upgraded = plait(home, "db", "upgrade")
    assert (upgraded.returncode, upgraded.stdout) == (0, "")
    assert "events: up 0001" in upgraded.stderr
    heads = "".join(f"{domain} {HEADS[domain]} (head)\n" for domain in DOMAINS)
    assert plait(home, "db", "current").stdout == heads
    assert plait(home, "db", "downgrade", "--to", "base", "users", "posts").returncode == 0
    left = f"users - (empty)\ncatalog {HEADS['catalog']} (head)\n"
    assert plait(home, "db", "current", "users", "catalog").stdout == left


def test_an_unknown_domain_is_a_usage_error_with_the_nearest_name(home: Path) -> None:
    answer = plait(home, "db", "upgrade", "usres")
    assert answer.returncode == 2
    assert "there is no domain 'usres'. Did you mean \"users\"?" in answer.stderr
    assert not list(home.iterdir()), "nothing was started"


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        (
            {"PLAIT_DATABASE_URL": "mysql://x"},
            "error[CANNOT_RUN]: the stores are PostgreSQL; a mysql URL was given",
        ),
        (
            {"PLAIT_DATABASE_URL": "postgresql://u@/x?host=/nowhere"},
            "error[CANNOT_RUN]: cannot reach PostgreSQL at",
        ),
        (
            {"PLAIT_USRES_DATABASE_URL": "postgresql://x"},
            "error[CANNOT_RUN]: PLAIT_USRES_DATABASE_URL: there is no domain usres. "
            'Did you mean "PLAIT_USERS_DATABASE_URL"',
        ),
        (
            {"PLAIT_POSTS_REPLICA_DATABASE_URL": "postgresql://x"},
            "error[CANNOT_RUN]: PLAIT_POSTS_DATABASE_URL: is needed beside the other URLs of this store",
        ),
        (
            {"PLAIT_ACCESS_TOKEN_SECONDS": "soon"},
            "error[CANNOT_RUN]: PLAIT_ACCESS_TOKEN_SECONDS: is a positive number of seconds, not 'soon'",
        ),
    ],
)
def test_bad_configuration_is_one_line_and_exit_code_1(
    home: Path, variables: dict[str, str], said: str
) -> None:
    answer = plait(home, "db", "current", **variables)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr.startswith(said)
    assert answer.stderr.count("\n") == 1


def test_a_data_folder_that_is_not_ours_is_left_alone(home: Path) -> None:
    (home / "postgres" / "data").mkdir(parents=True)
    (home / "postgres" / "data" / "letters.txt").write_text("mine")
    answer = plait(home, "db", "upgrade")
    assert answer.returncode == 1
    assert "is not a PostgreSQL cluster; move" in answer.stderr
    assert "Traceback" not in answer.stderr

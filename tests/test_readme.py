"""The README shows what runs."""

from __future__ import annotations

import re
from pathlib import Path

from plait.cli.first_operation import FIRST_OPERATION
from plait.cli.seed import demo_logins

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_readme_shows_the_first_operation_that_plait_up_prints() -> None:
    assert f"```graphql\n{FIRST_OPERATION}```" in README


def test_readme_logs_in_as_a_demo_user() -> None:
    login = demo_logins()[0]
    assert f'usernameOrEmail: "{login.username}", password: "{login.password}"' in README


def test_every_link_of_the_readme_and_the_docs_leads_somewhere() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert not broken, "\n".join(broken)


def test_the_commands_of_the_readme_are_targets_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = set(re.findall(r"\bmake ([a-z]+)", README))
    assert {"up", "test"} <= commands
    assert all(re.search(rf"^{command}:", makefile, re.MULTILINE) for command in commands)

"""`plait compose --watch`, the real command: what it says, and what the output file holds meanwhile."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from plait.cli.composition.differences import differences
from plait.cli.main import main
from schema import SubgraphDefinition, Supergraph, compose
from tests.support.processes import Process, running

LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])\n'
)
USERS = f'{LINK}type Query {{ me: User }}\ntype User @key(fields: "id") {{ id: ID! name: String }}\n'
POSTS = f'{LINK}type User @key(fields: "id") {{ id: ID! posts: Int }}\n'
CONFIG = "subgraphs:\n  users: {routing_url: http://users/, schema: {file: schemas/users.graphql}}\n"
BOTH = f"{CONFIG}  posts: {{routing_url: http://posts/, schema: {{file: posts.graphql}}}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "users.graphql").write_text(USERS)
    (tmp_path / "supergraph.yaml").write_text(CONFIG)
    return tmp_path


@pytest.fixture
def watching(folder: Path) -> Iterator[Process]:
    arguments = ("compose", "--config", "supergraph.yaml", "--output", "out.graphql", "--watch")
    with running(*arguments, folder=folder) as process:
        process.wait_for(r"^Composed 1 subgraph: ")
        yield process


def test_a_changed_schema_is_composed_again_and_what_it_changed_is_said(
    folder: Path, watching: Process
) -> None:
    (folder / "schemas" / "users.graphql").write_text(
        USERS.replace("name: String", "name: Int email: String")
    )
    watching.wait_for(r"^schemas/users\.graphql changed\.$")
    watching.wait_for(r"^Composed 1 subgraph: ")
    watching.wait_for(r"^  \+ User\.email: String$")
    watching.wait_for(r"^  ~ User\.name: String → Int$")
    assert "email: String" in (folder / "out.graphql").read_text()


def test_an_error_keeps_the_last_good_output_and_its_repair_is_noticed(
    folder: Path, watching: Process
) -> None:
    good = (folder / "out.graphql").read_text()
    (folder / "schemas" / "users.graphql").write_text(USERS.replace("me: User", "me: Nobody"))
    watching.wait_for(r"^error\[\w+\]: ")
    watching.wait_for(r"^out\.graphql stays as it was\.$")
    assert (folder / "out.graphql").read_text() == good
    (folder / "schemas" / "users.graphql").write_text(USERS)
    watching.wait_for(r"^Composed 1 subgraph: ")


def test_a_file_that_the_configuration_names_now_is_followed_even_before_it_is_there(
    folder: Path, watching: Process
) -> None:
    (folder / "supergraph.yaml").write_text(BOTH)
    watching.wait_for(r"^supergraph\.yaml changed\.$")
    watching.wait_for(r"^out\.graphql stays as it was\.$")
    (folder / "posts.graphql").write_text(POSTS)
    watching.wait_for(r"^posts\.graphql changed\.$")
    watching.wait_for(r"^Composed 2 subgraphs: ")


def test_a_file_replaced_by_renaming_is_noticed_and_a_wrong_configuration_is_survived(
    folder: Path, watching: Process
) -> None:
    (folder / "supergraph.yaml").write_text("subgraphs: 3\n")
    watching.wait_for(r"^error\[INVALID_CONFIG\]: ")
    (folder / "new").write_text(CONFIG)
    (folder / "new").rename(folder / "supergraph.yaml")
    watching.wait_for(r"^Composed 1 subgraph: ")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_well_when_it_is_told_to(watching: Process, number: signal.Signals) -> None:
    assert watching.stop(number) == 0
    assert "Traceback" not in watching.text


@pytest.mark.parametrize("more", [[], ["--output", "o", "--format", "github"], ["--format", "json"]])
def test_watching_needs_a_file_to_keep_up_to_date(folder: Path, more: list[str]) -> None:
    arguments = ["compose", "--config", str(folder / "supergraph.yaml"), "--watch", *more]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert "--output" in result.stderr


def composed(users: str) -> Supergraph:
    return compose([SubgraphDefinition(name="users", url="http://users/", sdl=users)]).supergraph


def test_differences_are_told_by_element_and_many_are_counted() -> None:
    before = composed(USERS)
    more = " ".join(f"f{i:02}: Int" for i in range(30))
    assert list(differences(before, before)) == []
    found = list(differences(before, composed(USERS.replace("name: String", more))))
    assert found[0] == "+ User.f00: Int"
    assert found[-1] == "… and 11 more"

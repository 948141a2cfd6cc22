"""`plait compose`: configuration in, supergraph out; errors people can act on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from plait.cli.main import main

LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", '
    'import: ["@key", "@shareable", "@tag"])\n'
)
USERS = f'{LINK}type Query {{ me: User }}\ntype User @key(fields: "id") {{\n  id: ID!\n  name: String\n}}\n'
POSTS = 'type User @key(fields: "id") { id: ID! posts: Int @tag(name: "internal") }'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A configuration of two subgraphs that compose, one in a file and one inline."""
    (tmp_path / "users.graphql").write_text(USERS)
    write_config(tmp_path, POSTS)
    return tmp_path


def write_config(folder: Path, posts: str) -> None:
    sdl = "\n".join(f"        {line}" for line in (LINK + posts).splitlines())
    (folder / "supergraph.yaml").write_text(
        f"""\
federation_version: =2.9.0
subgraphs:
  users:
    routing_url: ${{env.USERS_URL:-http://users/graphql}}
    schema:
      file: users.graphql
  posts:
    routing_url: http://posts/graphql
    schema:
      sdl: |
{sdl}
"""
    )


def run(folder: Path, *arguments: str, **environment: str) -> Result:
    arguments = ("compose", "--config", str(folder / "supergraph.yaml"), *arguments)
    return CliRunner().invoke(main, arguments, env={"USERS_URL": None, **environment})


def test_the_supergraph_goes_to_stdout_and_hints_to_stderr(folder: Path) -> None:
    result = run(folder)
    assert result.exit_code == 0
    assert result.stdout.startswith("schema\n  @link(")
    assert '@join__graph(name: "users", url: "http://users/graphql")' in result.stdout
    assert result.stderr == "Composed 2 subgraphs: 2 types, 0 hints.\n"


def test_variables_are_expanded(folder: Path) -> None:
    assert 'url: "http://elsewhere/"' in run(folder, USERS_URL="http://elsewhere/").stdout


def test_json_has_the_supergraph_the_api_schema_and_the_hints(folder: Path) -> None:
    write_config(folder, "type User { id: ID! @shareable }")
    (folder / "users.graphql").write_text(USERS + "enum E { A }")
    document = json.loads(run(folder, "--format", "json").stdout)
    assert set(document) == {"supergraphSdl", "apiSchema", "hints"}
    assert document["apiSchema"].startswith("enum E {")
    assert [hint["code"] for hint in document["hints"]] == ["INCONSISTENT_ENTITY", "UNUSED_ENUM_TYPE"]
    assert document["hints"][1]["locations"] == [{"subgraph": "users", "line": 7, "column": 1}]


def test_output_is_replaced_only_by_what_composed(folder: Path) -> None:
    output = folder / "out.graphql"
    assert run(folder, "--output", str(output)).stdout == ""
    first = output.read_text()
    assert first.endswith("}\n")
    write_config(folder, "type User { name: Int }")
    assert run(folder, "--output", str(output)).exit_code == 1
    assert output.read_text() == first
    assert sorted(path.name for path in folder.iterdir()) == [
        "out.graphql",
        "supergraph.yaml",
        "users.graphql",
    ]


def test_an_error_shows_the_code_the_lines_and_the_remedy(folder: Path) -> None:
    write_config(folder, 'type User @key(fields: "id") { id: ID! name: String }')
    result = run(folder)
    assert result.exit_code == 1
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert lines[0].startswith('error[INVALID_FIELD_SHARING]: "User.name" is resolved by subgraphs')
    assert f"--> users ({folder / 'users.graphql'}):5:3" in result.stderr
    assert "  4 |   id: ID!\n  5 |   name: String\n    |   ^" in result.stderr
    assert "= fix: Mark the field @shareable" in result.stderr
    assert lines[-1] == "The supergraph does not compose: 1 error."


def test_json_errors_have_code_message_and_locations(folder: Path) -> None:
    write_config(folder, 'type User @key(fields: "nope") { id: ID! }')
    result = run(folder, "--format", "json")
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    (error,) = document["errors"]
    assert error["code"] == "KEY_INVALID_FIELDS"
    assert error["locations"] == [{"subgraph": "posts", "line": 2, "column": 11}]
    assert document["hints"] == []


def test_a_contract_hides_what_it_excludes(folder: Path) -> None:
    document = json.loads(run(folder, "--format", "json", "--exclude-tag", "internal").stdout)
    assert "posts" not in document["apiSchema"]
    assert "posts" in document["supergraphSdl"]


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("", None, "the file is empty"),
        ("subgraphs: [", None, "not YAML"),
        ("- a", None, "the file: expected keys and values"),
        ("federation_version: 2", None, "subgraphs is missing"),
        ("subgraphs: {}", None, "subgraphs is empty"),
        ("subgraph:\n  a: {}", 1, 'subgraph: unknown key. Did you mean "subgraphs"?'),
        ("federation_version: =1.0\nsubgraphs: {}", 1, "federation_version: =1.0 is not known"),
        ("subgraphs:\n  a: 3", 2, "subgraphs.a: expected keys and values"),
        ("subgraphs:\n  a: {routing_url: x}", 2, "subgraphs.a: schema is missing"),
        ("subgraphs:\n  a:\n    schema: {sdl: x}", 3, "subgraphs.a: routing_url is missing"),
        (
            "subgraphs:\n  a:\n    routing_url: x\n    schema: {files: x}",
            4,
            "subgraphs.a.schema.files: unknown",
        ),
        (
            "subgraphs:\n  a:\n    routing_url: x\n    schema: {sdl: x, file: y}",
            None,
            "expected one of file, sdl",
        ),
        ("subgraphs:\n  a:\n    routing_url: ${env.NOPE_}\n    schema: {sdl: x}", None, "NOPE_ is not set"),
        (
            "subgraphs:\n  a:\n    routing_url:\n    schema: {sdl: x}",
            3,
            "subgraphs.a.routing_url: expected text",
        ),
    ],
)
def test_a_wrong_configuration_names_the_key_and_the_line(
    tmp_path: Path, text: str, line: int | None, problem: str
) -> None:
    (tmp_path / "supergraph.yaml").write_text(text)
    result = run(tmp_path)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("error[INVALID_CONFIG]: ")
    assert problem in result.stderr
    if line is not None:
        assert f"  --> {tmp_path / 'supergraph.yaml'}:{line}\n" in result.stderr
    assert "Traceback" not in result.stderr
    as_json = json.loads(run(tmp_path, "--format", "json").stdout)
    assert {error["code"] for error in as_json["errors"]} == {"INVALID_CONFIG"}


def test_a_missing_configuration_and_a_missing_schema_are_plain_errors(folder: Path) -> None:
    (folder / "users.graphql").unlink()
    result = run(folder)
    assert result.exit_code == 1
    assert "error[DOWNSTREAM_SERVICE_ERROR]" in result.stderr
    assert "users.graphql, cannot be read: No such file or directory" in result.stderr
    (folder / "supergraph.yaml").unlink()
    missing = run(folder).stderr.splitlines()
    assert missing[0] == "error[INVALID_CONFIG]: cannot be read: No such file or directory"
    assert missing[1].endswith("supergraph.yaml")


def test_a_subgraph_that_does_not_answer_is_named(folder: Path) -> None:
    (folder / "supergraph.yaml").write_text(
        "subgraphs:\n  users:\n    schema:\n      subgraph_url: http://127.0.0.1:1/graphql\n"
        "      introspection_headers: {Authorization: x}\n"
    )
    result = run(folder)
    assert result.exit_code == 1
    assert (
        'The schema of subgraph "users" cannot be fetched: http://127.0.0.1:1/graphql cannot be'
        in result.stderr
    )


def test_usage_mistakes_exit_with_2(folder: Path) -> None:
    assert CliRunner().invoke(main, ["compose"]).exit_code == 2
    assert run(folder, "--format", "xml").exit_code == 2

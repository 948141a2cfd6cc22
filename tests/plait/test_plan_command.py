"""`plait plan` and `plait debug`: a plan and every form on the way to it, and mistakes told plainly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from plait.cli.main import main
from tests.support.planning import composed

SUPERGRAPH = composed(
    {
        "users": "type Query { me: User }"
        ' type User @key(fields: "id") { id: ID! name: String secret: Int @inaccessible }',
        "posts": 'type User @key(fields: "id") { id: ID! posts: Int @override(from: "users", label: "l") }',
    }
)
OPERATION = "query Mine($on: Boolean!) { me { name posts @include(if: $on) } } query Other { me { id } }"


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    (tmp_path / "s.graphql").write_text(SUPERGRAPH)
    (tmp_path / "o.graphql").write_text(OPERATION)
    return ["--supergraph", str(tmp_path / "s.graphql"), "--operation", str(tmp_path / "o.graphql")]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_plan_prints_the_text_of_the_plan(files: list[str]) -> None:
    result = run("plan", *files, "--operation-name", "Mine", "--override-label", "l")
    assert result.exit_code == 0
    assert result.stdout.startswith('QueryPlan {\n  Sequence {\n    Fetch(service: "users")')
    assert "Include(if: $on)" in result.stdout


def test_plan_prints_json_and_mermaid(files: list[str]) -> None:
    arguments = ["plan", *files, "--operation-name", "Other"]
    assert json.loads(run(*arguments, "--format", "json").stdout)["kind"] == "QueryPlan"
    assert run(*arguments, "--format", "mermaid").stdout.startswith("flowchart LR")


def test_variables_decide_conditions(files: list[str]) -> None:
    arguments = ["plan", *files, "--operation-name", "Mine", "--override-label", "l"]
    assert '"posts"' in run(*arguments, "--variables", '{"on": true}').stdout
    assert '"posts"' not in run(*arguments, "--variables", '{"on": false}').stdout


@pytest.mark.parametrize(
    ("form", "part"),
    [
        ("normalize", "posts @include(if: $on)"),
        ("paths", "posts: [0:users* 1:posts]"),
        ("fetch-graph", "needs User {id}"),
        ("plan", "QueryPlan {"),
    ],
)
def test_debug_prints_every_form_of_an_operation(files: list[str], form: str, part: str) -> None:
    result = run("debug", form, *files, "--operation-name", "Mine", "--override-label", "l")
    assert result.exit_code == 0, result.output
    assert part in result.stdout


def test_debug_prints_the_query_graph(files: list[str]) -> None:
    assert "User@users" in run("debug", "graph", *files[:2]).stdout


def test_an_unknown_operation_name_is_told(files: list[str]) -> None:
    result = run("plan", *files, "--operation-name", "Nope")
    assert result.exit_code == 1
    assert "GRAPHQL_UNKNOWN_OPERATION_NAME" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ("{ me { nope } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ me { secret } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ me {", "PARSING_ERROR"),
    ],
)
def test_an_operation_that_does_not_fit_is_told(files: list[str], operation: str, code: str) -> None:
    Path(files[3]).write_text(operation)
    result = run("plan", *files)
    assert result.exit_code == 1
    assert code in result.stderr
    assert "Traceback" not in result.output


def test_what_is_wrong_in_an_operation_has_a_line_and_a_column(files: list[str]) -> None:
    Path(files[3]).write_text("{\n  me { nope }\n}")
    lines = run("plan", *files).stderr.splitlines()
    assert lines[0].startswith("error[GRAPHQL_VALIDATION_FAILED]: Cannot query field")
    assert lines[1] == f"  --> {files[3]}:2:8"


def test_a_missing_file_is_not_called_an_operation_that_is_not_valid(files: list[str]) -> None:
    result = run("plan", *files[:3], "nowhere.graphql")
    assert result.exit_code == 1
    assert result.stderr == (
        "error[FILE_CANNOT_BE_READ]: nowhere.graphql: cannot be read: No such file or directory\n"
    )


def test_a_text_that_is_no_supergraph_is_told_with_its_place(files: list[str]) -> None:
    Path(files[1]).write_text("type Query {")
    result = run("plan", *files)
    assert result.exit_code == 1
    assert "INVALID_FEDERATION_SUPERGRAPH" in result.stderr
    assert "line 1" in result.stderr


def test_files_that_are_not_there_are_told(files: list[str]) -> None:
    assert "cannot be read" in run("plan", *files[:3], "nowhere.graphql").stderr
    assert "cannot be read" in run("plan", "--supergraph", "nowhere.graphql", *files[2:]).stderr


def test_variables_must_be_a_json_object(files: list[str]) -> None:
    assert run("plan", *files, "--variables", "[").exit_code == 2
    assert run("plan", *files, "--variables", "[1]").exit_code == 2

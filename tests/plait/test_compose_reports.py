"""`plait compose --format github|sarif`: what CI shows beside the lines that are wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from plait.cli.main import main

LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])\n'
)
USERS = f'{LINK}type Query {{\n  me: User\n}}\ntype User @key(fields: "id") {{ id: ID! name: String }}\n'
POSTS = f'{LINK}type User @key(fields: "id") {{\n  id: ID!\n  name: Int\n}}\n'
GOOD = f'{LINK}type User @key(fields: "id") {{ id: ID! posts: Int }}\n'
CONFIG = """\
federation_version: =2.9.0
subgraphs:
  users: {routing_url: http://users/, schema: {file: "schemas/us%ers,1.graphql"}}
  posts: {routing_url: http://posts/, schema: {file: schemas/posts.graphql}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "us%ers,1.graphql").write_text(USERS)
    (tmp_path / "schemas" / "posts.graphql").write_text(POSTS)
    (tmp_path / "supergraph.yaml").write_text(CONFIG)
    return tmp_path


def run(folder: Path, form: str, *more: str) -> Result:
    arguments = ["compose", "--config", str(folder / "supergraph.yaml"), "--format", form, *more]
    return CliRunner().invoke(main, arguments, env={"GITHUB_WORKSPACE": str(folder)})


def log(result: Result) -> dict[str, Any]:
    document = json.loads(result.stdout)
    assert document["version"] == "2.1.0"
    (found,) = document["runs"]
    assert isinstance(found, dict)
    return found


def test_an_error_is_an_annotation_of_its_line_in_the_repository(folder: Path) -> None:
    result = run(folder, "github")
    assert result.exit_code == 1
    first, *rest = result.stdout.splitlines()
    assert first.startswith("::error file=schemas/posts.graphql,line=4,col=3,title=FIELD_TYPE_MISMATCH::")
    assert first.endswith("%0Aalso at schemas/us%25ers,1.graphql:5:40")
    assert all(line.startswith("::error file=") for line in rest)
    assert result.stderr.startswith("The supergraph does not compose: ")


def test_names_of_files_cannot_end_a_property(folder: Path) -> None:
    (folder / "schemas" / "us%ers,1.graphql").write_text(USERS.replace("me: User", "me: Nobody"))
    line = run(folder, "github").stdout
    assert line.startswith("::error file=schemas/us%25ers%2C1.graphql,line=3,col=")


def test_a_wrong_configuration_is_an_annotation_of_its_line(folder: Path) -> None:
    (folder / "supergraph.yaml").write_text(CONFIG.replace("routing_url: http://posts/", "rooting_url: x"))
    result = run(folder, "github")
    assert result.exit_code == 1
    assert result.stdout.startswith("::error file=supergraph.yaml,line=4,title=INVALID_CONFIG::")


def test_a_schema_that_is_in_no_file_is_an_annotation_of_the_configuration(folder: Path) -> None:
    (folder / "schemas" / "posts.graphql").unlink()
    line = run(folder, "github").stdout
    assert line.startswith("::error file=supergraph.yaml,title=DOWNSTREAM_SERVICE_ERROR::")


def test_hints_are_warnings_and_notices_and_what_composes_ends_with_0(folder: Path) -> None:
    (folder / "schemas" / "posts.graphql").write_text(LINK + "type User { id: ID! @shareable }")
    result = run(folder, "github")
    assert result.exit_code == 0
    assert [line.split(" ", 1)[0] for line in result.stdout.splitlines()] == ["::notice"]
    assert result.stderr == "Composed 2 subgraphs: 2 types, 1 hint.\n"


def test_a_report_leaves_the_supergraph_to_the_output_file(folder: Path) -> None:
    (folder / "schemas" / "posts.graphql").write_text(GOOD)
    output = folder / "supergraph.graphql"
    assert run(folder, "github").stdout == ""
    assert log(run(folder, "sarif", "--output", str(output)))["results"] == []
    assert output.read_text().startswith("schema\n")


def test_sarif_has_a_rule_for_every_code_and_a_result_for_every_finding(folder: Path) -> None:
    result = run(folder, "sarif")
    assert result.exit_code == 1
    found = log(result)
    driver = found["tool"]["driver"]
    assert driver["name"] == "plait"
    rules = [rule["id"] for rule in driver["rules"]]
    assert len(rules) == len(set(rules))
    for each in found["results"]:
        assert rules[each["ruleIndex"]] == each["ruleId"]
        assert each["level"] == "error"
        assert each["message"]["text"]


def test_sarif_places_are_uris_relative_to_the_repository(folder: Path) -> None:
    (mismatch,) = (r for r in log(run(folder, "sarif"))["results"] if r["ruleId"] == "FIELD_TYPE_MISMATCH")
    assert mismatch["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "schemas/posts.graphql"},
                "region": {"startLine": 4, "startColumn": 3},
            },
            "logicalLocations": [{"name": "posts", "kind": "module"}],
        }
    ]
    (related,) = mismatch["relatedLocations"]
    assert related["id"] == 1
    assert related["physicalLocation"]["artifactLocation"] == {"uri": "schemas/us%25ers%2C1.graphql"}


def test_sarif_of_a_wrong_configuration_points_at_its_line(folder: Path) -> None:
    (folder / "supergraph.yaml").write_text("subgraphs: 3\n")
    first = log(run(folder, "sarif"))["results"][0]
    assert first["ruleId"] == "INVALID_CONFIG"
    assert first["locations"][0]["physicalLocation"]["region"] == {"startLine": 1, "startColumn": 1}

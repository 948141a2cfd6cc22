"""Published operations in every form that build tools write, and what is wrong with those that are not."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from graphql import parse, print_ast

from router.persisted.manifest import APOLLO, ManifestError, PersistedOperation, read_operations

A = "query A {\n  me {\n    name\n  }\n}"
B = "mutation B {\n  go\n}"


def apollo(*operations: Any, **more: Any) -> dict[str, Any]:
    return {"format": APOLLO, "version": 1, "operations": list(operations)} | more


def written(folder: Path, manifest: Any, name: str = "m.json") -> Path:
    path = folder / name
    path.write_text(manifest if isinstance(manifest, str) else json.dumps(manifest))
    return path


def test_an_apollo_manifest_is_read_with_names_and_clients(tmp_path: Path) -> None:
    entry = {"id": "1", "name": "A", "type": "query", "body": A, "clientName": "ios", "more": "ignored"}
    assert read_operations(written(tmp_path, apollo(entry))) == [
        PersistedOperation("1", A, "A", "query", "ios")
    ]


@pytest.mark.parametrize("manifest", [{"1": A, "2": B}, [["1", A], ["2", B]]], ids=["map", "pairs"])
def test_a_relay_map_and_what_codegen_writes_are_read(tmp_path: Path, manifest: Any) -> None:
    for name in ("persisted.json", "no-suffix"):
        found = read_operations(written(tmp_path, manifest, name))
        assert found == [PersistedOperation("1", A), PersistedOperation("2", B)]


def test_a_folder_of_documents_gives_each_operation_with_its_own_fragments(tmp_path: Path) -> None:
    written(
        tmp_path, "query A { ...F } query C { me { id } } fragment F on Query { me { name } }", "a.graphql"
    )
    written(tmp_path, B, "b.gql")
    written(tmp_path, "not ours", "README.md")
    found = read_operations(tmp_path)
    a, c = "query A { ...F } fragment F on Query { me { name } }", "query C { me { id } }"
    assert {each.name: each.body for each in found} == {
        "A": print_ast(parse(a)), "C": print_ast(parse(c)), "B": B
    }  # fmt: skip
    assert all(each.id == hashlib.sha256(each.body.encode()).hexdigest() for each in found)


def test_a_folder_holds_manifests_too_and_the_same_operation_twice_is_one(tmp_path: Path) -> None:
    written(tmp_path, {"1": A}, "a.json")
    written(tmp_path, {"1": A, "2": B}, "b.json")
    assert [each.id for each in read_operations(tmp_path)] == ["1", "2"]


FAULTS: list[tuple[Any, str]] = [
    ("{", "not JSON"),
    ("5", "expected an Apollo manifest or a map"),
    ({"1": 5}, "expected pairs of an id and an operation"),
    ({"": A}, "expected pairs of an id and an operation"),
    ({"1": " "}, "expected pairs of an id and an operation"),
    ([["1"]], "expected pairs of an id and an operation"),
    ([["1", A], ["1", B]], "the id '1' stands for two different operations"),
    (apollo({"id": "1"}), "operations[0]: Object missing required field `body`"),
    (apollo({"id": 1, "body": A}), "operations[0]: Expected `str`, got `int`"),
    (apollo({"id": "", "body": A}), "operations[0]: id and body must not be empty"),
    (apollo(version=2), "expected the format apollo-persisted-query-manifest, version 1"),
    (apollo(format="other"), "found 'other'"),
    ("[" * 100_000, "not JSON"),
]


@pytest.mark.parametrize(("manifest", "message"), FAULTS, ids=[str(case[0])[:40] for case in FAULTS])
def test_a_manifest_that_cannot_be_read_is_told_with_its_file(
    tmp_path: Path, manifest: Any, message: str
) -> None:
    path = written(tmp_path, manifest)
    with pytest.raises(ManifestError) as caught:
        read_operations(path)
    assert message in caught.value.message
    assert str(path) in caught.value.message


def test_a_document_that_cannot_be_read_is_told_with_line_and_column(tmp_path: Path) -> None:
    path = written(tmp_path, "query A {\n  me {", "a.graphql")
    with pytest.raises(ManifestError, match=f"{path}:2:7: Syntax Error"):
        read_operations(tmp_path)


def test_bytes_that_are_no_text_and_a_path_that_is_none_are_told(tmp_path: Path) -> None:
    (tmp_path / "m.json").write_bytes(b"\xff\xfe")
    with pytest.raises(ManifestError, match="it is not UTF-8 text"):
        read_operations(tmp_path / "m.json")
    with pytest.raises(ManifestError, match="No such file"):
        read_operations(tmp_path / "none.json")

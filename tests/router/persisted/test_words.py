"""What is written above an operation is published with it, and better words replace those before."""

from __future__ import annotations

from pathlib import Path

from router.partners.changes import published
from router.partners.partner import Partner
from router.persisted.manifest import PersistedOperation, read_operations
from router.persisted.store import OperationStore

TEXT = "query A { me { name } }"
OTHER = PersistedOperation("2", "query B { me { id } }", description="B.")


def said(folder: Path, words: str) -> list[PersistedOperation]:
    path = folder / "a.graphql"
    path.write_text(f"{words}\n{TEXT}\n# Not of this operation.\n")
    return read_operations(path)


def test_a_folder_gives_the_words_above_an_operation_and_the_same_id(tmp_path: Path) -> None:
    (plain,), (worded,) = said(tmp_path, ""), said(tmp_path, "# Who is\n# asking.")
    assert (plain.description, worded.description) == ("", "Who is asking.")
    assert plain.id == worded.id


def test_words_are_kept_by_the_store_and_replaced_by_others_but_not_by_none(tmp_path: Path) -> None:
    store = OperationStore(tmp_path / "store")
    for words, kept in (("# One.", "One."), ("# Two.", "Two."), ("", "Two.")):
        store.publish("web", [*said(tmp_path, words), OTHER])
        assert [each.description for each in store.operations("web")] == [kept, "B."]


def test_a_partners_operation_takes_over_other_words_in_its_place() -> None:
    before = Partner(name="acme", operations=(PersistedOperation("1", TEXT, description="One."), OTHER))
    after = published("acme", [PersistedOperation("1", TEXT, description="Two.")])(before)
    assert [each.description for each in after.operations] == ["Two.", "B."]
    assert [each.id for each in after.operations] == ["1", "2"]

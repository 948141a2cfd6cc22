"""`plait partner`: a key shown once, operations that fit the contract, changes, what a partner did."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from plait.cli.main import main
from router.partners.folder_store import FolderStore
from router.partners.key import hash_of, is_key
from router.partners.partner import DayOfUse, Limits, Rate
from tests.support.partners import EMAIL, ME, SUPERGRAPH


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As `plait up` leaves it."""
    monkeypatch.setenv("PLAIT_HOME", str(tmp_path))
    monkeypatch.delenv("PLAIT_PARTNERS", raising=False)
    (tmp_path / "supergraph.graphql").write_text(SUPERGRAPH)
    return tmp_path


def partner(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["partner", *arguments])


def done(*arguments: str) -> Result:
    result = partner(*arguments)
    assert result.exit_code == 0, result.output
    return result


def listed(name: str = "acme") -> dict[str, Any]:
    (found,) = [each for each in json.loads(done("list", "--format", "json").stdout) if each["name"] == name]
    return dict(found)


def states() -> list[str]:
    return [key["state"].split()[0].strip(",") for key in listed()["keys"]]


def manifest(home: Path, **operations: str) -> str:
    path = home / "manifest.json"
    path.write_text(json.dumps(operations))
    return str(path)


def test_a_key_is_printed_once_and_only_its_hash_is_kept(home: Path) -> None:
    shown = done("add", "acme")
    key = shown.stdout.strip()
    assert is_key(key)
    kept = (home / "partners" / "acme.json").read_text()
    assert key not in kept + shown.stderr + done("list").output
    assert hash_of(key) in kept
    assert hash_of(key) not in json.dumps(listed())
    again = partner("add", "acme")
    assert (again.exit_code, again.stdout) == (1, "")
    assert "PARTNER_EXISTS" in again.stderr


def test_what_is_agreed_is_kept_and_changed_one_by_one(home: Path) -> None:
    done("add", "acme", "--exclude-tag", "internal", "--rate", "100/60", "--daily-operations", "5000",
         "--max-cost", "10", "--origin", "https://shop.example")  # fmt: skip
    done("set", "acme", "--daily-operations", "none", "--daily-cost", "70", "--origin", "none")
    record = FolderStore(home / "partners").read()["acme"]
    assert record.limits == Limits(rate=Rate(count=100, seconds=60), daily_cost=70, max_cost=10)
    assert record.origins == ()
    assert record.contract.exclude_tags == ("internal",)
    done("set", "acme", "--show-everything", "--rate", "none")
    record = FolderStore(home / "partners").read()["acme"]
    assert record.limits.rate is None
    assert record.contract.cut is None
    assert "cost 70 a day, cost 10 each" in done("list").stdout


def test_operations_are_published_when_the_contract_shows_all_they_ask_for(home: Path) -> None:
    done("add", "acme", "--exclude-tag", "internal")
    shown = done("publish", "acme", manifest(home, me=ME))
    assert shown.stdout == "me  (unnamed)\n"
    hidden = partner("publish", "acme", manifest(home, email=EMAIL, more=ME))
    assert hidden.exit_code == 1
    assert "error[PARTNER_FIELD_HIDDEN]" in hidden.stderr
    assert "The contract (exclude internal) hides User.email." in hidden.stderr
    assert "manifest.json (email):1:20" in hidden.stderr
    wrong = partner("publish", "acme", manifest(home, wrong="{ nope }"))
    assert "GRAPHQL_VALIDATION_FAILED" in wrong.stderr
    assert [each["id"] for each in listed()["operations"]] == ["me"]
    same_id = partner("publish", "acme", manifest(home, me="{ me { id } }"))
    assert "already published with another text" in same_id.stderr


def test_a_contract_is_narrowed_only_if_what_is_published_still_fits(home: Path) -> None:
    done("add", "acme")
    done("publish", "acme", manifest(home, email=EMAIL))
    refused = partner("set", "acme", "--exclude-tag", "internal")
    assert "PARTNER_FIELD_HIDDEN" in refused.stderr
    assert listed()["contract"] == {}
    done("unpublish", "acme", "email")
    done("set", "acme", "--exclude-tag", "internal")
    assert listed()["contract"] == {"exclude_tags": ["internal"]}


def test_keys_are_rotated_with_an_overlap_expired_and_revoked(home: Path) -> None:
    done("add", "acme")
    done("rotate", "acme", "--overlap", "12h")
    assert states() == ["good", "good"]
    assert "good until" in done("list").stdout
    done("rotate", "acme", "--overlap", "0s")
    assert states() == ["expired", "expired", "good"]
    last = listed()["keys"][-1]["id"]
    done("expire", "acme", "--in", "30d", "--key", last)
    assert "good until" in listed()["keys"][-1]["state"]
    done("revoke", "acme", "--key", last)
    assert states() == ["expired", "expired", "revoked"]
    unknown = partner("revoke", "acme", "--key", "nope")
    assert "PARTNER_KEY_NOT_FOUND" in unknown.stderr
    done("rotate", "acme")
    done("revoke", "acme")
    assert states() == ["revoked"] * 4


def test_keys_that_have_ended_come_back_by_no_command(home: Path) -> None:
    done("add", "acme")
    done("revoke", "acme")
    done("rotate", "acme")
    done("rotate", "acme", "--overlap", "0s")
    done("expire", "acme")
    done("expire", "acme", "--in", "30d")
    done("expire", "acme", "--in", "30d", "--key", listed()["keys"][1]["id"])
    assert states() == ["revoked", "expired", "good"]


def test_what_a_partner_did_is_told_by_day_operation_and_code(home: Path) -> None:
    done("add", "acme")
    done("publish", "acme", manifest(home, me=ME))
    assert "has not called yet" in done("usage", "acme").stderr
    day = datetime.now(UTC).date().isoformat()
    FolderStore(home / "partners").add_use({"acme": DayOfUse(day, 3, 4.5, {"me": 3}, {"SOME_CODE": 1})})
    told = done("usage", "acme").stdout
    assert told.splitlines() == [f"{day}  3 operations, cost 4.5", "         3  me", "         1  SOME_CODE"]
    (as_json,) = json.loads(done("usage", "acme", "--format", "json").stdout)
    assert as_json == {
        "day": day, "operations": 3, "cost": 4.5, "by_operation": {"me": 3}, "codes": {"SOME_CODE": 1},
    }  # fmt: skip


def test_a_tag_that_nothing_has_is_refused_since_it_would_hide_nothing(home: Path) -> None:
    for arguments in (
        ("add", "acme", "--exclude-tag", "internl"),
        ("set", "acme", "--exclude-tag", "internl"),
    ):
        result = partner(*arguments)
        assert result.exit_code == 1
        assert "error[PARTNER_TAG_UNKNOWN]" in result.stderr
        assert 'Did you mean "internal"?' in result.stderr
        assert (home / "partners" / "acme.json").exists() == (arguments[0] == "set")
        if arguments[0] == "add":
            done("add", "acme")
    assert listed()["contract"] == {}


MISTAKES = {
    ("rotate", "nobody"): "PARTNER_NOT_FOUND",
    ("usage", "nobody"): "PARTNER_NOT_FOUND",
    ("publish", "nobody", "manifest.json"): "PARTNER_NOT_FOUND",
    ("add", "../etc"): "INVALID_PARTNER_STORE",
    ("unpublish", "acme", "nope"): "INVALID_OPERATION_MANIFEST",
    ("publish", "acme", "missing.json"): "INVALID_OPERATION_MANIFEST",
    ("set", "acme", "--exclude-tag", "not a tag"): "PARTNER_TAG_UNKNOWN",
    ("add", "new", "--include-tag", "internal", "--exclude-tag", "internal"): "QUERY_ROOT_TYPE_INACCESSIBLE",
    ("list", "--store", "redis://127.0.0.1:1/0"): "INVALID_PARTNER_STORE",
}


@pytest.mark.parametrize("arguments", MISTAKES, ids=" ".join)
def test_a_mistake_is_a_code_and_a_sentence(
    home: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(home)
    done("add", "acme")
    done("publish", "acme", manifest(home, me=ME))
    result = partner(*arguments)
    assert result.exit_code == 1
    assert f"error[{MISTAKES[arguments]}]" in result.stderr
    assert "Traceback" not in result.output


USAGE = [
    ("add", "acme", "--rate", "100"),
    ("add", "acme", "--rate", "0/60"),
    ("add", "acme", "--rate", "1/0"),
    ("add", "acme", "--daily-operations", "-1"),
    ("add", "acme", "--max-cost", "0"),
    ("add", "acme", "--origin", "shop.example"),
    ("add", "acme", "--expires-in", "soon"),
    ("rotate", "acme", "--overlap", "1y"),
    ("set", "acme", "--show-everything", "--exclude-tag", "internal"),
]


@pytest.mark.parametrize("arguments", USAGE, ids=" ".join)
def test_a_value_that_is_none_is_a_wrong_call_and_changes_nothing(
    home: Path, arguments: tuple[str, ...]
) -> None:
    result = partner(*arguments)
    assert result.exit_code == 2, result.output
    assert not (home / "partners").exists()


def test_without_a_supergraph_it_says_which_option_names_one(home: Path) -> None:
    (home / "supergraph.graphql").unlink()
    done("add", "acme")
    result = partner("publish", "acme", manifest(home, me=ME))
    assert result.exit_code == 1
    assert "MISSING_SUPERGRAPH" in result.stderr
    assert "--supergraph" in result.stderr

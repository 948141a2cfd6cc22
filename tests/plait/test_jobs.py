"""`plait jobs`, over a store."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from db.postgres import connect
from plait.cli.main import main
from tests.support.postgres import migrated_stores

FAILED, WAITS = UUID(int=1), UUID(int=2)
ASKED = """INSERT INTO processing_jobs (id, track_id, source_bucket, source_key, created_at)
    VALUES (:failed, gen_random_uuid(), 'b', 'k', now() - interval '1 h'),
        (:waits, gen_random_uuid(), 'b', 'k', now())"""
TAKEN = "UPDATE processing_jobs SET status = 'PROCESSING', worker_pod = 'pod-1' WHERE id = :failed"
ENDED = "UPDATE processing_jobs SET status = 'FAILED', reason = 'Cut off.' WHERE id = :failed"


@pytest.fixture
async def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async with migrated_stores() as stores:
        database = connect(stores["processing"])
        async with database.write() as session:
            await session.execute(text(ASKED), {"failed": FAILED, "waits": WAITS})
            for step in (TAKEN, ENDED):
                await session.execute(text(step), {"failed": FAILED})
        await database.close()
    monkeypatch.setenv("PLAIT_HOME", str(tmp_path))
    monkeypatch.setenv("PLAIT_PROCESSING_DATABASE_URL", stores["processing"].url)


def jobs(*options: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["jobs", *options], standalone_mode=False)
    return (1 if done.exception else 0), done.output or str(done.exception)


@pytest.mark.usefixtures("store")
def test_jobs_are_listed_latest_first_with_their_worker_and_reason() -> None:
    code, output = jobs()
    assert code == 0
    first, second = output.splitlines()
    assert first.startswith(f"{WAITS}  PENDING")
    assert second.startswith(f"{FAILED}  FAILED")
    assert second.endswith("pod-1  Cut off.")


@pytest.mark.usefixtures("store")
def test_jobs_are_told_to_programs_and_by_state() -> None:
    code, output = jobs("--format=json", "--status=failed")
    assert code == 0
    (job,) = json.loads(output)
    assert (job["id"], job["status"], job["reason"]) == (str(FAILED), "FAILED", "Cut off.")


@pytest.mark.usefixtures("store")
def test_a_failed_job_is_tried_again_and_another_is_refused() -> None:
    code, output = jobs(f"--retry={FAILED}", "--status=pending")
    assert (code, len(output.splitlines())) == (0, 2)
    code, output = jobs(f"--retry={FAILED}")
    assert (code, "no job that has failed" in output) == (1, True)

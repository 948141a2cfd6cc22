"""Processing as its clients see it: who may have sound made, and who sees how far it is."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest

from subgraphs.kit.outbox import Message
from subgraphs.processing.repository.heard import forget_requester, hear_of_uploads
from tests.subgraphs.processing.conftest import Processing
from tests.subgraphs.support import act, data, denied, refused

pytestmark = pytest.mark.xdist_group("seaweedfs")
SEEN = """query($r: [_Any!]!, $id: ID!) { processingJob(id: $id) { status }
    _entities(representations: $r) { ... on Track {
        processing { id status progress attempts reason errorLog worker track { id } } } } }"""
JOB = "job { id status }"


async def test_who_may_upload_has_sound_made_and_sees_how_far_it_is(processing: Processing) -> None:
    ada, admin = processing.person(), processing.person(roles=frozenset({"ROLE_ADMIN"}))
    track = await processing.track(ada)
    job = await processing.start(ada, track, b"no sound")
    await processing.worker(worker="pod-1").step()
    asked = {"r": [{"__typename": "Track", "id": str(track)}], "id": job}
    seen = await data(processing.subgraph, SEEN, ada.headers, **asked)
    expected = {
        "id": job,
        "status": "FAILED",
        "progress": 0,
        "attempts": 1,
        "reason": "This is no OGG, FLAC, WAV or MP3 file.",
        "errorLog": None,
        "worker": None,
        "track": {"id": str(track)},
    }
    assert seen == {"processingJob": {"status": "FAILED"}, "_entities": [{"processing": expected}]}
    by_admin = await data(processing.subgraph, SEEN, admin.headers, **asked)
    assert by_admin["_entities"][0]["processing"] == expected | {"errorLog": "", "worker": "pod-1"}
    for headers in (None, processing.person().headers):
        hidden = await data(processing.subgraph, SEEN, headers, **asked)
        assert hidden == {"processingJob": None, "_entities": [{"processing": None}]}


async def test_nobody_else_may_and_nobody_takes_anothers_upload(processing: Processing) -> None:
    ada, eve = processing.person(), processing.person()
    track, key = await processing.track(ada), f"{ada.id}/song"
    given = {"trackId": str(track), "sourceKey": key}
    assert await denied(processing.subgraph, "processTrack", **given) == "UNAUTHENTICATED"
    own = given | {"sourceKey": f"{eve.id}/song"}
    assert await denied(processing.subgraph, "processTrack", eve.headers, **own) == "FORBIDDEN"
    for stolen in (f"{eve.id}/song", "song", f"{ada.id}/../{eve.id}/song", f"{ada.id}"):
        found = await refused(
            processing.subgraph, "processTrack", ada.headers, **(given | {"sourceKey": stolen})
        )
        assert found == [("INVALID_INPUT", "sourceKey")], stolen
    missing = given | {"trackId": str(uuid4())}
    assert await refused(processing.subgraph, "processTrack", ada.headers, **missing) == [
        ("NOT_FOUND", "trackId")
    ]


async def test_asking_twice_is_asking_once_also_at_once(processing: Processing) -> None:
    ada = processing.person()
    track, wanted = await processing.track(ada), str(uuid4())
    given = {"trackId": str(track), "sourceKey": f"{ada.id}/song"}
    asked = [given | {"jobId": wanted}, given, given | {"jobId": wanted}] * 3
    answers = await asyncio.gather(
        *(act(processing.subgraph, "processTrack", ada.headers, JOB, **each) for each in asked)
    )
    assert len({answer["job"]["id"] for answer in answers}) == 1
    other = given | {"sourceKey": f"{ada.id}/another"}
    assert await refused(processing.subgraph, "processTrack", ada.headers, **other) == [
        ("CONFLICT", "trackId")
    ]


async def test_what_has_failed_is_tried_again_when_asked(processing: Processing) -> None:
    ada, eve = processing.person(), processing.person()
    job = await processing.start(ada, await processing.track(ada), b"no sound")
    again = {"jobId": job}
    assert await refused(processing.subgraph, "retryProcessing", ada.headers, **again) == [
        ("CONFLICT", "jobId")
    ]
    await processing.worker().step()
    assert await refused(processing.subgraph, "retryProcessing", eve.headers, **again) == [
        ("NOT_FOUND", "jobId")
    ]
    payload = await act(processing.subgraph, "retryProcessing", ada.headers, JOB, **again)
    assert payload["job"] == {"id": job, "status": "PENDING"}
    assert await processing.worker().step()


async def test_media_makes_a_job_by_message_for_who_may_upload(processing: Processing) -> None:
    ada, eve = processing.person(), processing.person()
    track = await processing.track(ada)
    for who, expected in ((eve, 0), (ada, 1), (ada, 1)):
        told = {"track_id": str(track), "bucket": "uploads", "key": "k", "user_id": str(who.id)}
        upload = UUID(int=7)
        async with processing.database.write() as session:
            await hear_of_uploads(session, Message("media.media", str(upload), "AudioUploaded", told))
            await hear_of_uploads(session, Message("media.media", str(upload), "MediaDeleted", {}))
        asked = {"r": [{"__typename": "Track", "id": str(track)}], "id": str(upload)}
        seen = await data(processing.subgraph, SEEN, ada.headers, **asked)
        assert (seen["processingJob"] is not None) == bool(expected)


async def test_who_is_gone_is_no_jobs_and_no_artists_any_more(processing: Processing) -> None:
    ada = processing.person()
    track = await processing.track(ada)
    job = await processing.start(ada, track, b"x")
    for _ in range(2):
        async with processing.database.write() as session:
            await forget_requester(session, ada.id)
    assert (await processing.facts(job))["requested_by"] is None
    given = {"trackId": str(track), "sourceKey": f"{ada.id}/song"}
    assert await denied(processing.subgraph, "processTrack", ada.headers, **given) == "FORBIDDEN"

"""The MongoDB factory against a server of its protocol."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from pymongo.errors import DuplicateKeyError

from db.errors import ProvisionError, StoreUnavailable
from db.mongo import connect
from tests.support.ferretdb import MISSING, PROGRAM, a_folder, ferretdb, free_port
from tests.support.recorded_calls import recorded_calls

needs_server = pytest.mark.skipif(not PROGRAM.exists(), reason=MISSING)


@needs_server
async def test_values_come_back_as_they_went_and_a_unique_index_holds() -> None:
    with a_folder() as folder, ferretdb(folder, free_port()) as url:
        mongo = connect(url, "interactions")
        like = {"_id": uuid4().hex, "post": "p1", "user": "u1", "at": datetime(2026, 1, 2, tzinfo=UTC)}
        async with mongo.use() as database:
            await database["likes"].create_index([("post", 1), ("user", 1)], unique=True)
            await database["likes"].insert_one(like)
            assert await database["likes"].find_one({"post": "p1"}) == like
        with pytest.raises(DuplicateKeyError):
            async with mongo.use() as database:
                await database["likes"].insert_one(like | {"_id": "another"})
        mongo.close()
        traced = connect(url, "interactions", traced=True)
        with recorded_calls() as told:
            async with traced.use() as database:
                assert await database["likes"].find_one({"post": "p1"}) == like
                with pytest.raises(DuplicateKeyError):
                    await database["likes"].insert_one(like | {"_id": "another"})
        assert [call for call in told if call[1] in ("find", "insert")] == [
            ("mongodb", "find", None),
            ("mongodb", "insert", None),
        ], "a write that a key refuses is an answer"
        traced.close()


@needs_server
async def test_a_server_that_was_killed_is_reached_again_with_what_it_confirmed() -> None:
    port = free_port()
    with a_folder() as folder:
        with ferretdb(folder, port) as url:
            mongo = connect(url, "interactions")
            async with mongo.use() as database:
                await database["likes"].insert_one({"_id": "kept"})
        with pytest.raises(StoreUnavailable, match=f"cannot reach MongoDB at 127.0.0.1:{port}"):
            await mongo.ping()
        with ferretdb(folder, port):
            await mongo.ping()
            async with mongo.use() as database:
                assert await database["likes"].find_one({}) == {"_id": "kept"}
        mongo.close()


def test_a_url_that_is_none_is_refused_without_its_password() -> None:
    with pytest.raises(ProvisionError, match="PLAIT_MONGO_URL reads mongodb://") as caught:
        connect("http://user:secret@host", "x")
    assert "secret" not in str(caught.value)

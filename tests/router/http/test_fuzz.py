"""Damaged messages over a socket; a long run is `python -m tests.support.http_fuzz --cases 20000`."""

from __future__ import annotations

import pytest

from tests.support.http_fuzz import damaged, faults_in, fuzz
from tests.support.http_server import http_message

CASES = 600


async def test_no_damaged_message_is_answered_with_a_fault_of_ours_or_harms_the_next() -> None:
    assert await fuzz(range(CASES)) == []


def test_a_seed_is_the_same_message_again() -> None:
    assert [damaged(seed) for seed in range(50)] == [damaged(seed) for seed in range(50)]
    assert len({damaged(seed) for seed in range(50)}) > 40


FAULTS = {
    "500: b'x'": http_message(b"x", "500 Oops", "text/plain"),
    "no HTTP message: it is not whole": http_message(b"four")[:-1],
    "no HTTP message: illegal status line": b"Traceback (most recent call last):\r\n\r\n",
    "no JSON: b'{'": http_message(b"{"),
    "no code: {'message': 'no'}": http_message(b'{"errors": [{"message": "no"}]}'),
}


@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_fault_is_seen_also_behind_a_good_answer(fault: str) -> None:
    good = http_message(b"{}")
    assert faults_in(good) == []
    (found,) = faults_in(good + FAULTS[fault])
    assert found.startswith(fault)

"""The client's trace goes on to subgraphs, or one begins; what is no trace does not."""

from __future__ import annotations

from typing import Any

import pytest

from router.config import HeadersConfig
from router.pipeline.insert_header import Asking
from router.pipeline.propagate_headers import HeaderRules
from router.pipeline.trace_context import is_valid

PARENT = f"00-{'a' * 32}-{'b' * 16}-01"


def sent(mode: Any, **headers: str) -> dict[str, str]:
    rules = HeaderRules.of(HeadersConfig(trace_context=mode))
    return dict(rules.for_request(Asking(headers))("users"))


@pytest.mark.parametrize("mode", ["forward", "begin"])
def test_a_clients_trace_goes_on_with_its_state(mode: str) -> None:
    assert sent(mode, traceparent=PARENT, tracestate="v=1") == {"traceparent": PARENT, "tracestate": "v=1"}
    assert sent(mode, traceparent=PARENT, tracestate="v" * 513) == {"traceparent": PARENT}


def test_a_trace_begins_where_that_is_configured() -> None:
    assert sent("forward") == {}
    assert is_valid(sent("begin")["traceparent"])
    assert sent("begin") != sent("begin")
    assert sent("off", traceparent=PARENT) == {}


@pytest.mark.parametrize(
    "parent",
    [
        "",
        PARENT.upper(),
        f"00-{'0' * 32}-{'b' * 16}-01",
        f"00-{'a' * 32}-{'0' * 16}-01",
        f"ff-{'a' * 32}-{'b' * 16}-01",
        PARENT + "-more",
        PARENT[:-1],
        "x" * 55,
    ],
)
def test_what_is_no_trace_is_not_forwarded_nor_is_its_state(parent: str) -> None:
    assert sent("forward", traceparent=parent, tracestate="v=1") == {}
    assert sent("begin", traceparent=parent, tracestate="v=1").keys() == {"traceparent"}


def test_a_later_version_may_have_more_behind_it() -> None:
    assert is_valid(f"01-{'a' * 32}-{'b' * 16}-01-more")

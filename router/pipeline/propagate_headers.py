"""Which headers a subgraph is sent: rules in order, worked out once, applied per request and subgraph."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import assert_never

import msgspec

from router.config import HeaderRule, HeadersConfig, Insert, Propagate, Remove
from router.config.headers import TraceContext
from router.config.message_headers import OF_THE_REQUEST, without_connection_headers
from router.pipeline.insert_header import Apply, Asking, insert
from router.pipeline.trace_context import TRACEPARENT, trace_headers
from router.transport.base import Headers


@dataclass(frozen=True, slots=True)
class HeaderRules:
    """`by_service` holds only the subgraphs with rules of their own."""

    everyone: tuple[Apply, ...]
    by_service: Mapping[str, tuple[Apply, ...]]
    trace_context: TraceContext = "off"
    begins_traces: bool = False

    @classmethod
    def of(cls, config: HeadersConfig) -> HeaderRules:
        everyone = tuple(map(_compile, config.all.request))
        by_service = {
            name: everyone + tuple(map(_compile, rules.request)) for name, rules in config.subgraphs.items()
        }
        return cls(everyone, by_service, config.trace_context, config.trace_context == "begin")

    def for_request(self, asking: Asking) -> Callable[[str], Headers]:
        """A function from a subgraph's name to its headers, computing each set of rules once."""
        if "connection" in asking.headers:
            allowed = without_connection_headers(asking.headers)
            asking = msgspec.structs.replace(asking, headers=allowed)
        trace = self._trace(asking.headers) if TRACEPARENT in asking.headers or self.begins_traces else ()
        default = _apply(self.everyone, asking, trace)
        if not self.by_service:
            return lambda service: default
        own: dict[str, Headers] = {}

        def headers_of(service: str) -> Headers:
            rules = self.by_service.get(service)
            if rules is None:
                return default
            if service not in own:
                own[service] = _apply(rules, asking, trace)
            return own[service]

        return headers_of

    def _trace(self, headers: Mapping[str, str]) -> Headers:
        return () if self.trace_context == "off" else trace_headers(headers, begin=self.begins_traces)


def _apply(rules: tuple[Apply, ...], asking: Asking, trace: Headers) -> Headers:
    sent: dict[str, str] = dict(trace)
    for rule in rules:
        rule(sent, asking)
    return tuple(sent.items())


def _compile(rule: HeaderRule) -> Apply:
    chosen = rule.propagate or rule.insert or rule.remove
    match chosen:
        case Propagate():
            return _propagate(chosen)
        case Insert():
            return insert(chosen)
        case Remove(named):
            return _remove(named.lower())
        case None:
            raise AssertionError("an empty header rule passed the configuration's check")
        case _:
            assert_never(chosen)


def _remove(name: str) -> Apply:
    def remove(sent: dict[str, str], asking: Asking) -> None:
        sent.pop(name, None)

    return remove


def _propagate(rule: Propagate) -> Apply:
    if rule.matching is not None:
        pattern = re.compile(rule.matching, re.IGNORECASE)

        def matching(sent: dict[str, str], asking: Asking) -> None:
            for name, value in asking.headers.items():
                if name not in OF_THE_REQUEST and pattern.fullmatch(name):
                    sent[name] = value

        return matching
    assert rule.named is not None
    source, target, default = rule.named.lower(), (rule.rename or rule.named).lower(), rule.default

    def named(sent: dict[str, str], asking: Asking) -> None:
        value = asking.headers.get(source, default)
        if value is not None:
            sent[target] = value

    return named

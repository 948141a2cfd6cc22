"""Which headers of subgraphs' answers the client gets, and what becomes of several of one name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from router.config import HeadersConfig, ResponseRule, Return
from router.config.headers import Merge
from router.config.message_headers import NEVER_SENT_ON, OF_THE_ANSWER, without_connection_headers
from router.errors import GraphQLErrorDict
from router.pipeline.cache_control import AGE, NO_STORE, cache_headers, merged
from router.pipeline.request import GraphQLResponse
from router.transport.base import Headers, Kept

CACHE_CONTROL = "cache-control"
RawHeaders = tuple[tuple[bytes, bytes], ...]
Contribution = dict[str, tuple[Merge, list[str]]]
Apply = Callable[[Contribution, Headers], None]


@dataclass(frozen=True, slots=True)
class ReturnRules:
    """`everyone` and `by_service` as in the request's rules. `merges_lifetimes`: Cache-Control is ours."""

    everyone: tuple[Apply, ...]
    by_service: Mapping[str, tuple[Apply, ...]]
    kept: Kept
    merges_lifetimes: bool

    @classmethod
    def of(cls, config: HeadersConfig, *, merges_lifetimes: bool) -> ReturnRules:
        everyone = tuple(map(_compile, config.all.response))
        by_service = {
            name: everyone + tuple(map(_compile, rules.response)) for name, rules in config.subgraphs.items()
        }
        return cls(everyone, by_service, _kept(config, merges_lifetimes), merges_lifetimes)

    def for_client(
        self, received: Sequence[tuple[str, Headers]], answers: int, errors: Sequence[GraphQLErrorDict]
    ) -> RawHeaders:
        """O(headers received). An answer with an error is never to be kept."""
        if not received:
            return ()
        sent: dict[str, list[str]] = {}
        for service, headers in received:
            for name, (how, values) in self._contribution(service, headers).items():
                _merge(sent, name, how, values)
        if self.merges_lifetimes:
            sent.pop(CACHE_CONTROL, None)
            lifetime = merged(cache_headers([headers for _, headers in received]), answers)
            if lifetime is not None:
                sent[CACHE_CONTROL] = [NO_STORE if errors else lifetime]
        return tuple(
            (name.encode("latin-1", "replace"), value.encode("latin-1", "replace"))
            for name, values in sent.items()
            for value in values
        )

    def _contribution(self, service: str, headers: Headers) -> Contribution:
        contribution: Contribution = {}
        for rule in self.by_service.get(service, self.everyone):
            rule(contribution, headers)
        return contribution


def of_batch(responses: Sequence[GraphQLResponse]) -> RawHeaders:
    """Of the answers in one message: every cookie, of other headers the last; never to be kept."""
    cookies: list[tuple[bytes, bytes]] = []
    others: dict[bytes, bytes] = {}
    for response in responses:
        for name, value in response.headers:
            if name == b"set-cookie":
                cookies.append((name, value))
            else:
                others[name] = NO_STORE.encode() if name == b"cache-control" else value
    return (*others.items(), *cookies)


def _merge(sent: dict[str, list[str]], name: str, how: Merge, values: list[str]) -> None:
    if how == "append":
        sent.setdefault(name, []).extend(values)
    elif how == "last" or name not in sent:
        sent[name] = values


def _kept(config: HeadersConfig, merges_lifetimes: bool) -> Kept:
    rules = [rule for section in (config.all, *config.subgraphs.values()) for rule in section.response]
    returned = [rule.propagate for rule in rules if rule.propagate is not None]
    if any(each.matching is not None for each in returned):
        return None
    names = {each.named.lower() for each in returned if each.named is not None}
    names |= {CACHE_CONTROL, AGE} if merges_lifetimes else set()
    return frozenset(name.encode("latin-1") for name in names)


def _compile(rule: ResponseRule) -> Apply:
    if rule.propagate is not None:
        return _propagate(rule.propagate)
    assert rule.remove is not None, "an empty header rule passed the configuration's check"
    removed = rule.remove.named.lower()

    def remove(contribution: Contribution, headers: Headers) -> None:
        contribution.pop(removed, None)

    return remove


def _propagate(rule: Return) -> Apply:
    pattern = re.compile(rule.matching, re.IGNORECASE) if rule.matching is not None else None
    named = rule.named.lower() if rule.named is not None else ""
    rename = rule.rename.lower() if rule.rename is not None else None

    def picks(name: str) -> bool:
        if pattern is None:
            return name == named and name not in NEVER_SENT_ON
        return name not in OF_THE_ANSWER and pattern.fullmatch(name) is not None

    def propagate(contribution: Contribution, headers: Headers) -> None:
        found: dict[str, list[str]] = {}
        sent_on = headers if pattern is None else _sent_on(headers)
        for name, value in sent_on:
            if picks(name):
                found.setdefault(rename or name, []).append(value)
        for name, values in found.items():
            contribution[name] = (rule.merge, values)

    return propagate


def _sent_on(headers: Headers) -> Headers:
    """Without what `connection` names, where all headers were kept."""
    allowed = without_connection_headers(dict(headers))
    return tuple((name, value) for name, value in headers if name in allowed)

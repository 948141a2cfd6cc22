"""What is wrong with a configuration that its types cannot say."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from router.address import parse_address
from router.config import (
    Config,
    CORSPolicy,
    HeaderRule,
    JWKSConfig,
    Propagate,
    RateLimitsConfig,
    ResponseRule,
    RouterConfig,
    ServerConfig,
)
from router.config.message_headers import NEVER_SENT_ON
from router.errors import ConfigError

HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
HEADER_VALUE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f]*")


def config_faults(config: RouterConfig) -> Iterator[str]:
    """One line per fault, with its place."""
    yield from _server_faults(config.server)
    yield from _mcp_faults(config)
    yield from _address_faults(config.telemetry.metrics.listen, "telemetry.metrics.listen")
    for name, subgraph in config.subgraphs.by_name.items():
        if subgraph.url is not None:
            yield from _url_faults(subgraph.url, f"subgraphs.by_name.{name}.url")
    yield from _cors_faults(config.cors, "cors")
    for index, policy in enumerate(config.cors.policies):
        yield from _cors_faults(policy, f"cors.policies[{index}]")
    rules = {"headers.all": config.headers.all} | {
        f"headers.subgraphs.{name}": rules for name, rules in config.headers.subgraphs.items()
    }
    for place, section in rules.items():
        for index, rule in enumerate(section.request):
            yield from _header_rule_faults(rule, f"{place}.request[{index}]")
        for index, returned in enumerate(section.response):
            yield from _response_rule_faults(returned, f"{place}.response[{index}]")
    for index, jwks in enumerate(config.authentication.jwt.jwks):
        if not _has_one(jwks, "url", "file"):
            yield f"authentication.jwt.jwks[{index}]: expected exactly one of url and file"
        if jwks.url is not None:
            yield from _url_faults(jwks.url, f"authentication.jwt.jwks[{index}].url")
    yield from _name_faults(config.authentication.jwt.header_name, "authentication.jwt.header_name")
    yield from _rate_limit_faults(config.rate_limits)
    for index, name in enumerate(config.partners.key_headers):
        yield from _name_faults(name, f"partners.key_headers[{index}]")
        if name.lower() == "cookie":
            yield f"partners.key_headers[{index}]: cookies are sent unasked; name a header of its own"
    if config.partners.required and config.partners.store is None:
        yield "partners.required: there are no partners without partners.store"
    for index, source in enumerate(config.authentication.jwt.sources):
        place = f"authentication.jwt.sources[{index}]"
        if not _has_one(source, "header", "cookie"):
            yield f"{place}: expected exactly one of header and cookie"
        yield from _name_faults(source.header, f"{place}.header")
        yield from _name_faults(source.cookie, f"{place}.cookie")


def _mcp_faults(config: RouterConfig) -> Iterator[str]:
    mcp = config.mcp
    if not mcp.enabled:
        return
    if mcp.callers == "partners" and config.partners.store is None:
        yield "mcp.callers: nobody is a partner without partners.store; say authenticated or anyone"
    if mcp.sessions.enabled and config.server.workers > 1:
        yield "mcp.sessions.enabled: a session is one process's own, and server.workers is more than 1"
    yield from _oauth_faults(config)
    if mcp.path == config.server.graphql_path:
        yield f"mcp.path: {mcp.path!r} is where operations are served (server.graphql_path)"


def _oauth_faults(config: RouterConfig) -> Iterator[str]:
    """Tokens for other services open no tools: a key set that accepts any audience would let them."""
    oauth = config.mcp.oauth
    if not oauth.authorization_servers:
        if oauth.resource or oauth.scopes:
            yield "mcp.oauth.authorization_servers: nobody issues tokens; name an issuer"
        return
    for index, server in enumerate(oauth.authorization_servers):
        yield from _url_faults(server, f"mcp.oauth.authorization_servers[{index}]")
    yield from _url_faults(oauth.resource or "", "mcp.oauth.resource")
    if config.mcp.callers == "partners":
        yield "mcp.oauth: tokens open nothing while mcp.callers is partners; say authenticated"
    if not config.authentication.jwt.jwks:
        yield "mcp.oauth: tokens are not looked at without authentication.jwt.jwks"
    for index, jwks in enumerate(config.authentication.jwt.jwks):
        if not jwks.audiences:
            place = f"authentication.jwt.jwks[{index}].audiences"
            yield f"{place}: with mcp.oauth, name the audiences ({oauth.resource}); empty accepts any"


def _rate_limit_faults(config: RateLimitsConfig) -> Iterator[str]:
    seen: set[str] = set()
    for index, rule in enumerate(config.rules):
        place = f"rate_limits.rules[{index}]"
        if (rule.by in ("header", "claim")) != (rule.key is not None):
            yield f"{place}.key: a name for `by: header` and `by: claim`, and only for those"
        if rule.name in seen:
            yield f"{place}.name: {rule.name!r} is the name of another rule"
        seen.add(rule.name)


def _cors_faults(policy: CORSPolicy, place: str) -> Iterator[str]:
    if "*" in policy.allow_origins and policy.allow_credentials:
        yield f"{place}.allow_credentials: browsers refuse credentials when allow_origins has *"
    for index, pattern in enumerate(policy.match_origins):
        yield from _pattern_faults(pattern, f"{place}.match_origins[{index}]")


def _address_faults(address: str, place: str) -> Iterator[str]:
    try:
        parse_address(address)
    except ConfigError as error:
        yield f"{place}: {error.message}"


def _server_faults(server: ServerConfig) -> Iterator[str]:
    yield from _address_faults(server.listen, "server.listen")
    for index, proxy in enumerate(server.trusted_proxies):
        try:
            ipaddress.ip_network(proxy, strict=False)
        except ValueError:
            yield f"server.trusted_proxies[{index}]: {proxy!r} is no address or network, like 10.0.0.0/8"


def _url_faults(url: str, place: str) -> Iterator[str]:
    try:
        parts = urlsplit(url)
        is_http = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_http = False
    if not is_http:
        yield f"{place}: expected an address like http://host:4001/graphql, found {url!r}"


def _name_faults(name: str | None, place: str) -> Iterator[str]:
    if name is not None and not HEADER_NAME.fullmatch(name):
        yield f"{place}: {name!r} is no name of a header"


def _header_rule_faults(rule: HeaderRule, place: str) -> Iterator[str]:
    if not _has_one(rule, "propagate", "insert", "remove"):
        yield f"{place}: expected exactly one of propagate, insert and remove"
    if rule.insert is not None:
        yield from _sent_on_faults(rule.insert.name, f"{place}.insert.name")
        if not _has_one(rule.insert, "value", "claim", "context"):
            yield f"{place}.insert: expected exactly one of value, claim and context"
        if rule.insert.value is not None and not HEADER_VALUE.fullmatch(rule.insert.value):
            yield f"{place}.insert.value: a header's value is one line"
    if rule.remove is not None:
        yield from _name_faults(rule.remove.named, f"{place}.remove.named")
    if isinstance(rule.propagate, Propagate):
        yield from _sent_on_faults(rule.propagate.named, f"{place}.propagate.named")
        yield from _sent_on_faults(rule.propagate.rename, f"{place}.propagate.rename")
        if not _has_one(rule.propagate, "named", "matching"):
            yield f"{place}.propagate: expected exactly one of named and matching"
        if rule.propagate.matching is not None:
            yield from _pattern_faults(rule.propagate.matching, f"{place}.propagate.matching")


def _response_rule_faults(rule: ResponseRule, place: str) -> Iterator[str]:
    if not _has_one(rule, "propagate", "remove"):
        yield f"{place}: expected exactly one of propagate and remove"
    if rule.remove is not None:
        yield from _name_faults(rule.remove.named, f"{place}.remove.named")
    if rule.propagate is not None:
        if not _has_one(rule.propagate, "named", "matching"):
            yield f"{place}.propagate: expected exactly one of named and matching"
        yield from _sent_on_faults(rule.propagate.named, f"{place}.propagate.named")
        yield from _sent_on_faults(rule.propagate.rename, f"{place}.propagate.rename")
        if rule.propagate.matching is not None:
            yield from _pattern_faults(rule.propagate.matching, f"{place}.propagate.matching")


def _sent_on_faults(name: str | None, place: str) -> Iterator[str]:
    yield from _name_faults(name, place)
    if name is not None and name.lower() in NEVER_SENT_ON:
        yield f"{place}: {name} is about the message or the connection and is never sent on"


def _pattern_faults(pattern: str, place: str) -> Iterator[str]:
    try:
        re.compile(pattern)
    except re.error as error:
        yield f"{place}: not a regular expression: {error}"


def _has_one(section: Config | JWKSConfig, *names: str) -> bool:
    return sum(getattr(section, name) is not None for name in names) == 1

"""Reading the configuration: what is refused, and what the documentation lists."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from router.config import Config, RouterConfig, for_development
from router.config.file import parse_config
from router.config.schema import config_schema
from router.errors import ConfigError

DOCS = Path(__file__).resolve().parent.parent.parent / "docs" / "configuration.md"


def test_an_empty_file_is_the_defaults() -> None:
    assert parse_config("", {}) == RouterConfig()


def test_variables_of_the_environment_are_put_in_with_defaults() -> None:
    users = "{url: 'http://${env.HOST}:${env.PORT:-4001}/', timeout_seconds: '${env.T}'}"
    config = parse_config(f"subgraphs: {{by_name: {{users: {users}}}}}", {"HOST": "h", "T": "2.5"})
    assert config.subgraphs.by_name["users"].url == "http://h:4001/"
    assert config.subgraphs.by_name["users"].timeout_seconds == 2.5


FAULTS = [
    ("execution: {max_fetch: 1}", 'execution.max_fetch: unknown key. Did you mean "max_fetches"?'),
    (
        "subgraphs: {by_name: {users: {ulr: x}}}",
        'subgraphs.by_name.users.ulr: unknown key. Did you mean "url"?',
    ),
    (
        "headers: {all: {request: [{insert: {nam: a}}]}}",
        'headers.all.request[0].insert.nam: unknown key. Did you mean "name"?',
    ),
    ("execution: {max_fetches: many}", "execution.max_fetches: Expected `int`, got `str`"),
    ("execution: {max_fetches: 0}", "execution.max_fetches: Expected `int` >= 1"),
    (
        "subgraphs: {by_name: {good: {}, users: {timeout_seconds: 0}}}",
        "subgraphs.by_name.users.timeout_seconds: Expected `float` > 0.0",
    ),
    (
        "headers: {subgraphs: {users: {request: [{insert: {name: a, value: [1]}}]}}}",
        "headers.subgraphs.users.request[0].insert.value: Expected `str | null`, got `array`",
    ),
    ("execution: 5", "execution: Expected `object`, got `int`"),
    (
        "authentication: {jwt: {sources: [{header: a, cookie: b}]}}",
        "authentication.jwt.sources[0]: expected exactly one of header and cookie",
    ),
    (
        "rate_limits: {rules: [{name: a, by: claim, count: 1, seconds: 1}]}",
        "rate_limits.rules[0].key: a name for `by: header` and `by: claim`, and only for those",
    ),
    (
        "server: {listen: here}",
        "server.listen: 'here' is no address to listen on: the port is missing; "
        "write HOST:PORT, like 127.0.0.1:4000",
    ),
    (
        "server: {listen: '${env.NONE}'}",
        "server.listen: the environment variable NONE is not set and has no default",
    ),
    (
        "headers: {all: {request: [{}]}}",
        "headers.all.request[0]: expected exactly one of propagate, insert and remove",
    ),
    (
        "headers: {all: {request: [{propagate: {matching: '('}}]}}",
        "headers.all.request[0].propagate.matching: not a regular expression: "
        "missing ), unterminated subpattern at position 0",
    ),
    (
        "authentication: {jwt: {jwks: [{}]}}",
        "authentication.jwt.jwks[0]: expected exactly one of url and file",
    ),
    (
        "authentication: {jwt: {jwks: [{url: 'http://x', algorithms: [none]}]}}",
        "authentication.jwt.jwks[0].algorithms[0]: Invalid enum value 'none'",
    ),
    (
        "cors: {allow_origins: ['*'], allow_credentials: true}",
        "cors.allow_credentials: browsers refuse credentials when allow_origins has *",
    ),
    ("server: {listen: a}\nserver: {}", "line 2, column 1: not YAML: the key server is given twice"),
    ("[" * 5000, "not YAML that can be read: it nests too deeply"),
    (
        "headers: {all: {request: [{insert: {name: bad name, value: x}}]}}",
        "headers.all.request[0].insert.name: 'bad name' is no name of a header",
    ),
    (
        'headers: {all: {request: [{insert: {name: a, value: "x\\r\\ny"}}]}}',
        "headers.all.request[0].insert.value: a header's value is one line",
    ),
    (
        "subgraphs: {by_name: {users: {url: notaurl}}}",
        "subgraphs.by_name.users.url: expected an address like http://host:4001/graphql, found 'notaurl'",
    ),
    (
        "authentication: {jwt: {jwks: [{url: 'http://x:99999/'}]}}",
        "authentication.jwt.jwks[0].url: expected an address like http://host:4001/graphql, "
        "found 'http://x:99999/'",
    ),
    (
        "server: {trusted_proxies: [10.0.0.0/99]}",
        "server.trusted_proxies[0]: '10.0.0.0/99' is no address or network, like 10.0.0.0/8",
    ),
    ("a: [", "line 1, column 5: not YAML: expected the node content, but found '<stream end>'"),
]


@pytest.mark.parametrize(("text", "message"), FAULTS, ids=[text for text, _ in FAULTS])
def test_a_fault_is_told_with_its_place_and_what_was_meant(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config(text, {})
    assert caught.value.message == message


def test_the_schema_describes_every_key() -> None:
    for name, section in config_schema()["$defs"].items():
        for key, value in section["properties"].items():
            assert "description" in value or "$ref" in str(value), f"{name}.{key} has no description"


def test_development_shows_plans_errors_and_the_studio() -> None:
    config = for_development(parse_config("studio: {enabled: false}\nintrospection: {enabled: false}", {}))
    assert config.execution.expose_query_plan
    assert config.errors.show_subgraph_errors
    assert config.studio.enabled
    assert config.introspection.enabled


def keys(type_: type[Config], place: str = "") -> Iterator[tuple[str, Any]]:
    """Every setting with its default; what repeats is under `NAME` or `[]`."""
    for field in msgspec.structs.fields(type_):
        path = f"{place}{field.name}"
        for nested, prefix in sections(msgspec.inspect.type_info(field.type), path):
            yield from keys(nested, prefix)
        if not list(sections(msgspec.inspect.type_info(field.type), path)):
            yield path, field.default if field.default is not msgspec.NODEFAULT else None


def sections(type_: msgspec.inspect.Type, path: str) -> Iterator[tuple[type[Config], str]]:
    match type_:
        case msgspec.inspect.Metadata(inner):
            yield from sections(inner, path)
        case msgspec.inspect.StructType():
            yield type_.cls, f"{path}."
        case msgspec.inspect.DictType():
            yield from sections(type_.value_type, f"{path}.NAME")
        case msgspec.inspect.VarTupleType():
            yield from sections(type_.item_type, f"{path}[]")
        case msgspec.inspect.UnionType():
            for member in type_.types:
                yield from sections(member, path)
        case _:
            return


@pytest.mark.parametrize(("key", "default"), list(keys(RouterConfig)), ids=lambda value: str(value)[:60])
def test_the_documentation_lists_every_setting_with_its_default(key: str, default: Any) -> None:
    lines = [
        line for line in DOCS.read_text(encoding="utf-8").splitlines() if line.startswith(f"| `{key}` |")
    ]
    assert len(lines) == 1, f"docs/configuration.md has {len(lines)} rows for {key}"
    if isinstance(default, bool | int | float | str):
        text = str(default).lower() if isinstance(default, bool) else str(default)
        assert f"| `{text}` |" in lines[0]

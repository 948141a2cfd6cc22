"""Every hint, from subgraphs that give exactly that one."""

from __future__ import annotations

import pytest

from schema import HintCode, HintLevel
from schema.report.hints import HINT_LEVELS
from tests.schema.composition.support import composed, hints

Q = "type Query { a: Int }"
ONE_HINT: dict[str, dict[str, str]] = {
    "CACHE_TAG_APPLIED_TO_NON_ROOT_FIELD": {
        "a": 'type Query { t: T } type T { n: Int @cacheTag(format: "n") }',
    },
    "CACHE_TAG_ENTITY_NOT_RESOLVABLE": {"a": 'type Query { t: T } type T @cacheTag(format: "t") { n: Int }'},
    "CACHE_TAG_INVALID_FORMAT": {"a": 'type Query { t: Int @cacheTag(format: "{t}") }'},
    "CACHE_TAG_INVALID_FORMAT_ARGUMENT_ON_ENTITY": {
        "a": 'type Query { t: T } type T @key(fields: "k") @cacheTag(format: "{$key.n}") { k: ID! n: Int }',
    },
    "CACHE_TAG_INVALID_FORMAT_ARGUMENT_ON_ROOT_FIELD": {
        "a": 'type Query { t(x: Int): Int @cacheTag(format: "{$args.y}") }',
    },
    "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS": {
        "a": 'type Query { s: S } type S @key(fields: "k") @context(name: "c") { k: ID! v: Int t: T } '
        'type T @key(fields: "k") { k: ID! f(x: Int @fromContext(field: "$c { v }")): Int @shareable }',
        "b": 'type T @key(fields: "k") { k: ID! f(x: Int): Int @shareable }',
    },
    "DIRECTIVE_COMPOSITION_INFO": {
        "a": 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", '
        'import: ["@composeDirective", "@tag"]) @composeDirective(name: "@tag") '
        'type Query { a: Int @tag(name: "t") }',
    },
    "DIRECTIVE_COMPOSITION_WARN": {
        "a": 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", '
        'import: ["@composeDirective"]) '
        '@link(url: "https://example.com/loud/v1.0", import: ["@loud"]) @composeDirective(name: "@loud") '
        "directive @loud on FIELD_DEFINITION type Query { a: Int @loud }",
        "b": 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"]) '
        '@link(url: "https://example.com/loud/v1.0", import: [{name: "@loud", as: "@shout"}]) scalar S',
    },
    "FROM_SUBGRAPH_DOES_NOT_EXIST": {"a": 'type Query { a: Int @override(from: "z") }'},
    "IMPLICITLY_UPGRADED_FEDERATION_VERSION": {
        "a": 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"]) '
        '@link(url: "https://specs.apollo.dev/cost/v0.1", import: ["@cost"]) type Query { a: Int '
        "@cost(weight: 2) }",
    },
    "INCONSISTENT_ARGUMENT_PRESENCE": {
        "a": "type Query { a(x: Int): Int @shareable }",
        "b": "type Query { a: Int @shareable }",
    },
    "INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE": {
        "a": "type Query { a(x: Int): Int @shareable }",
        "b": "type Query { a(x: Int!): Int @shareable }",
    },
    "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE": {
        "a": "type Query { a: Int @shareable }",
        "b": "type Query { a: Int! @shareable }",
    },
    "INCONSISTENT_DEFAULT_VALUE_PRESENCE": {
        "a": "type Query { a(x: Int = 1): Int @shareable }",
        "b": "type Query { a(x: Int): Int @shareable }",
    },
    "INCONSISTENT_DESCRIPTION": {"a": f'{Q} "one" scalar S', "b": '"two" scalar S'},
    "INCONSISTENT_ENTITY": {
        "a": 'type Query { t: T } type T @key(fields: "k") { k: ID! }',
        "b": "type T { k: ID! @shareable }",
    },
    "INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM": {
        "a": "type Query { a(e: E): Int } enum E { A B }",
        "b": "type Query { b(e: E): Int } enum E { A }",
    },
    "INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM": {
        "a": "type Query { a: E } enum E { A B }",
        "b": "type Query { b: E } enum E { A }",
    },
    "INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS": {
        "a": f"{Q} directive @d on FIELD",
        "b": "scalar S directive @d on FIELD | QUERY",
    },
    "INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE": {"a": f"{Q} directive @d on FIELD", "b": "scalar S"},
    "INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE": {
        "a": f"{Q} directive @d repeatable on FIELD",
        "b": "scalar S directive @d on FIELD",
    },
    "INCONSISTENT_INPUT_OBJECT_FIELD": {
        "a": "type Query { a(i: I): Int } input I { x: Int y: Int }",
        "b": "type Query { b(i: I): Int } input I { x: Int }",
    },
    "INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD": {
        "a": f"{Q} interface I {{ x: Int y: Int }}",
        "b": "interface I { x: Int }",
    },
    "INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS": {
        "a": 'type Query { a: Int @shareable @deprecated(reason: "one") }',
        "b": 'type Query { a: Int @shareable @deprecated(reason: "two") }',
    },
    "INCONSISTENT_OBJECT_VALUE_TYPE_FIELD": {
        "a": f"{Q} type T @shareable {{ x: Int y: Int }}",
        "b": "type T @shareable { x: Int }",
    },
    "INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN": {
        "a": "type Query { p: P @shareable } union P = X | Y type X @shareable { n: Int } "
        "type Y @shareable { n: Int }",
        "b": "type Query { p: P @shareable } union P = X type X @shareable { n: Int } "
        "type Y @shareable { n: Int }",
    },
    "INCONSISTENT_UNION_MEMBER": {
        "a": f"{Q} union P = X | Y type X @shareable {{ n: Int }} type Y {{ n: Int }}",
        "b": "union P = X type X @shareable { n: Int }",
    },
    "KEY_THROUGH_ITS_OWN_SUBGRAPH": {
        "a": f'{Q} extend type Query {{ t: T }} type T @key(fields: "org {{ id }}", resolvable: false) '
        '{ org: O @shareable } type O @key(fields: "id") { id: ID! }',
        "b": 'type T @key(fields: "org { code }") { org: O @shareable x: Int } '
        'type O @key(fields: "id") { id: ID! code: Int }',
    },
    "MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS": {
        "a": "type Query { a: Int @shareable @cost(weight: 1) }",
        "b": "type Query { a: Int @shareable @cost(weight: 2) }",
    },
    "NO_EXECUTABLE_DIRECTIVE_INTERSECTION": {
        "a": f"{Q} directive @d on FIELD",
        "b": "scalar S directive @d on QUERY",
    },
    "OVERRIDDEN_FIELD_CAN_BE_REMOVED": {
        "a": "type Query { a: Int b: Int }",
        "b": 'type Query { a: Int @override(from: "a") }',
    },
    "OVERRIDE_DIRECTIVE_CAN_BE_REMOVED": {
        "a": "type Query { b: Int }",
        "b": 'type Query { a: Int @override(from: "a") }',
    },
    "OVERRIDE_MIGRATION_IN_PROGRESS": {
        "a": "type Query { a: Int b: Int }",
        "b": 'type Query { a: Int @override(from: "a", label: "percent(5)") }',
    },
    "UNUSED_ENUM_TYPE": {"a": f"{Q} enum E {{ A }}"},
}
WITH_COMPANIONS = {"INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN": ["INCONSISTENT_UNION_MEMBER"]}
"""Hints that always come with another."""


@pytest.mark.parametrize("code", ONE_HINT)
def test_a_situation_gives_its_hint_and_no_other(code: str) -> None:
    assert hints(**ONE_HINT[code]) == sorted([code, *WITH_COMPANIONS.get(code, [])])


def test_every_hint_is_tested() -> None:
    assert set(ONE_HINT) == {str(code) for code in HintCode}


def test_hints_have_the_level_of_their_code_and_a_place() -> None:
    (hint,) = composed(**ONE_HINT["INCONSISTENT_DESCRIPTION"]).hints
    assert hint.level is HintLevel.WARN
    assert [(place.subgraph, place.line) for place in hint.locations] == [("a", 2), ("b", 2)]
    assert HINT_LEVELS[HintCode.UNUSED_ENUM_TYPE] is HintLevel.DEBUG

"""@link: names, versions, and what cannot be linked together."""

from __future__ import annotations

import pytest

from schema.specs.specification import InvalidFeatureUrl, parse_feature_url
from tests.schema.composition.support import codes, composed, failures

FEDERATION = "https://specs.apollo.dev/federation"
Q = "type Query { a: Int }"


def test_a_url_is_identity_name_and_version() -> None:
    url = parse_feature_url("https://Specs.Apollo.dev/some/federation/v2.11")
    assert (url.identity, url.name, str(url.version)) == (
        "https://specs.apollo.dev/some/federation",
        "federation",
        "v2.11",
    )


@pytest.mark.parametrize(
    "text", ["federation", "https://a.dev", "https://a.dev/x", "https://a.dev/v1.0", "https://[/x/v1.0", ""]
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(InvalidFeatureUrl):
        parse_feature_url(text)


@pytest.mark.parametrize(
    ("links", "code"),
    [
        (f'@link(url: "{FEDERATION}/v2.0", import: ["@nope"])', "INVALID_LINK_DIRECTIVE_USAGE"),
        (f'@link(url: "{FEDERATION}/v2.0", import: ["key"])', "INVALID_LINK_DIRECTIVE_USAGE"),
        (f'@link(url: "{FEDERATION}/v2.0", import: [{{as: "@key"}}])', "INVALID_LINK_DIRECTIVE_USAGE"),
        (
            f'@link(url: "{FEDERATION}/v2.0", import: [{{name: "@key", as: "k"}}])',
            "INVALID_LINK_DIRECTIVE_USAGE",
        ),
        (f'@link(url: "{FEDERATION}/v2.0", import: [3])', "INVALID_LINK_DIRECTIVE_USAGE"),
        (f'@link(url: "{FEDERATION}/v2.0", as: "a__b")', "INVALID_LINK_DIRECTIVE_USAGE"),
        (f'@link(url: "{FEDERATION}/v2.0", as: "a_")', "INVALID_LINK_DIRECTIVE_USAGE"),
        (f'@link(url: "{FEDERATION}/v2.0") @link(url: "{FEDERATION}/v2.1")', "INVALID_LINK_DIRECTIVE_USAGE"),
        (
            f'@link(url: "{FEDERATION}/v2.0") @link(url: "https://a.dev/x/v1.0", as: "federation")',
            "INVALID_LINK_DIRECTIVE_USAGE",
        ),
        (
            f'@link(url: "{FEDERATION}/v2.0", import: ["@key"]) '
            '@link(url: "https://a.dev/x/v1.0", import: [{name: "@k", as: "@key"}])',
            "INVALID_LINK_DIRECTIVE_USAGE",
        ),
        (f'@link(url: "{FEDERATION}/v3.0")', "UNKNOWN_FEDERATION_LINK_VERSION"),
        (f'@link(url: "{FEDERATION}/latest")', "INVALID_LINK_IDENTIFIER"),
    ],
)
def test_links_that_make_no_sense_are_refused(links: str, code: str) -> None:
    assert codes(a=f"extend schema {links} {Q}") == [code]


def test_a_misspelled_import_comes_with_the_nearest_name() -> None:
    (failure,) = failures(a=f'extend schema @link(url: "{FEDERATION}/v2.0", import: ["@sharable"]) {Q}')
    assert 'Did you mean "@shareable"?' in failure.message


def test_a_directive_that_was_not_imported_says_how_to_get_it() -> None:
    (failure,) = failures(
        a=f'extend schema @link(url: "{FEDERATION}/v2.3", as: "fed") type Query {{ a: Int @tag(name: "t") }}'
    )
    assert failure.remedy == 'Add "@tag" to the import of the @link to federation, or write "@fed__tag".'


def test_links_to_other_specifications_do_no_harm() -> None:
    assert composed(minor=None, a=f'extend schema @link(url: "https://a.dev/x/v1.0") {Q}').supergraph_sdl


def test_the_supergraph_renames_a_specification_whose_name_is_taken() -> None:
    supergraph = composed(
        a=f"""
          extend schema @link(url: "{FEDERATION}/v2.1", import: ["@composeDirective", "@tag"])
            @link(url: "https://a.dev/tag/v1.0", as: "t", import: ["@loud"])
            @composeDirective(name: "@loud")
          directive @loud on FIELD_DEFINITION
          type Query {{ a: Int @loud @tag(name: "x") }}
        """
    ).supergraph_sdl
    assert '@link(url: "https://specs.apollo.dev/tag/v0.3")' in supergraph
    assert '@link(url: "https://a.dev/tag/v1.0", as: "' in supergraph

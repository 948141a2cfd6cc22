"""Bodies and addresses that parsers disagree on: one meaning, or a bad request; never a fault of ours."""

from __future__ import annotations

import pytest

from tests.router.http.test_graphql_endpoint import client
from tests.support.federation import users

JSON = {"content-type": "application/json", "accept": "application/graphql-response+json"}
ME = b'"{ me { name } }"'

REFUSED = {
    "bytes that are no UTF-8": b'{"query": "{ me { name } }\xff"}',
    "an overlong encoding": b'{"query": "{ me { name } }\xc0\xaf"}',
    "UTF-16": '{"query": "{ me { name } }"}'.encode("utf-16"),
    "half a surrogate": b'{"query": "{ me { name } } # \\ud800"}',
    "a byte order mark": b"\xef\xbb\xbf" + b'{"query": ' + ME + b"}",
    "a control character": b'{"query": "{ me {\x01 name } }"}',
    "a null": b'{"query": "{ me { name } }\\u0000"}',
    "a comma too many": b'{"query": ' + ME + b",}",
    "a comment": b'{"query": ' + ME + b"} // me",
    "not a number": b'{"query": ' + ME + b', "variables": {"a": NaN}}',
    "two documents": b'{"query": ' + ME + b'}{"query": ' + ME + b"}",
    "lists without an end": b"[" * 100_000,
    "objects without an end": b'{"query":' * 100_000,
    "variables that nest deeply": b'{"query": '
    + ME
    + b', "variables": {"a": '
    + b"[" * 50_000
    + b"]" * 50_000
    + b"}}",
}


@pytest.mark.parametrize("body", list(REFUSED.values()), ids=list(REFUSED))
async def test_what_is_not_one_json_document_in_utf8_is_a_bad_request(body: bytes) -> None:
    watched = users()
    async with client(users=watched) as http:
        response = await http.post("/graphql", content=body, headers=JSON)
    assert response.status_code == 400
    codes = {error["extensions"]["code"] for error in response.json()["errors"]}
    assert codes <= {"INVALID_GRAPHQL_REQUEST", "PARSING_ERROR"}
    assert watched.requests == []


async def test_of_a_member_given_twice_the_last_counts_as_in_every_browser() -> None:
    body = b'{"query": "{ nope }", "query": ' + ME + b', "operationName": "X", "operationName": null}'
    async with client() as http:
        response = await http.post("/graphql", content=body, headers=JSON)
    assert response.json() == {"data": {"me": {"name": "Ada"}}}


@pytest.mark.parametrize(
    "query",
    ["query=%ff", "query=%7Bme%7Bname%7D%7D%80", "query=\xff", "variables=%ff&query=%7Bme%7Bid%7D%7D"],
)
async def test_an_address_that_is_no_utf8_is_a_bad_request(query: str) -> None:
    async with client() as http:
        response = await http.get(f"/graphql?{query}", headers=JSON)
    assert response.status_code == 400


@pytest.mark.parametrize("name", ["query", "operationName", "variables", "extensions", "documentId"])
async def test_a_parameter_given_twice_is_a_bad_request_because_readers_disagree_which_counts(
    name: str,
) -> None:
    watched = users()
    async with client(users=watched) as http:
        address = f"/graphql?query=%7Bme%7Bname%7D%7D&{name}=&{name}="
        response = await http.get(address, headers=JSON)
        others = await http.get("/graphql?query=%7Bme%7Bname%7D%7D&utm=1&utm=2", headers=JSON)
    assert (response.status_code, others.status_code) == (400, 200)
    assert f"The parameter {name} is given more than once." in response.text
    assert len(watched.requests) == 1


@pytest.mark.parametrize("value", ["1e400", "-0", "123456789012345678901234567890", '"\\u0000"'])
async def test_values_at_the_edge_are_told_to_be_wrong_or_are_taken(value: str) -> None:
    body = b'{"query": "query($i: ID) { user(id: $i) { name } }", "variables": {"i": %s}}' % value.encode()
    async with client() as http:
        response = await http.post("/graphql", content=body, headers=JSON)
    assert response.status_code in (200, 400)
    assert "INTERNAL_SERVER_ERROR" not in response.text

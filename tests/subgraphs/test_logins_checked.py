"""Whether somebody is logged in is asked by subgraphs alone (decision 45), and before anything else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from db.config import DomainStore
from db.postgres import connect
from subgraphs.registry import DOMAINS, schema_of
from tests.subgraphs.support import build_over, code, config_in
from tests.support.postgres import sent_statements

OF_THE_ROUTER = re.compile(r"@(authenticated|requiresScopes|policy)\b")
NEED_A_LOGIN = {
    "users": ('mutation { createOrganization(input: {name: "x", slug: "xyz"}) { errors { code } } }',),
    "posts": (
        "{ bookmarkedPosts { nodes { id } } }",
        'mutation { createPost(input: {content: "x"}) { errors { code } } }',
    ),
    "catalog": ('mutation { createArtist(input: {name: "x"}) { errors { code } } }',),
}


@pytest.mark.parametrize("domain", DOMAINS)
def test_no_field_leaves_the_asking_for_a_login_to_routers(domain: str) -> None:
    assert OF_THE_ROUTER.findall(schema_of(domain).as_str()) == []


@pytest.mark.parametrize("domain", NEED_A_LOGIN)
async def test_who_is_not_logged_in_is_refused_without_a_statement(
    domain: str, stores: Mapping[str, DomainStore], tmp_path: Path
) -> None:
    database = connect(stores[domain])
    subgraph = build_over(database, domain, config_in(tmp_path))
    with sent_statements(database) as sent:
        answers = {await code(subgraph, query) for query in NEED_A_LOGIN[domain]}
    await database.close()
    assert (answers, sent) == ({"UNAUTHENTICATED"}, [])

"""compose.yaml without a Docker engine: the file is valid, and its containers' commands work as processes.

Every container's command and environment are taken from the file; only what Docker's network would supply is
replaced: host names, ports, and the PostgreSQL and Valkey containers by the embedded servers.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import yaml

from db.embedded import EmbeddedPostgres, start_postgres
from plait.cli.first_operation import FIRST_OPERATION
from plait.cli.seed import demo_logins
from subgraphs.registry import DOMAINS
from tests.support.http import post
from tests.support.postgres import administer
from tests.support.processes import Process, running
from tests.support.valkey import shared_valkey

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
SUBGRAPHS = [name for name, service in SERVICES.items() if service.get("command", [""])[0] == "subgraph"]
SERVERS = {
    "postgres-shared": 5432,
    "postgres-user": 5433,
    "postgres-payment": 5434,
    "postgres-analytics": 5435,
}
OWN_SERVER = {"users": "postgres-user", "payments": "postgres-payment", "analytics": "postgres-analytics"}
INTEGRATION = pytest.mark.xdist_group("compose")


def test_compose_file_follows_the_compose_specification() -> None:
    checker = str(Path(sys.executable).parent / "check-jsonschema")
    arguments = [checker, "--builtin-schema", "vendor.compose-spec", "compose.yaml"]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_compose_file_has_a_service_for_every_domain() -> None:
    assert set(SUBGRAPHS) == set(DOMAINS)


def test_four_servers_are_on_the_ports_of_seed_002() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if name in SERVERS}
    assert published == {name: [f"127.0.0.1:{port}:5432"] for name, port in SERVERS.items()}
    volumes = [SERVICES[name]["volumes"][0].partition(":")[0] for name in SERVERS]
    assert len(set(volumes) & set(COMPOSE["volumes"])) == len(SERVERS)


@pytest.mark.parametrize("domain", DOMAINS)
def test_people_money_and_analytics_have_a_server_each_and_the_others_share_one(domain: str) -> None:
    """The service, the worker and the migrations agree on where; that server makes the database at its first
    start, and nobody else's.
    """
    server, variable = OWN_SERVER.get(domain, "postgres-shared"), f"PLAIT_{domain.upper()}_DATABASE_URL"
    places = {
        SERVICES[name]["environment"][key].partition("@")[2]
        for name in (domain, "worker", "migrate")
        for key in (variable, variable.replace("DATABASE", "MIGRATION_DATABASE"))
        if key in SERVICES[name]["environment"]
    }
    assert places == {f"{server}/plait_{domain}"}
    assert f"CREATE DATABASE plait_{domain};" in databases_of(server)
    assert all(f"plait_{domain};" not in databases_of(other) for other in set(SERVERS) - {server})


def databases_of(server: str) -> str:
    (config,) = SERVICES[server]["configs"]
    text: str = COMPOSE["configs"][config["source"]]["content"]
    return text


class Stack:
    """The containers as processes. `addresses` fills as subgraphs say where they listen."""

    def __init__(self, servers: Mapping[str, EmbeddedPostgres], home: Path, exits: ExitStack) -> None:
        self.servers, self.home, self.exits = servers, home, exits
        self.addresses: dict[str, str] = {}

    def here(self, text: str) -> str:
        """A value of the file as it has to read without Docker's network."""
        text = re.sub(r"\$\{\w+:\?\}", "secret", text)
        text = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text)
        text = re.sub(r"@(postgres-\w+)/(\w+)", lambda m: "@/" + self.place(m[1], m[2]), text)
        text = text.replace("redis://valkey:6379/0", shared_valkey().url)
        return re.sub(r"\b(\w+):40\d\d\b", lambda m: self.addresses.get(m[1], m[0]), text)

    def place(self, server: str, database: str) -> str:
        return self.servers[server].url(database).split("@/")[1]

    def environment(self, name: str) -> dict[str, str]:
        given = SERVICES[name].get("environment", {})
        own = {"PLAIT_HOME": str(self.home / name)}
        return own | {key: self.here(value) for key, value in given.items()}

    def run(self, name: str, *instead: str) -> str:
        """A container that ends; its output."""
        process = Process(instead or SERVICES[name]["command"], self.environment(name), ROOT)
        assert process.ended() == 0, process.text
        return process.text

    def start_subgraph(self, name: str) -> None:
        command = [re.sub(r"--port=\d+", "--port=0", part) for part in SERVICES[name]["command"]]
        command = [part.replace("0.0.0.0", "127.0.0.1") for part in command]
        process = self.exits.enter_context(running(*command, environment=self.environment(name), folder=ROOT))
        self.addresses[name] = process.wait_for(r"http://([\d.:]+)/graphql")[1]

    def start_worker(self) -> None:
        command = SERVICES["worker"]["command"]
        environment = self.environment("worker")
        process = self.exits.enter_context(running(*command, environment=environment, folder=ROOT))
        process.wait_for("Ready")

    def start_router(self) -> str:
        config = self.home / "router.yaml"
        config.write_text(self.here(COMPOSE["configs"]["router"]["content"]))
        replace = {
            "--config": str(config),
            "--supergraph": str(ROOT / "schema" / "supergraph.graphql"),
            "--listen": "127.0.0.1:0",
        }
        command = [
            f"{option}={replace[option]}" if (option := part.partition("=")[0]) in replace else part
            for part in SERVICES["router"]["command"]
        ]
        process = self.exits.enter_context(running(*command, folder=ROOT))
        return process.wait_for(r"(http://[\d.:]+/graphql)")[1]


@pytest.fixture(scope="module")
def of_plait_up(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, bytes]:
    """What `plait up` answers to the first operation."""
    home = tmp_path_factory.mktemp("up")
    with running("up", "--port=0", environment={"PLAIT_HOME": str(home)}, folder=home) as up:
        return post(up.wait_for(r"(http://[\d.:]+/graphql)")[1], {"query": FIRST_OPERATION})


@pytest.fixture(scope="module")
def graphql_url(tmp_path_factory: pytest.TempPathFactory, of_plait_up: object) -> Iterator[str]:
    """Of the whole stack, started when `plait up` is over: its twenty processes are not idle beside it."""
    home = tmp_path_factory.mktemp("stack")
    with ExitStack() as exits:
        servers = {name: exits.enter_context(start_postgres(home / name, durable=False)) for name in SERVERS}
        stack = Stack(servers, home, exits)
        for name, server in servers.items():
            statements = [line.strip(" ;") for line in databases_of(name).splitlines() if line.strip()]
            asyncio.run(administer(server, *statements))
        stack.run("migrate")
        stack.run("migrate", "seed")
        for name in SUBGRAPHS:
            stack.start_subgraph(name)
        stack.start_worker()
        yield stack.start_router()


@INTEGRATION
def test_every_container_command_runs_and_the_graph_answers_from_separate_databases(graphql_url: str) -> None:
    status, body = post(graphql_url, {"query": FIRST_OPERATION})
    assert status == 200
    assert b'"errors"' not in body
    assert body.count(b'"title"') > 3


@INTEGRATION
def test_separate_processes_answer_with_the_bytes_of_plait_up(
    graphql_url: str, of_plait_up: tuple[int, bytes]
) -> None:
    assert post(graphql_url, {"query": FIRST_OPERATION}) == of_plait_up


@INTEGRATION
def test_a_login_at_one_container_is_known_to_all(graphql_url: str) -> None:
    login = demo_logins()[0]
    mutation = "mutation($login: LoginInput!) { login(input: $login) { login { accessToken } } }"
    variables = {"login": {"usernameOrEmail": login.username, "password": login.password}}
    _, answer = post(graphql_url, {"query": mutation, "variables": variables})
    token = json.loads(answer)["data"]["login"]["login"]["accessToken"]
    shown = "post { content author { username } }"
    create = f'mutation {{ createPost(input: {{content: "Hello from here"}}) {{ {shown} }} }}'
    _, created = post(graphql_url, {"query": create}, {"authorization": f"Bearer {token}"})
    assert json.loads(created)["data"]["createPost"]["post"]["author"]["username"] == login.username


@INTEGRATION
def test_a_container_asks_another_one_on_the_way_to_a_write(graphql_url: str) -> None:
    login = demo_logins()[0]
    mutation = "mutation($login: LoginInput!) { login(input: $login) { login { accessToken } } }"
    variables = {"login": {"usernameOrEmail": login.username, "password": login.password}}
    _, answer = post(graphql_url, {"query": mutation, "variables": variables})
    token = json.loads(answer)["data"]["login"]["login"]["accessToken"]
    _, listed = post(graphql_url, {"query": "{ posts(first: 1) { nodes { id } } }"})
    (shown,) = json.loads(listed)["data"]["posts"]["nodes"]
    like = """mutation($id: ID!) { likePost(input: {postId: $id}) {
        post { viewerHasLiked } errors { code } } }"""
    given = {"query": like, "variables": {"id": shown["id"]}}
    _, liked = post(graphql_url, given, {"authorization": f"Bearer {token}"})
    assert json.loads(liked)["data"]["likePost"] == {"post": {"viewerHasLiked": True}, "errors": []}

"""The installed wheel: nothing of ours outside `plait`, nothing of the user's broken, everything there."""

from __future__ import annotations

import json
import urllib.request
import zipfile

import pytest

from tests.packaging.installed import ROOT, Installed

pytestmark = [pytest.mark.xdist_group("wheel"), pytest.mark.timeout(300)]

COMPOSE = """
from plait import compose, CompositionError, Router, SubgraphDefinition, Supergraph, api_schema
composed = compose([SubgraphDefinition(name="a", url="http://a", sdl="type Query { hello: String }")])
print("hello: String" in composed.api_schema_sdl, api_schema.__name__, Supergraph.__name__, Router.__name__)
"""


def test_the_wheel_has_one_top_level_package(installed: Installed) -> None:
    names = {name.partition("/")[0] for name in zipfile.ZipFile(installed.wheel).namelist()}
    assert {name for name in names if not name.endswith(".dist-info")} == {"plait"}


def test_the_wheel_carries_licence_types_and_the_built_studio(installed: Installed) -> None:
    names = set(zipfile.ZipFile(installed.wheel).namelist())
    assert {
        "plait/py.typed",
        "plait/router/studio/assets/index.html",
        "plait/schema/supergraph.graphql",
    } <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if "node_modules" in name or "/studio/src" in name]


def test_the_public_face_works_beside_the_users_own_modules_and_pypis_schema(installed: Installed) -> None:
    assert installed.python(COMPOSE) == "True api_schema Supergraph Router"
    assert installed.python(
        "import schema, router, db, subgraphs, plait.router; print(schema.OWNER, router.OWNER)"
    )


def test_pypis_schema_is_what_import_schema_gives_where_the_user_has_none(installed: Installed) -> None:
    code = (
        "import sys; sys.path.remove(''); import plait.schema, schema; print(schema.Schema(int).validate(7))"
    )
    assert installed.python(code) == "7"


def test_nothing_of_the_engine_is_imported_by_import_plait(installed: Installed) -> None:
    code = "import plait, sys; print([n for n in sys.modules if n.startswith('plait.')])"
    assert installed.python(code) == "[]"


def test_the_engine_needs_no_library_of_the_domains(installed: Installed) -> None:
    found = installed.run("python", "-c", "import sqlalchemy")
    assert found.returncode != 0, "the environment has what only plait[domains] asks for"
    assert installed.run("plait", "up").stderr.strip().endswith("pip install 'plait[domains]'")


@pytest.mark.parametrize("command", ["router", "compose", "plan", "introspect", "config", "debug"])
def test_every_command_of_the_engine_explains_itself(installed: Installed, command: str) -> None:
    done = installed.run("plait", command, "--help")
    assert done.returncode == 0, done.stderr
    assert installed.run("python", "-m", "plait", command, "--help").stdout.startswith("Usage:")


def test_composing_and_planning_from_the_command_line(installed: Installed) -> None:
    (installed.folder / "a.graphql").write_text("type Query { hello: String }", encoding="utf-8")
    (installed.folder / "s.yaml").write_text(
        "subgraphs: {a: {routing_url: 'http://127.0.0.1:4001', schema: {file: a.graphql}}}", encoding="utf-8"
    )
    (installed.folder / "o.graphql").write_text("{ hello }", encoding="utf-8")
    composed = installed.run("plait", "compose", "--config", "s.yaml", "--output", "s.graphql")
    assert composed.returncode == 0, composed.stderr
    planned = installed.run(
        "plait", "plan", "--supergraph", "s.graphql", "--operation", "o.graphql", "--format", "json"
    )
    assert json.loads(planned.stdout)["node"]["serviceName"] == "a"


def test_the_readmes_python_example_runs(installed: Installed) -> None:
    """`with your own subgraphs`, the services taken from examples/."""
    for path in (ROOT / "examples" / "two-subgraphs").iterdir():
        (installed.folder / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    code = """
import asyncio, json
from in_process import router
async def main():
    async with router:
        print(json.dumps(await router.execute({"query": "{ products { name reviews { stars } } }"})))
asyncio.run(main())
"""
    assert json.loads(installed.python(code))["data"]["products"][0]["reviews"] == [
        {"stars": 5},
        {"stars": 3},
    ]


def test_the_router_command_serves_the_studio_and_answers(installed: Installed) -> None:
    composed = installed.python(f"{COMPOSE}print(composed.supergraph_sdl)").partition("\n")[2]
    (installed.folder / "one.graphql").write_text(composed, encoding="utf-8")
    with installed.serving(
        "plait", "router", "--supergraph", "one.graphql", "--listen", "127.0.0.1:0"
    ) as address:
        page = urllib.request.urlopen(
            urllib.request.Request(f"http://{address}/", headers={"accept": "text/html"}), timeout=10
        )
        assert b"<title>" in page.read()
        asked = urllib.request.Request(
            f"http://{address}/graphql",
            data=b'{"query": "{ __typename }"}',
            headers={"content-type": "application/json"},
        )
        assert json.load(urllib.request.urlopen(asked, timeout=10)) == {"data": {"__typename": "Query"}}


def test_a_users_file_type_checks_strictly(installed: Installed) -> None:
    (installed.folder / "typed.py").write_text(
        "from plait import CompositionError, Router, SubgraphDefinition, Supergraph, compose\n\n\n"
        "def build(sdl: str) -> Router:\n"
        "    try:\n"
        '        composed = compose([SubgraphDefinition(name="a", url="http://a", sdl=sdl)])\n'
        "    except CompositionError as error:\n"
        "        raise SystemExit(str(error.errors[0].code)) from error\n"
        "    Supergraph.parse(composed.supergraph_sdl)\n"
        "    reveal_type(composed.supergraph_sdl)\n"
        "    return Router(composed.supergraph_sdl)\n",
        encoding="utf-8",
    )
    done = installed.run("mypy", "--strict", "typed.py")
    assert 'Revealed type is "str"' in done.stdout
    assert "Success" in done.stdout, done.stdout

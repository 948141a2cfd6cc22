"""Files on their way through the router: streamed to who asks for them, bounded, and never half a file."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from multipart import PushMultipartParser, parse_options_header

from router.app import Router
from router.config import RouterConfig, SubgraphConfig, SubgraphsConfig, UploadsConfig
from router.transport.uploads import HELD_IN_MEMORY_BYTES, Upload
from schema import SubgraphDefinition, compose
from tests.support.http_server import on_a_socket

FILES = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
scalar Upload
type Query { ping: String }
type Mutation { save(file: Upload, more: [Upload], about: About, title: String): Int }
input About { note: String, file: Upload }
"""
SAVE = "mutation Save($file: Upload) { save(file: $file) }"
HEADERS = {"apollo-require-preflight": "true"}
ON = UploadsConfig(enabled=True, max_files=3, max_file_bytes=3_000_000)


class Receiver:
    """A subgraph that is an ASGI application: reads a multipart request as it comes, and counts its bytes."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.names: dict[str, tuple[str | None, str | None]] = {}
        self.operations: list[Any] = []
        self.maps: list[Any] = []
        self.seen = 0
        self.whole = 0
        self.arrived = asyncio.Condition()
        self.headers: dict[bytes, bytes] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise RuntimeError("no lifespan")
        self.headers = dict(scope["headers"])
        _, options = parse_options_header(self.headers[b"content-type"].decode())
        parser = PushMultipartParser(options["boundary"])
        fields: dict[str, bytearray] = {}
        name = ""
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            async with self.arrived:
                self.seen += len(message["body"])
                self.arrived.notify_all()
            for event in parser.parse(message["body"]) if message["body"] else ():
                if isinstance(event, bytes | bytearray):
                    fields[name] += event
                elif event is not None:
                    name = event.name
                    fields[name] = bytearray()
                    self.names[name] = (event.filename, event.content_type)
            if not message.get("more_body"):
                break
        parser.close()
        self.whole += 1
        self.operations.append(json.loads(fields.pop("operations")))
        self.maps.append(json.loads(fields.pop("map")))
        self.files = {key: bytes(value) for key, value in fields.items()}
        answer = json.dumps({"data": {"save": sum(map(len, fields.values()))}}).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(answer))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})


class Resolvers:
    """A subgraph in this process."""

    def __init__(self) -> None:
        self.uploads: list[Upload] = []

    async def execute(self, query: str, variables: Any, operation_name: str | None, headers: Any) -> Any:
        upload = variables["file"]
        self.uploads.append(upload)
        first = await upload.read(3)
        return {"data": {"save": len(first) + len(await upload.read())}}


def parts(operations: Any, places: Any, files: Iterable[tuple[str, bytes]], boundary: str = "b") -> bytes:
    fields = [("operations", json.dumps(operations).encode()), ("map", json.dumps(places).encode())]
    lines = [
        f'--{boundary}\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n'.encode() + body + b"\r\n"
        for name, body in fields
    ]
    lines += [
        f'--{boundary}\r\ncontent-disposition: form-data; name="{name}"; filename="{name}.txt"\r\n'
        f"content-type: text/plain\r\n\r\n".encode()
        + body
        + b"\r\n"
        for name, body in files
    ]
    return b"".join(lines) + f"--{boundary}--\r\n".encode()


def one(body: bytes, query: str = SAVE) -> bytes:
    operations = {"query": query, "variables": {"file": None}}
    return parts(operations, {"0": ["variables.file"]}, [("0", body)])


class Client:
    """A request on bare ASGI that is sent in pieces; `push` gives the router one more."""

    def __init__(self, router: Router, headers: dict[str, str] | None = None) -> None:
        pairs = {
            "content-type": "multipart/form-data; boundary=b",
            **(HEADERS if headers is None else headers),
        }
        self._scope = {
            "type": "http", "method": "POST", "path": "/graphql", "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in pairs.items()],
        }  # fmt: skip
        self._app = router.asgi()
        self._messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._sent: list[Any] = []

    def push(self, body: bytes, *, more: bool = True) -> None:
        self._messages.put_nowait({"type": "http.request", "body": body, "more_body": more})

    def leave(self) -> None:
        self._messages.put_nowait({"type": "http.disconnect"})

    async def answer(self) -> tuple[int, Any]:
        async def send(message: Any) -> None:
            self._sent.append(message)

        await asyncio.wait_for(self._app(self._scope, self._messages.get, send), 20)
        return self._sent[0]["status"], json.loads(self._sent[1]["body"])


@asynccontextmanager
async def uploading(
    subgraph: Any, uploads: UploadsConfig = ON, client: str = "native"
) -> AsyncIterator[Router]:
    sdl = compose([SubgraphDefinition(name="files", url="http://files.invalid/", sdl=FILES)]).supergraph_sdl
    own = SubgraphConfig(http_client=client)  # type: ignore[arg-type]
    config = RouterConfig(uploads=uploads, subgraphs=SubgraphsConfig(by_name={"files": own}))
    async with Router(sdl, {"files": subgraph}, config=config) as router:
        yield router


async def send(router: Router, body: bytes, headers: dict[str, str] | None = None) -> tuple[int, Any]:
    client = Client(router, headers)
    client.push(body, more=False)
    return await client.answer()


@pytest.mark.parametrize("how", ["native", "httpx", "asgi"])
async def test_a_file_and_what_the_client_says_about_it_reach_the_subgraph(how: str) -> None:
    receiver = Receiver()
    async with on_a_socket(receiver) as url:
        subgraph: Any = receiver if how == "asgi" else url
        async with uploading(subgraph, client="native" if how == "asgi" else how) as router:
            status, answer = await send(router, one(b"hello" * 1000))
    assert (status, answer) == (200, {"data": {"save": 5000}})
    assert receiver.files == {"0": b"hello" * 1000}
    assert receiver.names["0"] == ("0.txt", "text/plain")
    assert receiver.maps == [{"0": ["variables.file"]}]
    assert receiver.operations[0]["variables"] == {"file": None}
    assert receiver.headers[b"apollo-require-preflight"] == b"true"


async def test_a_subgraph_in_this_process_reads_the_file() -> None:
    resolvers = Resolvers()
    async with uploading(resolvers) as router:
        assert await send(router, one(b"hello")) == (200, {"data": {"save": 5}})
    (upload,) = resolvers.uploads
    assert (upload.filename, upload.content_type) == ("0.txt", "text/plain")


@pytest.mark.parametrize("over_a_socket", [True, False])
async def test_the_subgraph_has_the_beginning_before_the_client_has_sent_the_end(over_a_socket: bool) -> None:
    """Nothing is held: each piece is with the subgraph before the next one is made."""
    receiver = Receiver()
    whole = one(b"x" * 2_900_000)
    async with on_a_socket(receiver) as url, uploading(url if over_a_socket else receiver) as router:
        client = Client(router)
        answering = asyncio.create_task(client.answer())
        for at in range(0, len(whole), 100_000):
            client.push(whole[at : at + 100_000], more=at + 100_000 < len(whole))
            async with receiver.arrived:
                while receiver.seen <= at:
                    await asyncio.wait_for(receiver.arrived.wait(), 20)
        assert await answering == (200, {"data": {"save": 2_900_000}})


async def test_several_files_in_lists_and_objects_keep_their_places() -> None:
    receiver = Receiver()
    query = (
        "mutation($more: [Upload], $about: About, $file: Upload) "
        '{ save(more: $more, about: $about, file: $file, title: "ü") }'
    )
    variables = {"more": [None, None], "about": {"note": "n", "file": None}, "file": None}
    places = {
        "a": ["variables.more.1"],
        "b": ["variables.more.0", "variables.about.file"],
        "c": ["variables.file"],
    }
    body = parts({"query": query, "variables": variables}, places, [("a", b"A"), ("b", b"BB"), ("c", b"")])
    async with uploading(receiver) as router:
        assert await send(router, body) == (200, {"data": {"save": 3}})
    by_place = {place: receiver.files[key] for key, places in receiver.maps[0].items() for place in places}
    assert by_place == {
        "variables.more.0": b"BB",
        "variables.more.1": b"A",
        "variables.about.file": b"BB",
        "variables.file": b"",
    }
    assert receiver.operations[0]["variables"] == variables


@pytest.mark.parametrize("size", [10, HELD_IN_MEMORY_BYTES + 500_000])
async def test_a_file_that_comes_before_the_one_asked_for_is_held_until_it_is(size: int) -> None:
    receiver = Receiver()
    query = "mutation($file: Upload, $more: [Upload]) { save(file: $file, more: $more) }"
    operations = {"query": query, "variables": {"file": None, "more": [None]}}
    places = {"0": ["variables.file"], "1": ["variables.more.0"]}
    async with uploading(receiver) as router:
        status, answer = await send(
            router, parts(operations, places, [("1", b"1" * size), ("0", b"0" * size)])
        )
    assert (status, answer) == (200, {"data": {"save": 2 * size}})
    sent = {place: receiver.files[key][:1] for key, all_ in receiver.maps[0].items() for place in all_}
    assert sent == {"variables.file": b"0", "variables.more.0": b"1"}


async def test_a_file_that_two_requests_ask_for_reaches_both() -> None:
    first, second = Receiver(), Receiver()
    other = "scalar Upload type Query { pong: String } type Mutation { again(file: Upload): Int }"
    sdl = compose(
        [
            SubgraphDefinition(name="files", url="", sdl=FILES),
            SubgraphDefinition(name="others", url="", sdl=other),
        ]
    ).supergraph_sdl
    query = "mutation($file: Upload) { save(file: $file) again(file: $file) }"
    config = RouterConfig(uploads=ON)
    async with Router(sdl, {"files": first, "others": second}, config=config) as router:
        await send(router, one(b"z" * 1_500_000, query))
    assert first.files == second.files == {"0": b"z" * 1_500_000}


FILE_FIRST = b'--b\r\ncontent-disposition: form-data; name="0"\r\n\r\nx\r\n--b--\r\n'
BAD = "INVALID_GRAPHQL_REQUEST"
FILE = {"file": None}
REFUSED: list[tuple[str, bytes, int, str]] = [
    ("not multipart", b"nonsense, and long enough to hold a boundary", 400, BAD),
    ("nothing", b"", 400, BAD),
    ("a file first", FILE_FIRST, 400, BAD),
    ("no JSON", one(b"x").replace(b'{"query"', b'{query"'), 400, BAD),
    ("a batch", parts([{"query": SAVE}], {"0": ["0.variables.file"]}, [("0", b"x")]), 400, BAD),
    ("a map that is a list", parts({"query": SAVE}, [], []), 400, BAD),
    ("no such place", parts({"query": SAVE, "variables": {}}, {"0": ["variables.file"]}, []), 400, BAD),
    (
        "a place that is taken",
        parts({"query": SAVE, "variables": {"file": 1}}, {"0": ["variables.file"]}, []),
        400,
        BAD,
    ),
    ("the query's place", parts({"query": None, "variables": {}}, {"0": ["query"]}, []), 400, BAD),
    (
        "a place deep in nothing",
        parts({"query": SAVE, "variables": FILE}, {"0": ["variables.file.x"]}, []),
        400,
        BAD,
    ),
    (
        "too many files",
        parts({"query": SAVE, "variables": {}}, {str(n): ["variables.x"] for n in range(4)}, []),
        413,
        "REQUEST_TOO_LARGE",
    ),
    (
        "a query",
        one(b"x", "query($file: Upload) { ping @include(if: true) __typename @skip(if: false) }"),
        400,
        "GRAPHQL_VALIDATION_FAILED",
    ),
    (
        "a file for a string",
        one(b"x", "mutation($file: String) { save(title: $file) }"),
        400,
        "VALIDATION_INVALID_TYPE_VARIABLE",
    ),
]


@pytest.mark.parametrize(("name", "body", "status", "code"), REFUSED, ids=[case[0] for case in REFUSED])
async def test_what_cannot_be_run_is_refused_and_nothing_sent(
    name: str, body: bytes, status: int, code: str
) -> None:
    receiver = Receiver()
    headers = {**HEADERS, "accept": "application/graphql-response+json"}
    async with uploading(receiver) as router:
        got, answer = await send(router, body, headers)
    assert (got, answer["errors"][0]["extensions"]["code"]) == (status, code)
    assert receiver.seen == 0


async def test_only_mutations_have_files() -> None:
    query = "query Q { ping }"
    body = parts({"query": query, "variables": {"file": None}}, {"0": ["variables.file"]}, [("0", b"x")])
    async with uploading(Receiver()) as router:
        status, answer = await send(router, body)
    assert (status, answer["errors"][0]["extensions"]["code"]) == (400, "UPLOADS_NEED_A_MUTATION")


async def test_without_a_sign_of_its_own_page_nothing_is_run_and_off_is_the_default() -> None:
    receiver = Receiver()
    async with uploading(receiver) as router:
        foreign, answer = await send(router, one(b"x"), {})
    async with uploading(receiver, UploadsConfig()) as router:
        off, _ = await send(router, one(b"x"))
    assert (foreign, answer["errors"][0]["extensions"]["code"], off) == (400, "CSRF_ERROR", 415)
    assert receiver.seen == 0


@pytest.mark.parametrize("over_a_socket", [True, False])
@pytest.mark.parametrize("how", ["too large", "cut short", "left", "missing", "damaged"])
async def test_a_file_that_is_not_whole_is_never_taken_for_whole(how: str, over_a_socket: bool) -> None:
    receiver = Receiver()
    whole = one(b"x" * 200_000)
    ends = {
        "too large": one(b"x" * 3_000_001),
        "cut short": whole[:-100],
        "missing": parts({"query": SAVE, "variables": {"file": None}}, {"0": ["variables.file"]}, []),
        "damaged": whole[:-9] + b"\r\n--bxx",
    }
    async with on_a_socket(receiver) as url, uploading(url if over_a_socket else receiver) as router:
        client = Client(router)
        if how == "left":
            client.push(whole[:1000])
            client.leave()
        else:
            client.push(ends[how][:1000])
            client.push(ends[how][1000:], more=False)
        status, answer = await client.answer()
    code = "UPLOAD_TOO_LARGE" if how == "too large" else "UPLOAD_FAILED"
    assert status == 200
    assert [error["extensions"]["code"] for error in answer["errors"]] == [code]
    assert answer["data"] == {"save": None}
    assert receiver.whole == 0


async def test_a_name_cannot_add_headers_of_its_own() -> None:
    receiver = Receiver()
    body = one(b"x").replace(b'filename="0.txt"', b'filename="a\\"; filename=\\"b"')
    async with uploading(receiver) as router:
        status, _ = await send(router, body)
    assert status == 200
    assert receiver.names["0"] == ("a_; filename=_b", "text/plain")

"""Published operations as clients' build tools write them.

Apollo      {"format": "apollo-persisted-query-manifest", "version": 1,
            "operations": [{"id", "name", "type", "body", "clientName"?}]}
Relay       {"<id>": "<text>"} or [["<id>", "<text>"]]; what codegen's client preset writes is the same
a folder    *.graphql and *.gql, each operation with the fragments it uses under the SHA-256 of its text, what
            is written above it as its description;
            *.json, each a manifest of its own, as `plait operations publish` writes them
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from graphql import DocumentNode, GraphQLSyntaxError, OperationDefinitionNode, parse, print_ast
from graphql.utilities import separate_operations

from router.errors import RouterError
from router.json import JSONDecodeError, loads
from router.operation.author_words import own_words

APOLLO = "apollo-persisted-query-manifest"
MAX_BYTES = 100_000_000
GRAPHQL_FILES = (".graphql", ".gql")


class ManifestError(RouterError):
    """Published operations cannot be read."""

    code = "INVALID_OPERATION_MANIFEST"


class PersistedOperation(msgspec.Struct, frozen=True, omit_defaults=True):
    """`client_name`: only this client may ask for it. `name`, `type` and `description` are for people."""

    id: str
    body: str
    name: str = ""
    type: str = ""
    client_name: str | None = msgspec.field(default=None, name="clientName")
    description: str = ""


def read_operations(path: Path) -> list[PersistedOperation]:
    """Of a file or a folder, in a stable order. Raises `ManifestError`. O(bytes)."""
    try:
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        found = [operation for file in files for operation in _read_file(file, is_named=file is path)]
    except OSError as error:
        raise ManifestError(f"{path}: cannot be read: {error.strerror or error}") from error
    return without_repetition(found, str(path))


def without_repetition(operations: Iterable[PersistedOperation], place: str) -> list[PersistedOperation]:
    """The same operation twice is one; one id for two texts raises `ManifestError`."""
    known: dict[tuple[str, str | None], PersistedOperation] = {}
    for operation in operations:
        key = (operation.id, operation.client_name)
        if known.setdefault(key, operation).body != operation.body:
            raise ManifestError(f"{place}: the id {operation.id!r} stands for two different operations")
    return list(known.values())


def _read_file(path: Path, *, is_named: bool) -> Iterator[PersistedOperation]:
    """Files of other kinds in a folder are not ours; one that was named has to be."""
    if path.suffix in GRAPHQL_FILES:
        yield from _of_documents(path, _text(path))
    elif path.suffix == ".json" or is_named:
        yield from _of_manifest(path, _text(path))


def _text(path: Path) -> str:
    if path.stat().st_size > MAX_BYTES:
        raise ManifestError(f"{path}: larger than {MAX_BYTES} bytes")
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ManifestError(f"{path}: cannot be read: it is not UTF-8 text") from error


def _of_documents(path: Path, text: str) -> Iterator[PersistedOperation]:
    try:
        operations = separate_operations(parse(text))
    except GraphQLSyntaxError as error:
        line, column = error.locations[0] if error.locations else (1, 1)
        raise ManifestError(f"{path}:{line}:{column}: {error.message}") from error
    except RecursionError as error:
        raise ManifestError(f"{path}: nests too deeply") from error
    for name, document in operations.items():
        body, words = print_ast(document), own_words(_operation_of(document))
        yield PersistedOperation(hashlib.sha256(body.encode()).hexdigest(), body, name, description=words)


def _operation_of(document: DocumentNode) -> OperationDefinitionNode:
    return next(d for d in document.definitions if isinstance(d, OperationDefinitionNode))


def _of_manifest(path: Path, text: str) -> Iterator[PersistedOperation]:
    try:
        manifest = loads(text)
    except JSONDecodeError as error:
        raise ManifestError(f"{path}: not JSON: {error}") from error
    match manifest:
        case {"format": str(kind), "operations": list(operations)}:
            if kind != APOLLO or manifest.get("version") != 1:
                raise ManifestError(f"{path}: expected the format {APOLLO}, version 1, found {kind!r}")
            yield from (_of_entry(path, index, entry) for index, entry in enumerate(operations))
        case dict():
            yield from (_of_pair(path, pair) for pair in manifest.items())
        case list():
            yield from (_of_pair(path, pair) for pair in manifest)
        case _:
            raise ManifestError(f"{path}: expected an Apollo manifest or a map of ids to operations")


def _of_entry(path: Path, index: int, entry: Any) -> PersistedOperation:
    try:
        operation = msgspec.convert(entry, PersistedOperation)
    except msgspec.ValidationError as error:
        raise ManifestError(f"{path}: operations[{index}]: {error}") from error
    if not operation.id or not operation.body.strip():
        raise ManifestError(f"{path}: operations[{index}]: id and body must not be empty")
    return operation


def _of_pair(path: Path, pair: Any) -> PersistedOperation:
    match pair:
        case (str(id_), str(body)) | [str(id_), str(body)] if id_ and body.strip():
            return PersistedOperation(id_, body)
        case _:
            raise ManifestError(f"{path}: expected pairs of an id and an operation, found {str(pair)[:80]}")

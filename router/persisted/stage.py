"""The stage of persisted operations: an id becomes the text it stands for, or the request is refused.

Requests with a text and no id do not come here while `mode` is `off`.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping

import msgspec

from router.cache.lru import LRU
from router.config.persisted import PersistedConfig
from router.errors import RequestError
from router.persisted.apq import MemoryTexts, Texts
from router.persisted.lists import OperationLists, load
from router.persisted.manifest import PersistedOperation
from router.persisted.redis_texts import RedisTexts
from router.pipeline.request import GraphQLRequest

logger = logging.getLogger(__name__)

CLIENT_NAMES = ("apollographql-client-name", "graphql-client-name")
NOT_KEPT = (("cache-control", "private, no-cache, must-revalidate"),)
REMEMBERED = 10_000


class PersistedOperations:
    """`lists` is replaced as a whole when a source changes. `texts` are closed by who made this."""

    def __init__(self, config: PersistedConfig, lists: OperationLists, texts: Texts | None) -> None:
        self.lists = lists
        self.texts = texts
        self.sees_all = config.mode != "off"
        self._config = config
        self._mode = config.mode
        self._judged: LRU[str, bool] = LRU(REMEMBERED)
        self._logged: LRU[str, bool] = LRU(REMEMBERED)

    @classmethod
    def of(cls, config: PersistedConfig) -> PersistedOperations:
        """Raises `ManifestError`, `ConfigError`."""
        return cls(config, load(config.sources), _texts(config))

    def under(self, config: PersistedConfig) -> PersistedOperations:
        """The stage under another configuration: what was published, sent and logged stays where that is
        configured as before. Raises `ManifestError`, `ConfigError`.
        """
        lists = self.lists if config.sources == self._config.sources else load(config.sources)
        is_same = config.apq == self._config.apq and _takes_hashes(config) == _takes_hashes(self._config)
        stage = PersistedOperations(config, lists, self.texts if is_same else _texts(config))
        stage._logged = self._logged
        return stage

    def replace(self, lists: OperationLists) -> None:
        self.lists = lists
        self._judged.clear()

    def published(self, request: GraphQLRequest, headers: Mapping[str, str]) -> GraphQLRequest | None:
        """The request with the text to run, where it has only an id, and that of a published operation."""
        if request.query:
            return None
        id_ = request.document_id or request.query_hash
        assert id_ is not None, "a request has a text or an id"
        found = self.lists.find(id_, _client_name(headers))
        return None if found is None else _with_text(request, found)

    async def resolve(self, request: GraphQLRequest, headers: Mapping[str, str]) -> GraphQLRequest:
        """The request with the text to run. Raises `RequestError`."""
        if request.query:
            self._check_text(request, headers)
            return request
        published = self.published(request, headers)
        if published is not None:
            return published
        return msgspec.structs.replace(request, query=await self._text_of(request))

    async def accepted(self, request: GraphQLRequest) -> None:
        """The operation was run: its text may be asked for by its hash from now on."""
        if self.texts is not None and request.query_hash is not None and request.query:
            await self.texts.put(request.query_hash, request.query)

    async def _text_of(self, request: GraphQLRequest) -> str:
        """Of a hash that no list has, sent without its text."""
        if request.document_id is not None or self._mode in ("safelist", "require-id"):
            id_ = (request.document_id or request.query_hash or "")[:100]
            raise RequestError(
                f"The operation {id_!r} was not published to this router.",
                code="PERSISTED_QUERY_NOT_IN_LIST",
                status=404,
            )
        if self.texts is None:
            raise RequestError(
                "PersistedQueryNotSupported",
                code="PERSISTED_QUERY_NOT_SUPPORTED",
                status=200,
                headers=NOT_KEPT,
            )
        assert request.query_hash is not None
        text = await self.texts.find(request.query_hash)
        if text is None:
            raise RequestError(
                "PersistedQueryNotFound", code="PERSISTED_QUERY_NOT_FOUND", status=200, headers=NOT_KEPT
            )
        return text

    def _check_text(self, request: GraphQLRequest, headers: Mapping[str, str]) -> None:
        if request.document_id is not None:
            raise RequestError(
                "Send the operation's id or its text, not both.", code="CANNOT_SEND_PQ_ID_AND_BODY"
            )
        if request.query_hash is not None and self.texts is not None:
            _check_hash(request.query, request.query_hash)
        match self._mode:
            case "off":
                return
            case "require-id":
                raise RequestError(
                    "This router runs published operations only, by their id.",
                    code="PERSISTED_QUERY_ID_REQUIRED",
                )
            case "log":
                if not self._knows(request.query):
                    self._log(request, headers)
            case "safelist":
                if not self._knows(request.query):
                    raise RequestError(
                        "The operation was not published to this router.",
                        code="QUERY_NOT_IN_SAFELIST",
                        status=403,
                    )

    def _knows(self, text: str) -> bool:
        known = self._judged.find(text)
        if known is None:
            known = self.lists.knows(text)
            if known:  # What is refused is not kept: anybody could fill our memory with it.
                self._judged.put(text, known)
        return known

    def _log(self, request: GraphQLRequest, headers: Mapping[str, str]) -> None:
        """Once for each text."""
        hash_ = hashlib.sha256(request.query.encode("utf-8", "replace")).hexdigest()
        if self._logged.find(hash_):
            return
        self._logged.put(hash_, True)
        logger.warning(
            "An operation that was not published: %s, sha256 %s, client %r",
            repr(request.operation_name) if request.operation_name else "unnamed",
            hash_,
            (_client_name(headers) or "unnamed")[:100],
        )


def _takes_hashes(config: PersistedConfig) -> bool:
    return config.apq.enabled and config.mode in ("off", "log")


def _texts(config: PersistedConfig) -> Texts | None:
    if not _takes_hashes(config):
        return None
    memory, url = MemoryTexts(config.apq.max_bytes), config.apq.redis_url
    return memory if url is None else RedisTexts(url, config.apq.ttl_seconds, memory)


def _client_name(headers: Mapping[str, str]) -> str | None:
    for name in CLIENT_NAMES:
        if name in headers:
            return headers[name]
    return None


def _check_hash(text: str, hash_: str) -> None:
    if hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() != hash_.lower():
        raise RequestError(
            "provided sha does not match query", code="PERSISTED_QUERY_HASH_MISMATCH", headers=NOT_KEPT
        )


def _with_text(request: GraphQLRequest, published: PersistedOperation) -> GraphQLRequest:
    """Prepared under one key, whether or not the client says the name that was published."""
    name = request.operation_name or published.name or None
    return msgspec.structs.replace(request, query=published.body, operation_name=name)

"""Partners in Redis or Valkey, for several routers.

    plait:partners                 hash: name → record
    plait:partners:version         counts changes
    plait:partners:used:NAME:DAY   hash: operations, cost, operation:ID, code:CODE → count

Who can write there makes partners: give it a password and a network of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from router.errors import ConfigError
from router.partners.errors import PartnerStoreError
from router.partners.partner import DayOfUse, Partner
from router.partners.store import KEPT_DAYS, Change, Used, decoded, encoded, require_name

PARTNERS = "plait:partners"
VERSION = "plait:partners:version"
USED = "plait:partners:used:"
ANSWER_SECONDS = 2.0
MAX_ATTEMPTS = 100
OPERATION, CODE = "operation:", "code:"


class RedisStore:
    """Connects with the first command, and again after a failure."""

    def __init__(self, url: str) -> None:
        """Raises `ConfigError` where the library is missing, `PartnerStoreError` where the URL is none."""
        try:
            from redis import Redis
            from redis.exceptions import RedisError, WatchError
        except ModuleNotFoundError as error:
            raise ConfigError("partners in Redis need redis: pip install 'plait[redis]'") from error
        self._failures = (RedisError, OSError)
        self._came_between = WatchError
        try:
            self._client: Any = Redis.from_url(
                url, socket_timeout=ANSWER_SECONDS, socket_connect_timeout=ANSWER_SECONDS
            )
        except ValueError as error:
            raise PartnerStoreError(f"the Redis that partners are kept in: {error}") from error

    def version(self) -> str:
        with self._told():
            return _text(self._client.get(VERSION) or b"0")

    def read(self) -> Mapping[str, Partner]:
        with self._told():
            records: Mapping[bytes, bytes] = self._client.hgetall(PARTNERS)
        return {_text(name): decoded(_text(name), data) for name, data in records.items()}

    def change(self, name: str, change: Change) -> Partner:
        require_name(name)
        with self._told(), self._client.pipeline() as pipeline:
            for _ in range(MAX_ATTEMPTS):
                try:
                    pipeline.watch(PARTNERS)
                    data = pipeline.hget(PARTNERS, name)
                    partner = change(None if data is None else decoded(name, data))
                    pipeline.multi()
                    pipeline.hset(PARTNERS, name, encoded(partner))
                    pipeline.incr(VERSION)
                    pipeline.execute()
                except self._came_between:
                    continue
                return partner
        raise PartnerStoreError(f"partner {name}: others change it all the time; try again")

    def add_use(self, used: Used) -> Used:
        """An answer that is not heard may be counted twice: that closes, and opens nothing."""
        with self._told(), self._client.pipeline() as pipeline:
            for name, day in used.items():
                key = f"{USED}{name}:{day.day}"
                for field, count in _fields(day):
                    pipeline.hincrbyfloat(key, field, count)
                pipeline.expire(key, timedelta(days=KEPT_DAYS))  # Nothing, where nothing is.
                pipeline.hmget(key, "operations", "cost")
            answers = [answer for answer in pipeline.execute() if isinstance(answer, list)]
        return {
            name: DayOfUse(day.day, int(float(operations or 0)), float(cost or 0))
            for (name, day), (operations, cost) in zip(used.items(), answers, strict=True)
        }

    def use(self, name: str, days: int) -> list[DayOfUse]:
        today = datetime.now(UTC).date()
        names = [(today - timedelta(days=ago)).isoformat() for ago in range(KEPT_DAYS)]
        with self._told(), self._client.pipeline(transaction=False) as pipeline:
            for day in names:
                pipeline.hgetall(f"{USED}{name}:{day}")
            answers = pipeline.execute()
        found = [_day(day, answer) for day, answer in zip(names, answers, strict=True) if answer]
        return found[:days]

    def close(self) -> None:
        self._client.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except self._failures as error:
            raise PartnerStoreError(
                f"the Redis that partners are kept in cannot be asked ({type(error).__name__})"
            ) from error


def _fields(day: DayOfUse) -> Iterator[tuple[str, float]]:
    if day.operations or day.cost:
        yield "operations", day.operations
        yield "cost", day.cost
    yield from ((OPERATION + id_, count) for id_, count in day.by_operation.items())
    yield from ((CODE + code, count) for code, count in day.codes.items())


def _day(day: str, fields: Mapping[bytes, bytes]) -> DayOfUse:
    counts = {_text(field): float(count) for field, count in fields.items()}
    return DayOfUse(
        day,
        int(counts.get("operations", 0)),
        counts.get("cost", 0.0),
        _under(OPERATION, counts),
        _under(CODE, counts),
    )


def _under(prefix: str, counts: Mapping[str, float]) -> dict[str, int]:
    found = {field: int(count) for field, count in counts.items() if field.startswith(prefix)}
    ranked = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    return {field.removeprefix(prefix): count for field, count in ranked}


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")

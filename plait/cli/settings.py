"""What the commands share: one frozen `Settings`, read once from the environment.

`VARIABLES` lists every variable with its default and meaning; docs/configuration.md and
`Settings.from_environment` both go by it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from db.budget import CONFIGURED
from db.config import S3Location, StoreSettings, StoreUrls
from schema.report.suggestions import did_you_mean
from subgraphs.kit.config import (
    CACHED,
    TELEGRAM_API,
    MailConfig,
    MediaConfig,
    ProviderConfig,
    SigningConfig,
    StreamingConfig,
    SubgraphConfig,
    TokenConfig,
)
from subgraphs.registry import DOMAINS

if TYPE_CHECKING:
    from subgraphs.kit.peers import Peer

FIRST_PORT = 4001
"""Of `plait subgraph`: the first domain's, the others one up each."""


@dataclass(frozen=True, slots=True)
class Variable:
    """`<DOMAIN>` in a name stands for each domain in upper case."""

    name: str
    default: str
    meaning: str


VARIABLES = (
    Variable("PLAIT_HOME", ".plait", "where state lives: the embedded stores, keys"),
    Variable(
        "PLAIT_DATABASE_URL",
        "",
        "one PostgreSQL for every domain, a schema each; without it, an embedded one",
    ),
    Variable("PLAIT_MIGRATION_DATABASE_URL", "the URL above", "the login that may create roles and schemas"),
    Variable("PLAIT_REPLICA_DATABASE_URL", "", "where reads may go"),
    Variable("PLAIT_<DOMAIN>_DATABASE_URL", "", "one domain's own PostgreSQL; wins over the common one"),
    Variable("PLAIT_<DOMAIN>_MIGRATION_DATABASE_URL", "the URL above", "its login for migrations"),
    Variable("PLAIT_<DOMAIN>_REPLICA_DATABASE_URL", "", "its replica"),
    Variable(
        "PLAIT_DATABASE_CONNECTIONS",
        "180",
        "how many connections a process opens to one configured PostgreSQL, shared by its domains",
    ),
    Variable("PLAIT_REDIS_URL", "", "Redis or Valkey; without it, an embedded one where a domain uses it"),
    Variable(
        "PLAIT_CACHED",
        "",
        "what is read through Redis, of `events`, `event_lists` and `profiles`, or `all`; nothing without it",
    ),
    Variable("PLAIT_S3_URL", "", "an S3 endpoint; without it, an embedded one where a domain uses it"),
    Variable("PLAIT_S3_ACCESS_KEY", "", "its access key, needed with the URL"),
    Variable("PLAIT_S3_SECRET_KEY", "", "its secret key, needed with the URL"),
    Variable("PLAIT_S3_REGION", "us-east-1", "its region"),
    Variable("PLAIT_S3_PUBLIC_URL", "the URL above", "what browsers call it, for signed links"),
    Variable("PLAIT_MONGO_URL", "", "MongoDB; without it, domains that may use it keep to PostgreSQL"),
    Variable(
        "PLAIT_<DOMAIN>_URL",
        "http://127.0.0.1:4001/graphql and on",
        "where other domains ask this one, when each runs on its own",
    ),
    Variable(
        "PLAIT_JWKS",
        "PLAIT_HOME/keys/jwks.json",
        "file or URL of the keys that access tokens are checked with",
    ),
    Variable(
        "PLAIT_SIGNING_KEY_FILE",
        "PLAIT_HOME/keys/signing.pem",
        "Ed25519 or RSA private key in PEM; made if absent",
    ),
    Variable("PLAIT_TOKEN_ISSUER", "plait", "`iss` of access tokens"),
    Variable("PLAIT_TOKEN_AUDIENCE", "plait", "`aud` of access tokens"),
    Variable("PLAIT_ACCESS_TOKEN_SECONDS", "900", "how long an access token is good"),
    Variable("PLAIT_REFRESH_TOKEN_SECONDS", "2592000", "how long an unused refresh token is good"),
    Variable(
        "PLAIT_SMTP_URL",
        "",
        "`smtp[s]://user:password@host:port`; without it mails are files in PLAIT_HOME/outbox",
    ),
    Variable("PLAIT_MAIL_SENDER", "Plait <no-reply@plait.example>", "who mails are from"),
    Variable(
        "PLAIT_TELEGRAM_BOT_TOKEN",
        "",
        "the bot whose login widget people log in by, and that notifies them; without it nobody does, "
        "and what it would say are files in PLAIT_HOME/outbox",
    ),
    Variable("PLAIT_TELEGRAM_API", "https://api.telegram.org", "where the Bot API is"),
    Variable(
        "PLAIT_PUSH_URL",
        "",
        "the gateway to people's devices; without it what it would say are files in PLAIT_HOME/outbox",
    ),
    Variable("PLAIT_PUSH_KEY", "", "our secret key there, needed with the URL"),
    Variable(
        "PLAIT_ENCRYPTION_KEYS",
        "PLAIT_HOME/keys/encryption.keys",
        "`ID:KEY ID:KEY …` for encrypted columns, the first one encrypts; a key is 32 bytes in base64",
    ),
    Variable("PLAIT_PAYMENT_URL", "", "the payment provider's API; without it nothing can be paid"),
    Variable("PLAIT_PAYMENT_KEY", "", "our secret key there, needed with the URL"),
    Variable("PLAIT_PAYMENT_WEBHOOK_SECRET", "", "what its webhooks are signed with, needed with the URL"),
    Variable(
        "PLAIT_STREAMING_KEY_FILE",
        "PLAIT_HOME/keys/streaming.key",
        "what addresses of sound are signed with, in hexadecimal; the same for all processes, made if absent",
    ),
    Variable("PLAIT_STREAMING_COUNTED_SECONDS", "30", "how long a play is before it counts"),
    Variable(
        "PLAIT_STREAMING_MOST_ACCOUNTS",
        "20",
        "accounts of one address in an hour; plays of more do not count",
    ),
    Variable(
        "PLAIT_STREAMING_PUBLIC_URL",
        "",
        "the host sound comes from; without it the one that serves the graph",
    ),
    Variable("PLAIT_PARTNERS", "PLAIT_HOME/partners", "where partners are kept: a folder or a Redis"),
    Variable(
        "PLAIT_MEDIA_KEY_FILE",
        "PLAIT_HOME/keys/media.key",
        "what addresses of uploaded files are signed with, in hexadecimal; the same for all processes,"
        " made if absent",
    ),
    Variable("PLAIT_MEDIA_QUOTA_MEGABYTES", "2000", "how much one person may have uploaded"),
    Variable(
        "PLAIT_MEDIA_AVIF",
        "off",
        "`on`: what is shown small and middling is made as AVIF too, for three times the CPU of WebP",
    ),
    Variable(
        "PLAIT_MEDIA_PUBLIC_URL",
        "",
        "the host uploaded files come from; without it the one that serves the graph",
    ),
    Variable(
        "PLAIT_METRICS",
        "",
        "`HOST:PORT` where `plait subgraph` and `plait worker` serve their `/metrics` to Prometheus",
    ),
    Variable(
        "PLAIT_METRICS_ENDPOINT",
        "",
        "where they send the same (OTLP over HTTP), such as `http://collector:4318/v1/metrics`",
    ),
    Variable(
        "PLAIT_TRACES_ENDPOINT",
        "",
        "where they send their spans (OTLP over HTTP), such as `http://collector:4318/v1/traces`",
    ),
    Variable("PLAIT_APP_URL", "", "where links in mails lead; without it mails show the token"),
)

STORE_VARIABLE = re.compile(r"PLAIT_(?:(?P<domain>\w+?)_)?(?:MIGRATION_|REPLICA_)?DATABASE_URL")
ELSEWHERE = frozenset({"PLAIT_POSTGRES_PASSWORD", "PLAIT_SERVICE_PASSWORD", "PLAIT_OPERATIONS"})
"""What compose.yaml is filled with: read by Docker, in the environment of whoever runs it; and an option of
`plait operations`.
"""


class SettingsError(Exception):
    """A variable that cannot be used, and why."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name}: {problem}")
        self.name = name


@dataclass(frozen=True, slots=True)
class Settings:
    home: Path
    stores: StoreSettings
    signing: SigningConfig
    tokens: TokenConfig
    mail: MailConfig = field(default_factory=MailConfig)
    telegram_bot_token: str | None = field(default=None, repr=False)
    telegram_api: str = TELEGRAM_API
    encryption_keys: str | None = field(default=None, repr=False)
    payment_provider: ProviderConfig | None = None
    streaming: StreamingConfig = field(default_factory=StreamingConfig)
    media: MediaConfig = field(default_factory=MediaConfig)
    domains: tuple[str, ...] = field(default=DOMAINS)
    urls: Mapping[str, str] = field(default_factory=dict)
    """Where each domain answers when it runs on its own."""
    partners: str = field(default="", repr=False)
    """Where partners are kept."""
    metrics: str | None = None
    metrics_endpoint: str | None = None
    traces_endpoint: str | None = None
    cached: frozenset[str] = frozenset()
    push: tuple[str, str] | None = field(default=None, repr=False)
    """URL and key of the gateway to people's devices."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Raises SettingsError."""
        given = os.environ if environment is None else environment
        _refuse_unknown(given)
        home = Path(given.get("PLAIT_HOME") or ".plait").resolve()
        keys = home / "keys"
        signing = SigningConfig(
            key_file=Path(given.get("PLAIT_SIGNING_KEY_FILE") or keys / "signing.pem"),
            jwks_file=keys / "jwks.json",
            access_seconds=_seconds(given, "PLAIT_ACCESS_TOKEN_SECONDS", 15 * 60),
            refresh_seconds=_seconds(given, "PLAIT_REFRESH_TOKEN_SECONDS", 30 * 24 * 3600),
        )
        tokens = TokenConfig(
            jwks=given.get("PLAIT_JWKS") or str(signing.jwks_file),
            issuer=given.get("PLAIT_TOKEN_ISSUER") or "plait",
            audience=given.get("PLAIT_TOKEN_AUDIENCE") or "plait",
        )
        return cls(
            home,
            _stores(given, home),
            signing,
            tokens,
            _mail(given, home),
            given.get("PLAIT_TELEGRAM_BOT_TOKEN") or None,
            _telegram_api(given),
            given.get("PLAIT_ENCRYPTION_KEYS") or None,
            _payment_provider(given),
            push=_push(given),
            urls=_peer_urls(given),
            streaming=_streaming(given, keys),
            partners=given.get("PLAIT_PARTNERS") or str(home / "partners"),
            media=_media(given, keys),
            metrics=given.get("PLAIT_METRICS") or None,
            metrics_endpoint=given.get("PLAIT_METRICS_ENDPOINT") or None,
            traces_endpoint=given.get("PLAIT_TRACES_ENDPOINT") or None,
            cached=_cached(given),
        )

    def subgraph_config(self, domain: str, peers: Mapping[str, Peer] | None = None) -> SubgraphConfig:
        """What `subgraphs.registry.build_domain` gets; only users can sign. `peers` may be filled later."""
        signing = self.signing if domain == "users" else None
        bot = self.telegram_bot_token if domain in ("users", "notifications") else None
        push = (self.push if domain == "notifications" else None) or (None, "")
        return SubgraphConfig(
            self.tokens,
            signing,
            mail=self.mail,
            keys=self.home / "keys",
            encryption_keys=self.encryption_keys,
            payment_provider=self.payment_provider if domain == "payments" else None,
            telegram_bot_token=bot,
            telegram_api=self.telegram_api,
            push_url=push[0],
            push_key=push[1],
            peers={} if peers is None else peers,
            streaming=self.streaming,
            media=self.media,
            cached=self.cached,
        )


def _cached(given: Mapping[str, str]) -> frozenset[str]:
    named = frozenset(given.get("PLAIT_CACHED", "").replace(",", " ").split())
    if named == {"all"}:
        return CACHED
    for name in sorted(named - CACHED):
        raise SettingsError("PLAIT_CACHED", f"{name} is not one of {', '.join(sorted(CACHED))}, or all")
    return named


def _push(given: Mapping[str, str]) -> tuple[str, str] | None:
    url, key = given.get("PLAIT_PUSH_URL") or "", given.get("PLAIT_PUSH_KEY") or ""
    if not url and not key:
        return None
    if not url.startswith(("http://", "https://")):
        raise SettingsError("PLAIT_PUSH_URL", "starts with http:// or https://")
    if not key:
        raise SettingsError("PLAIT_PUSH_KEY", "is needed with PLAIT_PUSH_URL")
    return url, key


def _telegram_api(given: Mapping[str, str]) -> str:
    url = given.get("PLAIT_TELEGRAM_API") or TELEGRAM_API
    if not url.startswith(("http://", "https://")):
        raise SettingsError("PLAIT_TELEGRAM_API", "starts with http:// or https://")
    return url.rstrip("/")


def _payment_provider(given: Mapping[str, str]) -> ProviderConfig | None:
    names = [f"PLAIT_PAYMENT_{name}" for name in ("URL", "KEY", "WEBHOOK_SECRET")]
    found = {name: given.get(name) for name in names}
    if not any(found.values()):
        return None
    for name, value in found.items():
        if not value:
            raise SettingsError(name, "is needed beside the other settings of the payment provider")
    url, key, secret = (str(value) for value in found.values())
    if not url.startswith(("http://", "https://")):
        raise SettingsError("PLAIT_PAYMENT_URL", "starts with http:// or https://")
    return ProviderConfig(url.rstrip("/"), key, secret)


def _peer_urls(given: Mapping[str, str]) -> Mapping[str, str]:
    urls = {
        domain: given.get(f"PLAIT_{domain.upper()}_URL") or f"http://127.0.0.1:{FIRST_PORT + at}/graphql"
        for at, domain in enumerate(DOMAINS)
    }
    for domain, url in urls.items():
        if not url.startswith(("http://", "https://")):
            raise SettingsError(f"PLAIT_{domain.upper()}_URL", "starts with http:// or https://")
    return urls


def _mail(given: Mapping[str, str], home: Path) -> MailConfig:
    url, app_url = given.get("PLAIT_SMTP_URL") or None, given.get("PLAIT_APP_URL") or None
    if url is not None and not url.startswith(("smtp://", "smtps://")):
        raise SettingsError("PLAIT_SMTP_URL", "starts with smtp:// or smtps://")
    if app_url is not None and not app_url.startswith(("http://", "https://")):
        raise SettingsError("PLAIT_APP_URL", "starts with http:// or https://")
    sender = given.get("PLAIT_MAIL_SENDER") or MailConfig().sender
    return MailConfig(home / "outbox", url, sender, app_url.rstrip("/") if app_url else None)


def _streaming(given: Mapping[str, str], keys: Path) -> StreamingConfig:
    url = _public_url(given, "PLAIT_STREAMING_PUBLIC_URL")
    return StreamingConfig(
        Path(given.get("PLAIT_STREAMING_KEY_FILE") or keys / "streaming.key"),
        _number(given, "PLAIT_STREAMING_COUNTED_SECONDS", 30, "of seconds"),
        _number(given, "PLAIT_STREAMING_MOST_ACCOUNTS", 20, "of accounts"),
        url,
    )


def _media(given: Mapping[str, str], keys: Path) -> MediaConfig:
    return MediaConfig(
        Path(given.get("PLAIT_MEDIA_KEY_FILE") or keys / "media.key"),
        _number(given, "PLAIT_MEDIA_QUOTA_MEGABYTES", 2000, "of megabytes") * 1_000_000,
        _public_url(given, "PLAIT_MEDIA_PUBLIC_URL"),
        _switch(given, "PLAIT_MEDIA_AVIF"),
    )


def _public_url(given: Mapping[str, str], name: str) -> str:
    url = given.get(name) or ""
    if url and not url.startswith(("http://", "https://")):
        raise SettingsError(name, "starts with http:// or https://")
    return url.rstrip("/")


def _stores(given: Mapping[str, str], home: Path) -> StoreSettings:
    own = {
        domain: urls for domain in DOMAINS if (urls := _urls(given, f"PLAIT_{domain.upper()}_")) is not None
    }
    return StoreSettings(
        home,
        _urls(given, "PLAIT_"),
        own,
        redis=given.get("PLAIT_REDIS_URL") or None,
        s3=_s3(given),
        mongo=given.get("PLAIT_MONGO_URL") or None,
        connections=_number(given, "PLAIT_DATABASE_CONNECTIONS", CONFIGURED, "of connections"),
        traced=bool(given.get("PLAIT_TRACES_ENDPOINT")),
    )


def _s3(given: Mapping[str, str]) -> S3Location | None:
    endpoint, access, secret = (given.get(f"PLAIT_S3_{name}") for name in ("URL", "ACCESS_KEY", "SECRET_KEY"))
    if not endpoint and not access and not secret:
        return None
    for name, value in (("URL", endpoint), ("ACCESS_KEY", access), ("SECRET_KEY", secret)):
        if not value:
            raise SettingsError(f"PLAIT_S3_{name}", "is needed beside the other settings of this store")
    region = given.get("PLAIT_S3_REGION") or "us-east-1"
    return S3Location(
        str(endpoint), str(access), str(secret), region, given.get("PLAIT_S3_PUBLIC_URL") or None
    )


def _urls(given: Mapping[str, str], prefix: str) -> StoreUrls | None:
    url = given.get(f"{prefix}DATABASE_URL")
    migration = given.get(f"{prefix}MIGRATION_DATABASE_URL") or None
    replica = given.get(f"{prefix}REPLICA_DATABASE_URL") or None
    if not url:
        if migration or replica:
            raise SettingsError(f"{prefix}DATABASE_URL", "is needed beside the other URLs of this store")
        return None
    return StoreUrls(url, migration, replica)


def _refuse_unknown(given: Mapping[str, str]) -> None:
    """A misspelt name would silently mean the default: the embedded store, another key."""
    known = known_names()
    for name in given:
        if not name.startswith("PLAIT_") or name in known:
            continue
        match = STORE_VARIABLE.fullmatch(name)
        domain = (match["domain"] or "").lower() if match else ""
        hint = did_you_mean(name, known) or " docs/configuration.md lists them all."
        what = (
            f"there is no domain {domain}" if domain and domain not in DOMAINS else "is not a known variable"
        )
        raise SettingsError(name, f"{what}.{hint}")


def known_names() -> frozenset[str]:
    """Every variable that may be set, `<DOMAIN>` written out."""
    names = {variable.name for variable in VARIABLES}
    written_out = {name.replace("<DOMAIN>", domain.upper()) for name in names for domain in DOMAINS}
    return frozenset(written_out | ELSEWHERE)


def _seconds(given: Mapping[str, str], name: str, default: int) -> int:
    return _number(given, name, default, "of seconds")


def _switch(given: Mapping[str, str], name: str) -> bool:
    text = given.get(name) or "off"
    if text not in ("on", "off"):
        raise SettingsError(name, f"is on or off, not {text!r}")
    return text == "on"


def _number(given: Mapping[str, str], name: str, default: int, what: str) -> int:
    text = given.get(name)
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= 10**9:
        raise SettingsError(name, f"is a positive number {what}, not {text!r}")
    return int(text)

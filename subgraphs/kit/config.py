"""What a domain's app is given: its store, how to check tokens, and (users alone) how to make them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from subgraphs.kit.peers import Peer

TELEGRAM_API = "https://api.telegram.org"
"""Where the Bot API is."""


@dataclass(frozen=True, slots=True)
class TokenConfig:
    """Access tokens are checked with the keys at `jwks` (a file or a URL)."""

    jwks: str
    issuer: str = "plait"
    audience: str = "plait"


@dataclass(frozen=True, slots=True)
class SigningConfig:
    """Where the private key is kept (made when missing) and how long logins last."""

    key_file: Path
    jwks_file: Path
    access_seconds: int = 15 * 60
    refresh_seconds: int = 30 * 24 * 3600


@dataclass(frozen=True, slots=True)
class PasswordCost:
    """Argon2id's parameters; the defaults are RFC 9106's for memory-constrained machines."""

    time: int = 3
    memory_kib: int = 64 * 1024
    lanes: int = 4


@dataclass(frozen=True, slots=True)
class MailConfig:
    """How mail is sent: by SMTP with a URL, else as files in `folder`."""

    folder: Path = Path(".plait/outbox")
    url: str | None = None
    sender: str = "Plait <no-reply@plait.example>"
    app_url: str | None = None
    """Where links in mails lead: `<app_url>/verify-email?token=…`. Without it mails show the token."""


@dataclass(frozen=True, slots=True)
class ProviderConfig:
    """Who takes payments: an API of Stripe's shape. `webhook_secret` is what it signs its webhooks with."""

    url: str
    key: str = field(repr=False)
    webhook_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StreamingConfig:
    """How plays count, and what addresses of sound are signed with: all processes of streaming share the
    key. Without a file it lives as long as the process.
    """

    key_file: Path | None = None
    counted_seconds: int = 30
    """A play counts from here on; of a shorter track all of it."""
    most_accounts: int = 20
    """Accounts that may listen from one address within an hour; plays of more do not count."""
    public_url: str = ""
    """What comes before the addresses of sound: nothing where the graph is served by the same host."""


@dataclass(frozen=True, slots=True)
class MediaConfig:
    """What addresses of files are signed with (all processes of media share the key; without a file it lives
    as long as the process), and how much anybody may keep.
    """

    key_file: Path | None = None
    quota_bytes: int = 2_000_000_000
    public_url: str = ""
    """What comes before the addresses of files: nothing where the graph is served by the same host."""
    avif: bool = False
    """Whether pictures are made as AVIF too."""


CACHED = frozenset({"events", "event_lists", "profiles"})
"""What can be kept in Redis beside its store (kit/cache.py)."""


@dataclass(frozen=True, slots=True)
class SubgraphConfig:
    tokens: TokenConfig
    signing: SigningConfig | None = None
    passwords: PasswordCost = field(default_factory=PasswordCost)
    mail: MailConfig | None = None
    keys: Path = Path(".plait/keys")
    """Where a domain keeps the keys that it makes for itself."""
    encryption_keys: str | None = field(default=None, repr=False)
    """`ID:KEY ID:KEY …` (kit/encryption.py); without it a key is made in `keys`."""
    payment_provider: ProviderConfig | None = None
    """Without it nothing that costs can be paid."""
    telegram_bot_token: str | None = field(default=None, repr=False)
    """The bot's whose login widget people log in by (users), and that tells them things (notifications).
    Without it nobody does, and what it would say is in files.
    """
    telegram_api: str = TELEGRAM_API
    push_url: str | None = None
    """The gateway to people's devices (kit/push.py). Without it what it would say is in files."""
    push_key: str = field(default="", repr=False)
    peers: Mapping[str, Peer] = field(default_factory=dict, repr=False)
    """The domains that can be asked, by name; read when one is, so it may be filled later."""
    streaming: StreamingConfig = field(default_factory=StreamingConfig)
    media: MediaConfig = field(default_factory=MediaConfig)
    cached: frozenset[str] = frozenset()
    """What is read through Redis, of CACHED."""

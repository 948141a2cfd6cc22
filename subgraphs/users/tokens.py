"""Tokens: signed access tokens that other services check, random refresh tokens that only we know.

The signing key is an Ed25519 or RSA key in PEM, made when the file is missing. Its public half is written
beside it as a JSON Web Key Set (for services on this machine) and served at /.well-known/jwks.json (for the
others).
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from subgraphs.kit.config import SigningConfig, TokenConfig
from subgraphs.users.values import ApiScope, User

REFRESH_TOKEN_BYTES = 32
PrivateKey = Ed25519PrivateKey | RSAPrivateKey


class SigningKeyError(Exception):
    """The configured key file cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    key_id: str
    algorithm: str
    private: PrivateKey
    public_jwk: Mapping[str, Any]

    @property
    def jwks(self) -> str:
        return json.dumps({"keys": [self.public_jwk]}, sort_keys=True)


def load_signing_key(config: SigningConfig) -> SigningKey:
    """The key in the file (made if there is none), its key set written where others look. Raises
    SigningKeyError.
    """
    try:
        if not config.key_file.exists():
            _make(config.key_file)
        private = serialization.load_pem_private_key(config.key_file.read_bytes(), None)
    except OSError as error:
        raise SigningKeyError(f"cannot use the signing key {config.key_file}: {error.strerror}") from error
    except (ValueError, TypeError) as error:
        raise SigningKeyError(f"{config.key_file} is not an unencrypted private key in PEM") from error
    if not isinstance(private, PrivateKey):
        raise SigningKeyError(f"{config.key_file} is neither an Ed25519 nor an RSA key")
    key = _signing_key(private)
    _write(config.jwks_file, key.jwks.encode(), 0o644)
    return key


@dataclass(frozen=True, slots=True)
class TokenIssuer:
    key: SigningKey
    tokens: TokenConfig
    lifetime: timedelta

    def access_token(
        self,
        user: User,
        now: datetime,
        tenant: UUID | None = None,
        login: UUID | None = None,
        scopes: Iterable[ApiScope] | None = None,
    ) -> tuple[str, datetime]:
        """A signed token for `user`, acting for the organization `tenant` if any, and when it ends. With a
        `login` it ends with that at the latest. With `scopes` it is a program's, and may do these alone.
        """
        expires_at = now + self.lifetime
        claims = {
            "iss": self.tokens.issuer,
            "aud": self.tokens.audience,
            "sub": str(user.id),
            "iat": now,
            "exp": expires_at,
            "jti": str(uuid4()),
            "roles": sorted(user.roles),
        }
        if tenant is not None:
            claims["tenant"] = str(tenant)
        if scopes is not None:
            claims["scope"] = " ".join(sorted(scope.value for scope in scopes))
        if login is not None:
            claims["sid"] = str(login)
        text = jwt.encode(claims, self.key.private, self.key.algorithm, headers={"kid": self.key.key_id})
        return text, expires_at


def new_refresh_token() -> str:
    return secrets.token_urlsafe(REFRESH_TOKEN_BYTES)


def refresh_token_hash(token: str) -> str:
    """The token is random and long: a fast hash is enough to make a stolen table useless."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def _signing_key(private: PrivateKey) -> SigningKey:
    if isinstance(private, Ed25519PrivateKey):
        algorithm = "EdDSA"
        public = json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(private.public_key()))
        members = ("crv", "kty", "x")
    else:
        algorithm = "RS256"
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(private.public_key()))
        members = ("e", "kty", "n")
    key_id = _thumbprint({member: public[member] for member in members})
    jwk = {member: public[member] for member in members} | {"kid": key_id, "alg": algorithm, "use": "sig"}
    return SigningKey(key_id, algorithm, private, jwk)


def _thumbprint(members: Mapping[str, str]) -> str:
    """RFC 7638, hexadecimal."""
    return hashlib.sha256(json.dumps(members, separators=(",", ":"), sort_keys=True).encode()).hexdigest()[
        :32
    ]


def _make(path: Path) -> None:
    """Two processes may start at once: the first to link its key wins, the other one uses that."""
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    _write(draft, pem, 0o600)
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _write(path: Path, content: bytes, mode: int) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}.part")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    draft.replace(path)

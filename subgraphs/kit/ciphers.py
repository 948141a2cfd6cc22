"""The cipher of a service's columns: by the configured keys, else by one that it makes and keeps."""

from __future__ import annotations

import os
from base64 import b64encode

from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.encryption import KEY_BYTES, Cipher
from subgraphs.kit.key_files import made_once


def cipher_of(config: SubgraphConfig) -> Cipher:
    """Raises BadKeys when the keys cannot be used."""
    if config.encryption_keys is not None:
        return Cipher.from_text(config.encryption_keys)
    return Cipher.from_text(made_once(config.keys / "encryption.keys", _new_keys).decode())


def _new_keys() -> bytes:
    return b"1:" + b64encode(os.urandom(KEY_BYTES))

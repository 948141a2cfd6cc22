"""The key that addresses of sound are signed with: a file that is made once, readable by its owner alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

KEY_BYTES = 32


class StreamingKeyError(Exception):
    code = "STREAMING_KEY_UNUSABLE"

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"the streaming key {path} {problem}")
        self.path = path


def streaming_key(path: Path | None) -> bytes:
    """The file's key, made when there is none; without a file one that lives as long as the process. Raises
    StreamingKeyError.
    """
    if path is None:
        return secrets.token_bytes(KEY_BYTES)
    try:
        _make(path)
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except OSError as error:
        raise StreamingKeyError(path, f"cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise StreamingKeyError(path, "is not hexadecimal: delete it to have one made") from error
    if len(key) < KEY_BYTES:
        raise StreamingKeyError(path, f"has fewer than {KEY_BYTES} bytes: delete it to have one made")
    return key


def _make(path: Path) -> None:
    """Whole or not at all, and of two processes that make it at once one is believed."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(KEY_BYTES))
    try:
        path.hardlink_to(partial)
    except FileExistsError:
        pass
    finally:
        partial.unlink()

"""Keys that a domain makes for itself: a file that is there, or is made once, readable by its owner alone."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path

KEY_BYTES = 32


class KeyFileError(Exception):
    """`what` is the key's name for people: "streaming key"."""

    code = "KEY_FILE_UNUSABLE"

    def __init__(self, what: str, path: Path, problem: str) -> None:
        super().__init__(f"the {what} {path} {problem}")
        self.path = path


def signing_key(path: Path | None, what: str) -> bytes:
    """What addresses are signed with, kept in hexadecimal; without a file one that lives as long as the
    process. Raises KeyFileError.
    """
    if path is None:
        return secrets.token_bytes(KEY_BYTES)
    try:
        key = bytes.fromhex(made_once(path, lambda: secrets.token_hex(KEY_BYTES).encode()).decode().strip())
    except OSError as error:
        raise KeyFileError(what, path, f"cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise KeyFileError(what, path, "is not hexadecimal: delete it to have one made") from error
    if len(key) < KEY_BYTES:
        raise KeyFileError(what, path, f"has fewer than {KEY_BYTES} bytes: delete it to have one made")
    return key


def made_once(path: Path, make: Callable[[], bytes]) -> bytes:
    """The file's content, made if there is none; of two processes that make it at once both get the first.
    Raises OSError.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(make())
            os.link(partial, path)
        except FileExistsError:
            pass
        finally:
            partial.unlink()
    return path.read_bytes()

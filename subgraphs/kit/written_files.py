"""Files that stand for something sent: there whole or not at all, under a name made of an identifier.

What is sent twice with one identifier is one file. What a full disk kept of a file would only fill that.
"""

from __future__ import annotations

import errno
import hashlib
import secrets
from contextlib import suppress
from pathlib import Path

from db.errors import StoreFull, StoreUnavailable

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def write_whole(
    folder: Path, identifier: str, content: bytes, *, prefix: str = "", suffix: str, kind: str
) -> None:
    """Raises StoreFull or StoreUnavailable; `kind` is what their messages call the folder."""
    name = hashlib.sha256(identifier.encode()).hexdigest()[:16]
    partial = folder / f".{name}.{secrets.token_hex(4)}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial.write_bytes(content)
        partial.replace(folder / f"{prefix}{name}{suffix}")
    except OSError as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        away = StoreFull if error.errno in FULL else StoreUnavailable
        raise away(str(folder), str(error), kind) from error

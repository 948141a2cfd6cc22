"""The keys that columns are encrypted with, made with the first start and kept in a file."""

from __future__ import annotations

import base64
import os
from pathlib import Path

from subgraphs.kit.encryption import KEY_BYTES


def kept_keys(path: Path) -> str:
    """The file's text; a key of its own is put there when there is none. Of several who make it at once, all
    read the first one's. Nobody but the owner may read it.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = path.with_name(f"{path.name}.{os.getpid()}")
        made.touch(mode=0o600)
        made.write_text(f"1:{base64.b64encode(os.urandom(KEY_BYTES)).decode()}\n", encoding="ascii")
        try:
            os.link(made, path)
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return path.read_text(encoding="ascii").strip()

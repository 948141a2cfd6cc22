"""A real SeaweedFS for tests: one throw-away server per test process."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from db.config import S3Location
from db.embedded import start_seaweedfs


@cache
def shared_seaweedfs() -> S3Location:
    """Where this process's server is; gone when the process is. Tests share its buckets, not their keys."""
    home = Path(tempfile.mkdtemp(prefix="plait-test-s3-"))
    server = start_seaweedfs(home)
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    atexit.register(server.stop)
    return server.location

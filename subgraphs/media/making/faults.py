"""What may be wrong with a file. The message is for who uploaded it; the log is for us.

BadMedia     final: the file will not get better by trying again
"""

from __future__ import annotations

MOST_LOG = 4000
DAMAGED = "The file is damaged or cut off: upload it again."
TOO_SLOW = "It takes too long to read this file."


class BadMedia(Exception):
    def __init__(self, reason: str, log: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.log = log[-MOST_LOG:]

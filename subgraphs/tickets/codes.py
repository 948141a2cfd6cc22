"""Attendance codes: what is in the QR code of a ticket, and who can tell a good one.

    code = base64url(16 bytes ticket id │ 2 bytes serial │ 64 bytes Ed25519 signature of the 18)

Signed, so that nobody makes one, and so that a scanner without a network can tell a good one with the public
key (`attendanceKeys`); unguessable, since it takes the private key. A ticket that changes hands gets the next
serial: the old code is good no longer, which only the store knows.
"""

from __future__ import annotations

import base64
import binascii
import io
import secrets
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from uuid import UUID

import segno
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from subgraphs.kit.key_files import made_once
from subgraphs.tickets.values import Ticket, TicketId

SIGNED_BYTES, SIGNATURE_BYTES = 18, 64
CONTEXT = b"plait attendance code 1"
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without what is mistaken for something else when it is read aloud: 0, 1, I and O."""
CONFIRMATION_CHARACTERS = 12


class AttendanceKeyError(Exception):
    """The key file cannot be used; the message says why."""

    code = "ATTENDANCE_KEY_UNUSABLE"


@dataclass(frozen=True)
class AttendanceCodes:
    """The key is read, or made, when it is first needed."""

    key_file: Path = field(repr=False)

    def code_of(self, ticket: Ticket) -> str:
        signed = ticket.id.bytes + ticket.code_serial.to_bytes(2, "big")
        return _text(signed + self._key.sign(CONTEXT + signed))

    def read(self, code: str) -> tuple[TicketId, int] | None:
        """Ticket and serial; None for what was not signed by us."""
        packed = _bytes(code.strip())
        if packed is None or len(packed) != SIGNED_BYTES + SIGNATURE_BYTES:
            return None
        signed, signature = packed[:SIGNED_BYTES], packed[SIGNED_BYTES:]
        try:
            self._key.public_key().verify(signature, CONTEXT + signed)
        except InvalidSignature:
            return None
        return TicketId(UUID(bytes=signed[:16])), int.from_bytes(signed[16:], "big")

    @property
    def public_key(self) -> str:
        """The 32 bytes of the public key, base64url: `x` of a JSON Web Key."""
        raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
        return _text(self._key.public_key().public_bytes(*raw))

    @cached_property
    def _key(self) -> Ed25519PrivateKey:
        return _load(self.key_file)


def qr_svg(code: str) -> str:
    """A code as an SVG image that is sharp at any size, for a page to inline."""
    out = io.BytesIO()
    drawn = segno.make(code, error="m", micro=False)
    drawn.save(out, kind="svg", xmldecl=False, omitsize=True, nl=False, title="Ticket")
    return out.getvalue().decode()


def new_confirmation_code() -> str:
    """60 random bits, for people to say: asked for where a camera does not help, and limited there."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CONFIRMATION_CHARACTERS))


def as_confirmation_code(typed: str) -> str | None:
    """What somebody typed as one, or None."""
    kept = "".join(typed.upper().split()).replace("-", "")
    return kept if len(kept) == CONFIRMATION_CHARACTERS and set(kept) <= set(ALPHABET) else None


def _load(path: Path) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(made_once(path, _new_key), None)
    except OSError as error:
        raise AttendanceKeyError(f"cannot use the attendance key {path}: {error.strerror}") from error
    except (ValueError, TypeError) as error:
        raise AttendanceKeyError(f"{path} is not an unencrypted private key in PEM") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise AttendanceKeyError(f"{path} is not an Ed25519 key")
    return key


def _new_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _text(packed: bytes) -> str:
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _bytes(text: str) -> bytes | None:
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return None

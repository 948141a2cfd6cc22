"""TLS to a subgraph: whose certificates are believed, and which one we show.

Files may be renewed while we run: they are looked at for each request, at most once a second, and what has
changed makes the context of the next connections. One that cannot be used leaves the one before in force.
"""

from __future__ import annotations

import logging
import os
import ssl
import time
from collections.abc import Callable

from router.config import TLSConfig
from router.errors import ConfigError

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
Signature = tuple[tuple[int, ...] | None, ...]


class TLS:
    """`clock` is in seconds. Raises `ConfigError` for files that do not fit."""

    def __init__(self, name: str, config: TLSConfig, clock: Callable[[], float] = time.monotonic) -> None:
        self._name = name
        self._config = config
        self._clock = clock
        files = (config.ca_file, config.certificate_file, config.key_file)
        self._files = tuple(file for file in files if file is not None)
        self._seen = self._signature()
        self._looked = clock()
        self._context = tls_context(name, config)

    def context(self) -> ssl.SSLContext:
        """For a connection that is made now; the same one until a file has changed."""
        if self._files and (now := self._clock()) - self._looked >= LOOK_SECONDS:
            self._looked = now
            self._look()
        return self._context

    def _look(self) -> None:
        found = self._signature()
        if found == self._seen:
            return
        self._seen = found
        try:
            self._context = tls_context(self._name, self._config)
        except ConfigError as error:
            logger.error("%s. The files before stay in force.", error.message)
        else:
            logger.info('Subgraph "%s": its renewed certificate files are in force.', self._name)

    def _signature(self) -> Signature:
        """Of what the names lead to: a file may be written anew, replaced, or be a link that is moved."""
        return tuple(map(_signature_of, self._files))


def _signature_of(file: str) -> tuple[int, ...] | None:
    try:
        status = os.stat(file)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino, status.st_dev


def tls_context(name: str, config: TLSConfig) -> ssl.SSLContext:
    """Certificates and host names are always verified. Raises `ConfigError` for files that do not fit."""
    try:
        context = ssl.create_default_context(cafile=config.ca_file)
    except (OSError, ssl.SSLError) as error:
        raise _fault(name, "ca_file", config.ca_file, error) from error
    context.set_alpn_protocols(["http/1.1"])
    if config.certificate_file is not None:
        try:
            context.load_cert_chain(config.certificate_file, config.key_file, _password(config))
        except (OSError, ssl.SSLError) as error:
            raise _fault(name, "certificate_file", config.certificate_file, error) from error
    return context


def _password(config: TLSConfig) -> str:
    """Never asked for at a terminal."""
    return config.key_password or ""


def _fault(name: str, key: str, file: str | None, error: OSError) -> ConfigError:
    reason = error.strerror or getattr(error, "reason", None) or error
    return ConfigError(f'Subgraph "{name}": tls.{key} {file} cannot be used: {reason}')

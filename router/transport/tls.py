"""TLS to a subgraph: whose certificates are believed, and which one we show."""

from __future__ import annotations

import ssl

from router.config import TLSConfig
from router.errors import ConfigError


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

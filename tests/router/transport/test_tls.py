"""TLS to subgraphs with roots of one's own, and with a certificate that the subgraph asks for."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from router.config import RouterConfig, SubgraphConfig, SubgraphDefaults, SubgraphsConfig, TLSConfig
from router.errors import ConfigError
from router.transport.factory import make_transport
from router.transport.tls import TLS
from tests.support.federation import router

ME = {"query": "{ me { name } }"}
ADA = {"data": {"me": {"name": "Ada"}}}
NOW = datetime.datetime.now(datetime.UTC)
PASSWORD = b"secret"


class Authority:
    """Signs certificates for 127.0.0.1 into a folder."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        basic = x509.BasicConstraints(ca=True, path_length=0)
        certificate = (
            self._builder(self._name, self._key).add_extension(basic, True).sign(self._key, hashes.SHA256())
        )
        self.roots = self._write(f"{name}.pem", certificate.public_bytes(serialization.Encoding.PEM))

    def issue(self, name: str, password: bytes | None = None) -> tuple[str, str]:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        certificate = (
            self._builder(subject, key).add_extension(address, False).sign(self._key, hashes.SHA256())
        )
        encryption: Any = (
            serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
        )
        private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
        return (
            self._write(f"{name}.crt", certificate.public_bytes(serialization.Encoding.PEM)),
            self._write(f"{name}.key", private),
        )

    def _builder(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - datetime.timedelta(days=1))
            .not_valid_after(NOW + datetime.timedelta(days=1))
        )

    def _write(self, name: str, content: bytes) -> str:
        path = self._folder / name
        path.write_bytes(content)
        return str(path)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path, "ours")


@asynccontextmanager
async def subgraph(authority: Authority, *, asks: bool = False, stays: bool = False) -> AsyncIterator[str]:
    """Answers `me` over TLS. `asks` for a certificate that this authority signed; `stays` after an answer."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue("server"))
    if asks:
        context.load_verify_locations(authority.roots)
        context.verify_mode = ssl.CERT_REQUIRED
    body = b'{"data":{"me":{"name":"Ada"}}}'

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                lines = head.lower().split(b"\r\n")
                length = next(line for line in lines if line.startswith(b"content-length"))
                await reader.readexactly(int(length.split(b":")[1]))
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))
                await writer.drain()
                if not stays:
                    return
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    try:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/graphql"
    finally:
        server.close()


async def ask(url: str, tls: TLSConfig, client: Any = "native") -> Any:
    own = SubgraphConfig(url=url, tls=tls, http_client=client)
    async with router(RouterConfig(subgraphs=SubgraphsConfig(by_name={"users": own}))) as routed:
        return await routed.execute(ME)


@pytest.mark.parametrize("client", ["native", "httpx"])
async def test_a_subgraph_with_a_certificate_of_our_own_roots_is_believed(
    authority: Authority, client: str
) -> None:
    async with subgraph(authority) as url:
        assert await ask(url, TLSConfig(ca_file=authority.roots), client) == ADA


@pytest.mark.parametrize("client", ["native", "httpx"])
async def test_a_certificate_that_nobody_vouches_for_is_not(
    authority: Authority, client: str, tmp_path: Path
) -> None:
    async with subgraph(authority) as url:
        for tls in (TLSConfig(), TLSConfig(ca_file=Authority(tmp_path, "others").roots)):
            answer = await ask(url, tls, client)
            assert answer["errors"][0]["extensions"]["code"] == "SUBREQUEST_HTTP_ERROR"


async def test_a_certificate_of_another_host_is_not_believed(authority: Authority) -> None:
    async with subgraph(authority) as url:
        answer = await ask(url.replace("127.0.0.1", "localhost"), TLSConfig(ca_file=authority.roots))
    assert answer["errors"][0]["extensions"]["code"] == "SUBREQUEST_HTTP_ERROR"


@pytest.mark.parametrize("password", [None, PASSWORD])
async def test_a_subgraph_that_asks_is_shown_our_certificate(
    authority: Authority, password: bytes | None
) -> None:
    certificate, key = authority.issue("router", password)
    shown = TLSConfig(
        ca_file=authority.roots,
        certificate_file=certificate,
        key_file=key,
        key_password=password.decode() if password else None,
    )
    async with subgraph(authority, asks=True) as url:
        assert await ask(url, shown) == ADA
        assert "errors" in await ask(url, TLSConfig(ca_file=authority.roots))


@pytest.mark.parametrize("broken", ["ca_file", "certificate_file", "key_password"])
def test_a_file_that_cannot_be_used_is_told_at_the_start(
    authority: Authority, tmp_path: Path, broken: str
) -> None:
    (tmp_path / "none.pem").write_text("nothing")
    certificate, key = authority.issue("router", PASSWORD)
    settings = {"certificate_file": certificate, "key_file": key, "key_password": "secret"}
    settings |= {broken: str(tmp_path / "none.pem") if broken != "key_password" else "wrong"}
    own = SubgraphConfig(tls=TLSConfig(**settings))
    with pytest.raises(ConfigError, match=r'Subgraph "users": tls\.\w+_file .* cannot be used'):
        make_transport("users", "https://127.0.0.1/", own, SubgraphDefaults())


def put_in_place(new: str, of: str) -> None:
    Path(new).replace(of)


@asynccontextmanager
async def looking(
    monkeypatch: pytest.MonkeyPatch, tls: TLSConfig, url: str, client: Any
) -> AsyncIterator[Any]:
    """A router that looks at its files for every request."""
    monkeypatch.setattr(f"{TLS.__module__}.LOOK_SECONDS", 0.0)
    own = SubgraphConfig(url=url, tls=tls, http_client=client)
    async with router(RouterConfig(subgraphs=SubgraphsConfig(by_name={"users": own}))) as routed:
        yield routed


@pytest.mark.parametrize("client", ["native", "httpx"])
async def test_a_certificate_that_is_renewed_is_shown_from_the_next_request_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, client: Any
) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    others, ours = Authority(folder, "others"), Authority(tmp_path, "ours")
    certificate, key = others.issue("router")
    async with subgraph(ours, asks=True, stays=True) as url:
        shown = TLSConfig(ca_file=ours.roots, certificate_file=certificate, key_file=key)
        async with looking(monkeypatch, shown, url, client) as routed:
            assert "errors" in await routed.execute(ME)
            renewed = ours.issue("router")
            for new, old in zip(renewed, (certificate, key), strict=True):
                put_in_place(new, old)
            assert await routed.execute(ME) == ADA
            assert await routed.execute(ME) == ADA


async def test_roots_that_are_taken_away_are_not_believed_any_more_by_kept_connections_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    others, ours = Authority(folder, "others"), Authority(tmp_path, "ours")
    async with (
        subgraph(ours, stays=True) as url,
        looking(monkeypatch, TLSConfig(ca_file=ours.roots), url, "native") as routed,
    ):
        assert await routed.execute(ME) == ADA
        put_in_place(others.roots, ours.roots)
        answer = await routed.execute(ME)
    assert answer["errors"][0]["extensions"]["code"] == "SUBREQUEST_HTTP_ERROR"


@pytest.mark.parametrize("client", ["native", "httpx"])
async def test_half_a_renewal_changes_nothing_and_is_logged_once(
    authority: Authority, monkeypatch: pytest.MonkeyPatch, client: Any, caplog: pytest.LogCaptureFixture
) -> None:
    certificate, key = authority.issue("router")
    async with subgraph(authority, asks=True, stays=True) as url:
        shown = TLSConfig(ca_file=authority.roots, certificate_file=certificate, key_file=key)
        async with looking(monkeypatch, shown, url, client) as routed:
            new_certificate, new_key = authority.issue("renewed")
            put_in_place(new_certificate, certificate)
            assert await routed.execute(ME) == ADA
            assert await routed.execute(ME) == ADA
            told = [message for message in caplog.messages if "The files before stay in force" in message]
            assert len(told) == 1
            put_in_place(new_key, key)
            assert await routed.execute(ME) == ADA


async def test_roots_for_all_subgraphs_are_set_once(authority: Authority) -> None:
    async with subgraph(authority) as url:
        subgraphs = SubgraphsConfig(
            defaults=SubgraphDefaults(tls=TLSConfig(ca_file=authority.roots)),
            by_name={"users": SubgraphConfig(url=url)},
        )
        async with router(RouterConfig(subgraphs=subgraphs)) as routed:
            assert await routed.execute(ME) == ADA

"""`annals serve` for other machines: behind TLS, or behind the one proxy that is named."""

import json
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from subprocess import Popen
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.http.kernel.way import Way
from record.store.record import Record
from tests.api.clerk import Clerk
from tests.api.console import address_of, refused_by, started
from tests.api.test_sign_in import PASSWORD, code, desk_of
from tests.officials import session_of

HOST, PROXY = "127.0.0.2", "192.0.2.1"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.2 that signs itself, and its key."""
    folder, key = tmp_path_factory.mktemp("tls"), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (folder / "key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder / "cert", folder / "key"


@pytest.mark.slow
def test_over_tls_the_server_serves_other_addresses_and_browsers_stay_with_tls(
    record: Record,
    database_url: str,
    certificate: tuple[Path, Path],
    processes: list["Popen[str]"],
) -> None:
    cert, key = (str(each) for each in certificate)
    session_of(record)
    process = started(
        *("serve", "--host", HOST, "--port", "0", "--tls-cert", cert, "--tls-key", key),
        DATABASE_URL=database_url,
    )
    processes.append(process)
    address = address_of(process)
    assert address.startswith(f"https://{HOST}:")
    body = json.dumps({"login": "li.na", "password": PASSWORD}).encode()
    asked = Request(
        f"{address}api/v1/sign-in", data=body, headers={"Content-Type": "application/json"}
    )
    context = ssl.create_default_context(cafile=cert)
    with urlopen(asked, context=context) as answer:
        cookies = answer.headers.get_all("Set-Cookie")
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"

    assert [each.partition("=")[0] for each in cookies] == ["__Host-annals", "__Host-annals-device"]
    assert all("Secure" in each.split("; ") for each in cookies)
    with pytest.raises((ConnectionError, URLError)):  # no plain text is understood there
        urlopen(f"{address.replace('https', 'http')}health/live")


def test_without_tls_or_a_proxy_no_other_address_is_served(
    database_url: str, certificate: tuple[Path, Path], tmp_path: Path
) -> None:
    cert, key = (str(each) for each in certificate)
    other = tmp_path / "none"
    other.write_text("no certificate")

    def code_of(*words: str, **variables: str) -> str:
        return refused_by(database_url, "serve", *words, **variables)

    assert code_of("--host", HOST) == "command-line.not-this-machine"
    assert code_of("--host", HOST, "--tls-cert", cert) == "command-line.tls-incomplete"
    assert code_of(ANNALS_TLS_KEY=key) == "command-line.tls-incomplete"
    for wrong in (str(other), str(tmp_path / "missing")):
        words = ("--host", HOST, "--tls-cert", cert, "--tls-key", wrong)
        assert code_of(*words) == "command-line.tls-unusable"
    assert code_of("--host", HOST, "--proxy", "nginx") == "command-line.proxy-not-an-address"
    anywhere = {"ANNALS_HOST": "0.0.0.0", "ANNALS_PROXY": PROXY}
    assert code_of(**anywhere) == "command-line.name-missing"
    demo = {"ANNALS_TLS_CERT": cert, "ANNALS_TLS_KEY": key}
    assert refused_by(database_url, "demo", "--host", HOST, **demo) == (
        "command-line.not-this-machine"
    )


def test_behind_a_proxy_only_what_it_says_itself_counts(clerk: Clerk, app: FastAPI) -> None:
    desk = desk_of(clerk)
    app.state.way = Way(frozenset({"annals.example", "127.0.0.1"}), ip_address(PROXY))

    def sent(peer: str, said: str | None, host: str = "annals.example") -> Any:
        client = TestClient(app, f"http://{host}", client=(peer, 50_000))
        headers = {"X-Forwarded-For": said} if said else {}
        body = {"login": "lina", "password": PASSWORD}
        return client.post("/api/v1/sign-in", json=body, headers=headers)

    try:
        through = sent(PROXY, "203.0.113.9, 198.51.100.9")
        assert through.headers["set-cookie"].startswith("__Host-annals=")
        assert "Secure" in through.headers["set-cookie"]
        assert through.headers["strict-transport-security"]
        for said in ("198.51.100.9, not an address", None, "::ffff:198.51.100.8"):
            assert sent(PROXY, said).status_code == 200
        assert sent("127.0.0.1", "198.51.100.9", "127.0.0.1").status_code == 200
        round_it = sent("203.0.113.7", "198.51.100.9")
        assert code(round_it) == code(sent(PROXY, "198.51.100.9", "evil.example"))
        assert code(round_it) == (421, "request.misdirected")
    finally:
        app.state.way = Way()
    noted = [each.address for each in desk.access.log.page(after=0, limit=9)]
    assert noted == ["198.51.100.9", PROXY, PROXY, "198.51.100.8", "127.0.0.1"]

"""How the server is reached from elsewhere: over TLS of its own, or through a named proxy."""

import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

if TYPE_CHECKING:
    from api.http.kernel.way import Way
    from api.settings import Settings

TlsCertOption = Annotated[
    Path | None,
    typer.Option(
        "--tls-cert",
        dir_okay=False,
        help="证书链文件，PEM（ANNALS_TLS_CERT） · The chain of certificates, PEM.",
    ),
]
TlsKeyOption = Annotated[
    Path | None,
    typer.Option(
        "--tls-key", dir_okay=False, help="其私钥文件（ANNALS_TLS_KEY） · Its private key."
    ),
]
ProxyOption = Annotated[
    str | None,
    typer.Option(
        "--proxy",
        metavar="ADDRESS",
        help="负责 TLS 的代理的 IP 地址；只有它的 X-Forwarded-For 有效（ANNALS_PROXY） · The IP "
        "address of the proxy that does TLS; only its X-Forwarded-For counts.",
    ),
]
NameOption = Annotated[
    str | None,
    typer.Option(
        "--name",
        help="用户所用的主机名，可用逗号分隔多个（ANNALS_NAME） · Under which host name people "
        "reach it; several with commas.",
    ),
]


class Fronting(NamedTuple):
    """What people reach: `way` is for the app, the two files are of TLS."""

    way: "Way"
    cert: Path | None
    key: Path | None

    @property
    def is_guarded(self) -> bool:
        """Whether nobody on the way reads passwords and sessions."""
        return bool(self.cert or self.way.proxy)


def fronting(
    settings: "Settings",
    *,
    host: str | None,
    tls_cert: Path | None,
    tls_key: Path | None,
    proxy: str | None,
    name: str | None,
) -> Fronting:
    """What the options say, or else the settings; Stopped if it does not fit together."""
    from api.http.kernel.way import Way, address_of
    from api.settings import ANY, LOOPBACK
    from domain.kernel.refusal import Stopped

    cert, key = tls_cert or settings.tls_cert, tls_key or settings.tls_key
    if (cert is None) != (key is None):
        raise Stopped("command-line.tls-incomplete")
    if cert and key:
        _require_usable(cert, key)
    address = None
    if told := proxy or settings.proxy:
        address = address_of(told)
        if address is None:
            raise Stopped("command-line.proxy-not-an-address", proxy=told)
    named = {each.strip().lower() for each in (name or settings.name or "").split(",")} - {""}
    at = host or settings.host
    if at in ANY and (cert or address) and not named:
        raise Stopped("command-line.name-missing", host=at)
    names = frozenset({*LOOPBACK, *named, *({at} - {*ANY})})
    return Fronting(Way(names, address), cert, key)


def _require_usable(cert: Path, key: Path) -> None:
    from domain.kernel.refusal import Stopped

    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(cert, key)
    except OSError as problem:  # ssl.SSLError is one
        raise Stopped(
            "command-line.tls-unusable", cert=str(cert), key=str(key), reason=str(problem)
        ) from None

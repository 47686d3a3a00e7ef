"""Where the server listens: options and socket."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from api.settings import Settings

BACKLOG = 128

HostOption = Annotated[
    str | None,
    typer.Option(
        "--host",
        help="监听地址；非本机须有 TLS 或代理（ANNALS_HOST） · Where to listen: this machine, or "
        "elsewhere behind TLS or a proxy.",
    ),
]
PortOption = Annotated[
    int | None,
    typer.Option(
        "--port",
        min=0,
        max=65_535,
        help="端口（ANNALS_PORT）；0 为任选 · The port; 0 is any free one.",
    ),
]


@contextmanager
def listening(
    settings: "Settings", host: str | None, port: int | None, *, guarded: bool = False
) -> Iterator[socket.socket]:
    """The server's socket, opened first, so that an occupied port is noticed at once.

    Raises Stopped for a host that others could reach unless it is `guarded`, and if the port is not
    available.
    """
    from api.settings import require_guarded
    from domain.kernel.refusal import Stopped

    host = require_guarded(host or settings.host, settings.published_on, guarded=guarded)
    port = settings.port if port is None else port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # If the protocol is named, asyncio sets TCP_NODELAY: answers wait for no acknowledgement.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(BACKLOG)
        except OSError as problem:
            raise Stopped(
                "command-line.port-not-available",
                host=host,
                port=port,
                reason=os.strerror(problem.errno or 0),
            ) from None
        yield listener

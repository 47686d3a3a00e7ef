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
        help="监听地址，只可为本机（ANNALS_HOST） · Where to listen: this machine only, as there "
        "is no sign-in yet.",
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
def listening(settings: "Settings", host: str | None, port: int | None) -> Iterator[socket.socket]:
    """The server's socket, opened first, so that an occupied port is noticed at once.

    Raises NotLoopback for a host that others could reach, Stopped if the port is not available.
    """
    from api.cli.refusals import Stopped
    from api.settings import require_loopback

    host = require_loopback(host or settings.host, settings.published_on)
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
                f"无法监听 {host}:{port}（{os.strerror(problem.errno or 0)}）；"
                "请停止占用该端口的程序，或以 ANNALS_PORT 指定另一端口。",
                f"{host}:{port} is not available ({os.strerror(problem.errno or 0)}); stop "
                "the program that uses the port, or set another in ANNALS_PORT.",
            ) from None
        yield listener

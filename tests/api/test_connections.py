"""Slow, silent and too many clients: each connection is bounded, and the others are served."""

import json
import logging
import socket
import time
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
import uvicorn

from api.cli import connections
from api.cli.connections import BoundedConnection
from api.logs import AtMost

BYTES = b"x" * 30_000_000


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Reads the whole body; answers with much where it is asked for much."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    body = BYTES if scope["path"] == "/much" else b"well"
    length = str(len(body)).encode()
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", length)]}
    )
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, int]]:
    for name in ("HEAD_SECONDS_MAX", "BODY_SILENCE_SECONDS_MAX", "READER_SECONDS_MAX"):
        monkeypatch.setattr(connections, name, 0.3)
    monkeypatch.setattr(BoundedConnection, "limit", 5)
    door = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, http=BoundedConnection, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, kwargs={"sockets": [door]})
    thread.start()
    yield door.getsockname()
    server.should_exit = True
    thread.join()
    door.close()


def connected(address: tuple[str, int], said: bytes = b"") -> socket.socket:
    connection = socket.create_connection(address, timeout=60)
    connection.sendall(said)
    return connection


def heard(connection: socket.socket) -> bytes:
    """Everything until the server closes the connection."""
    parts = []
    with connection:
        while part := _received(connection):
            parts.append(part)
    return b"".join(parts)


def _received(connection: socket.socket) -> bytes:
    try:
        return connection.recv(65_536)
    except ConnectionResetError:
        return b""


GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: loc",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n12345",
        GET + b"GET / HT",
    ],
    ids=["nothing", "half a head", "half a body", "half a second request"],
)
def test_a_client_that_falls_silent_is_left(address: tuple[str, int], said: bytes) -> None:
    answer = heard(connected(address, said))

    assert answer.count(b"HTTP/1.1 200") == said.startswith(GET)


def test_a_client_that_does_not_read_is_left(address: tuple[str, int]) -> None:
    connection = connected(address, GET.replace(b"/ ", b"/much ", 1))
    time.sleep(1.5)

    assert len(heard(connection)) < len(BYTES)


def test_a_slow_but_steady_body_is_read(address: tuple[str, int]) -> None:
    connection = connected(address, b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n")
    connection.sendall(b"Connection: close\r\n\r\n")
    for _ in range(9):
        time.sleep(0.05)
        connection.sendall(b"1")

    assert b" 200 " in heard(connection)


def test_a_connection_too_many_is_told_so_and_the_others_are_served(
    address: tuple[str, int],
) -> None:
    others = [connected(address, b"GET ") for _ in range(5)]

    head, _, body = heard(connected(address)).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 503 ")
    assert json.loads(body)["code"] == "request.busy"
    others[0].sendall(GET.removeprefix(b"GET "))
    assert b" 200 " in others[0].recv(65_536)
    for each in others:
        each.close()


def test_the_same_line_is_written_a_few_times_a_minute() -> None:
    sieve = AtMost(3)
    records = [logging.makeLogRecord({"msg": "%s is ill", "created": t}) for t in (0, 1, 2, 3, 60)]

    assert [sieve.filter(record) for record in records] == [True, True, True, False, True]

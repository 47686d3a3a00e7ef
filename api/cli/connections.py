"""What a connection may cost: how many there are, and how long each may take over a request.

uvicorn waits for ever for the rest of a request, and for a reader that does not read. Here such a
connection is closed, and what comes beyond the limit is answered with 503 at once.
"""

import asyncio
import resource
from functools import cache

import h11
from starlette.requests import Request
from uvicorn.protocols.http.h11_impl import H11Protocol

from api.http.kernel.problems import ApiProblem, respond

CONNECTIONS_MAX = 1_000
# Files that the process needs for other things: the database, the log, the programs it starts.
FILES_RESERVED = 128

HEAD_SECONDS_MAX = 15.0
BODY_SILENCE_SECONDS_MAX = 30.0
READER_SECONDS_MAX = 60.0


def connections_max() -> int:
    """How many connections the files that this process may open allow; more files if they can be
    had."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS_MAX + FILES_RESERVED
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(min(CONNECTIONS_MAX, soft - FILES_RESERVED), 1)


class BoundedConnection(H11Protocol):
    """A connection that is closed when a request, or the reading of its answer, takes too long."""

    limit = CONNECTIONS_MAX

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection, unless there are too many."""
        super().connection_made(transport)
        self._deadline: asyncio.TimerHandle | None = None
        if len(self.connections) > self.limit:
            transport.write(_busy())
            transport.close()
            return
        self._within(HEAD_SECONDS_MAX)

    def data_received(self, data: bytes) -> None:
        """A request's head has its time from the first byte on; a body, from the last."""
        if self.transport.is_closing():
            return
        begins = self._deadline is None
        super().data_received(data)
        if self.flow.write_paused:
            return
        match self.conn.their_state:
            case h11.IDLE if self.conn.trailing_data[0]:
                if begins:
                    self._within(HEAD_SECONDS_MAX)
            case h11.SEND_BODY:
                self._within(BODY_SILENCE_SECONDS_MAX)
            case _:
                self._without_deadline()

    def pause_writing(self) -> None:
        """The reader is slower than we: it has its time to take what waits for it."""
        super().pause_writing()
        self._within(READER_SECONDS_MAX)

    def resume_writing(self) -> None:
        """The reader has caught up."""
        super().resume_writing()
        self._without_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more is waited for."""
        self._without_deadline()
        super().connection_lost(exc)

    def _within(self, seconds: float) -> None:
        self._without_deadline()
        self._deadline = self.loop.call_later(seconds, self._give_up)

    def _without_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        if self.conn.their_state is h11.SEND_BODY and self.flow.read_paused:
            self._within(BODY_SILENCE_SECONDS_MAX)  # we are the slow ones
            return
        self.transport.abort()


@cache
def _busy() -> bytes:
    """The whole answer to a connection too many; its request is not read."""
    unread = Request({"type": "http", "method": "GET", "path": "/", "headers": []})
    answer = respond(unread, ApiProblem("busy", "request.busy", headers={"Retry-After": "1"}))
    lines = [b"HTTP/1.1 %d Service Unavailable" % answer.status_code, b"connection: close"]
    lines += [b"%s: %s" % header for header in answer.raw_headers]
    return b"\r\n".join((*lines, b"", answer.body))

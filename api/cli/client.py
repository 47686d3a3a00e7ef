"""Sends requests to our own app in this process, without a network."""

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, NamedTuple
from urllib.parse import unquote

from starlette.types import ASGIApp, Message

CHUNK_BYTES = 65_536


class Asked(NamedTuple):
    """A request; the target is path and query, as in an address."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: Iterator[bytes] = iter(())


class Answer(NamedTuple):
    """The app's answer; `content` is empty if it was written to a file."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def is_json(self) -> bool:
        """Whether the content is JSON."""
        return _is_json(self.headers)

    @property
    def json(self) -> Any:
        """The content, parsed as JSON."""
        return json.loads(self.content)


def ask(app: ASGIApp, asked: Asked, opened: Callable[[dict[str, str]], BinaryIO]) -> Answer:
    """Send a request. JSON is kept; anything else is written in chunks to what `opened` returns for
    the headers."""
    return asyncio.run(_ask(app, asked, opened))


async def _ask(app: ASGIApp, asked: Asked, opened: Callable[[dict[str, str]], BinaryIO]) -> Answer:
    answered = asyncio.Event()
    status = 500
    headers: dict[str, str] = {}
    kept: list[bytes] = []
    out: BinaryIO | None = None

    async def receive() -> Message:
        for piece in asked.body:
            return {"type": "http.request", "body": piece, "more_body": True}
        if not ended.is_set():
            ended.set()
            return {"type": "http.request", "body": b"", "more_body": False}
        await answered.wait()
        return {"type": "http.disconnect"}

    ended = asyncio.Event()

    async def send(message: Message) -> None:
        nonlocal status, out
        if message["type"] == "http.response.start":
            status = message["status"]
            headers.update({k.decode().lower(): v.decode("latin-1") for k, v in message["headers"]})
            if status < 300 and not _is_json(headers):
                out = opened(headers)
        elif message["type"] == "http.response.body":
            if out is None:
                kept.append(message.get("body", b""))
            else:
                out.write(message.get("body", b""))
            if not message.get("more_body", False):
                answered.set()

    await app(_scope(asked), receive, send)
    return Answer(status, headers, b"".join(kept))


def _scope(asked: Asked) -> dict[str, Any]:
    path, _, query = asked.target.partition("?")
    headers = [("host", "127.0.0.1"), *asked.headers]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": asked.method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers],
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 80),
    }


def _is_json(headers: dict[str, str]) -> bool:
    kind = headers.get("content-type", "application/json").partition(";")[0]
    return kind == "application/json" or kind.endswith("+json")

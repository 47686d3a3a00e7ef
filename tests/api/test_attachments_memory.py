"""A scan of 100 MiB goes in and out of a server without ever being in its memory as a whole."""

import multiprocessing
import re
import socket
import time
from hashlib import sha256
from pathlib import Path

import httpx2 as httpx
import pytest
import uvicorn

from api.http.app import create_app
from projections.engine.view import ReadModels
from record.attachments.attachments import ATTACHMENT_BYTES_MAX
from record.store.record import Record
from tests.city import found
from tests.officials import key_of

SPAWN = multiprocessing.get_context("spawn")
PIECE = b"%PDF-" + bytes(1_048_571)
GROWTH_MIB_MAX = 32


def serve(url: str, port: int) -> None:
    app = create_app(Record(url), ReadModels(url))
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


def peak_mib(pid: int) -> float:
    """The most memory that the process has had in use since the last `forget`."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    return int(found[1]) / 1024


def forget(pid: int) -> None:
    Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="measured by Linux's /proc")
def test_100_mib_go_in_and_out_without_being_in_memory(database_url: str) -> None:
    with Record(database_url) as record:
        found(record)
        key = key_of(record, role="recorder")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = SPAWN.Process(target=serve, args=(database_url, port))
    server.start()
    assert server.pid
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=200) as client:
            _wait(client)
            headers = {
                "Authorization": f"Bearer {key}",
                "Content-Type": "application/pdf",
            }
            client.post("/api/v1/attachments", content=PIECE, headers=headers)
            forget(server.pid)
            before = peak_mib(server.pid)
            pieces = (PIECE for _ in range(ATTACHMENT_BYTES_MAX // len(PIECE)))
            stored = client.post("/api/v1/attachments", content=pieces, headers=headers)
            stored_at = peak_mib(server.pid)
            assert stored.status_code == 201, stored.text
            assert stored.json()["bytes"] == ATTACHMENT_BYTES_MAX
            digest, taken = sha256(), 0
            with client.stream("GET", stored.headers["location"], headers=headers) as answer:
                for content in answer.iter_bytes():
                    digest.update(content)
                    taken += len(content)
            served_at = peak_mib(server.pid)
    finally:
        server.terminate()
        server.join()

    assert (taken, digest.hexdigest()) == (ATTACHMENT_BYTES_MAX, stored.json()["digest"])
    assert stored_at - before < GROWTH_MIB_MAX
    assert served_at - before < GROWTH_MIB_MAX


def _wait(client: httpx.Client) -> None:
    for _ in range(2_000):
        try:
            client.get("/health/live")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server does not answer")

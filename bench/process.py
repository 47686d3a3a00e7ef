"""A process that is measured: its time, its CPU seconds, its memory, and those of its children."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import IO, NamedTuple

import psutil

ANNALS = str(Path(sys.executable).with_name("annals"))
ADDRESS = re.compile(r"http://127\.0\.0\.1:([0-9]+)/")
SAMPLE_SECONDS = 0.25
STOP_SECONDS_MAX = 30.0
IDLE_SECONDS_MAX = 2.0
MEBIBYTE = 1 << 20


class Ran(NamedTuple):
    """A process that has ended; memory is the highest sum over all that ran at one moment."""

    output: str
    seconds: float
    cpu_seconds: float
    memory_mib: float


def run(command: Sequence[str], *, sampled: bool = False) -> Ran:
    """Run to the end; raises CalledProcessError when it fails.

    Only when `sampled` is its memory looked at, which costs some CPU; its output must be short.
    """
    began, before, peak = time.perf_counter(), os.times(), 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while sampled and process.poll() is None:
            peak = max(peak, _resident_bytes(process.pid))
            time.sleep(SAMPLE_SECONDS)
        output = process.stdout.read()
        process.wait()
        seconds = time.perf_counter() - began
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, output)
    after = os.times()
    cpu = after.children_user + after.children_system
    cpu -= before.children_user + before.children_system
    return Ran(output, seconds, cpu, peak / MEBIBYTE)


def _resident_bytes(pid: int) -> int:
    found = 0
    try:
        process = psutil.Process(pid)
        for each in (process, *process.children(recursive=True)):
            found += each.memory_info().rss
    except psutil.NoSuchProcess:
        pass  # one that has just ended
    return found


class Server:
    """A server in a process of its own, and one connection to it that is kept.

    `key` is sent with each request: ours answers nobody else.
    """

    def __init__(self, process: "subprocess.Popen[str]", port: int, key: str = "") -> None:
        self.process = process
        self.port = port
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._connection = HTTPConnection("127.0.0.1", port, timeout=120)
        self._used_at = 0.0

    def get(self, path: str) -> bytes:
        """The body at this path; AssertionError for another status than 200."""
        self._require_connection()
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        body = answer.read()
        assert answer.status == 200, f"{path}: {answer.status} {body[:500]!r}"
        return body

    def timed(self, path: str) -> float:
        """The seconds from the request until its last byte, on a connection that is open."""
        self._require_connection()
        began = time.perf_counter()
        self.get(path)
        return time.perf_counter() - began

    def _require_connection(self) -> None:
        """Connect again when the server may have closed an idle connection."""
        now = time.monotonic()
        if now - self._used_at > IDLE_SECONDS_MAX:
            self._connection.close()
            self._connection.connect()
        self._used_at = now


@contextmanager
def serving(command: Sequence[str], key: str = "", **environment: str) -> Iterator[Server]:
    """A server that says its address on stdout when it serves; stopped at the end."""
    with running(command, **environment) as process:
        yield Server(process, port_of(process.stdout), key)


@contextmanager
def running(command: Sequence[str], **environment: str) -> Iterator["subprocess.Popen[str]"]:
    """A process of ours; stopped at the end."""
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | environment,
    )
    try:
        yield process
    finally:
        stop(process)


def stop(process: "subprocess.Popen[str]") -> None:
    """End it as a person would, and wait."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS_MAX)
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def port_of(output: IO[str] | None) -> int:
    """The port that a server says on its first lines that it serves at."""
    assert output is not None
    for line in output:
        if found := ADDRESS.search(line):
            return int(found[1])
    raise RuntimeError("The server ended before it served.")

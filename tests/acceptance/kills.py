"""Kills server, worker and database at random moments while clients record, and then looks whether
each receipt that was given is on record and everything recovered by itself.

python -m tests.acceptance.kills --kills 25 --clients 6 --commands 12000
"""

import argparse
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

import psycopg

from domain.founding.founding import FoundRecord
from domain.kernel.ids import derive_id
from projections.all import PROJECTIONS
from projections.engine.rebuild import rebuild
from record.postgres.server import EmbeddedPostgres
from record.store.migrate import migrate
from record.store.record import Record
from tests.acceptance.client import ORIGIN, Client, place
from tests.api.console import ANNALS
from tests.checker import check
from tests.city import acting
from tests.databases import folder_for_postgres
from tests.officials import key_of

ROOT = Path(__file__).parents[2]
SECONDS_MAX = 120.0
PAUSE_SECONDS = 0.05


class Outcome(NamedTuple):
    """What came of it: kills of each, receipts, entries on record, and seconds until all served."""

    kills: Mapping[str, int]
    receipts: int
    entries: int
    missed: int
    recovered_seconds: Mapping[str, float]


class Kept:
    """A process that is started again whenever it ends, as a supervisor of services does."""

    def __init__(self, *words: str, url: str, folder: Path) -> None:
        self._command = [*ANNALS, *words]
        self._environment = {**os.environ, "DATABASE_URL": url}
        self._said = (folder / f"{words[0]}.log").open("wb")
        self._stop = Event()
        self.process = self._started()
        self._keeping = Thread(target=self._keep, daemon=True)
        self._keeping.start()

    def kill(self) -> None:
        """Kill it by its own id."""
        self.process.kill()

    def end(self) -> None:
        """Let it end."""
        self._stop.set()
        self._keeping.join()
        self.process.terminate()
        self.process.wait()
        self._said.close()

    def _started(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            self._command, env=self._environment, cwd=ROOT, stdout=self._said, stderr=self._said
        )

    def _keep(self) -> None:
        while not self._stop.wait(PAUSE_SECONDS):
            if self.process.poll() is not None:
                self.process = self._started()


class Clients:
    """Processes that record, and the receipts that they were given."""

    def __init__(self, number: int, *where: str, folder: Path) -> None:
        self._files = [folder / f"receipts-{each}" for each in range(number)]
        self._processes = []
        for each, file in enumerate(self._files):
            words = ["-m", "tests.acceptance.client", *where, f"{each}"]
            with file.open("wb") as said:
                command = [sys.executable, *words]
                self._processes.append(subprocess.Popen(command, cwd=ROOT, stdout=said))

    def receipts(self) -> dict[str, tuple[int, int]]:
        """First and last position of each command, by its key; a torn last line is none."""
        found = {}
        for file in self._files:
            for line in file.read_text(encoding="utf-8").splitlines(keepends=True):
                if line.endswith("\n"):
                    key, first, last = line.split()
                    found[key] = int(first), int(last)
        return found

    def wait_for(self, receipts: int) -> None:
        """Wait until they have so many."""
        deadline = time.monotonic() + SECONDS_MAX
        before = len(self.receipts())
        while (now := len(self.receipts())) < receipts:
            if now > before:
                before, deadline = now, time.monotonic() + SECONDS_MAX
            assert time.monotonic() < deadline, "no more receipts come"
            assert all(each.poll() is None for each in self._processes), "a client has failed"
            time.sleep(PAUSE_SECONDS)

    def end(self) -> None:
        """Kill them where they are."""
        for each in self._processes:
            each.kill()
            each.wait()


def run(*, kills: int, clients: int, commands: int, seed: int = 0) -> Outcome:
    """Kill each process so often, and go on until there are so many receipts."""
    chance = random.Random(seed)
    with ExitStack() as stack:
        folder = stack.enter_context(folder_for_postgres())
        postgres = stack.enter_context(EmbeddedPostgres(folder))
        migrate(postgres.url)
        port = _free_port()
        server = Kept("serve", "--port", str(port), url=postgres.logins.server, folder=folder)
        stack.callback(server.end)
        worker = Kept("work", url=postgres.logins.worker, folder=folder)
        stack.callback(worker.end)
        _wait_until_ready(port)
        key = _key(postgres.logins.server)
        load = Clients(clients, f"{port}", key, _subdistrict(port, key), folder=folder)
        stack.callback(load.end)
        slowest: dict[str, float] = {}
        for what in chance.sample(["server", "worker", "database"] * kills, 3 * kills):
            load.wait_for(len(load.receipts()) + 1)
            time.sleep(chance.random())
            began = time.monotonic()
            if what == "database":
                assert postgres.pid is not None
                os.kill(postgres.pid, signal.SIGKILL)
            else:
                (server if what == "server" else worker).kill()
            time.sleep(2 * PAUSE_SECONDS)
            _wait_until_ready(port)
            load.wait_for(len(load.receipts()) + 1)
            slowest[what] = max(slowest.get(what, 0.0), time.monotonic() - began)
        load.wait_for(commands)
        load.end()
        receipts = load.receipts()
        worker.end()
        counts = {"server": kills, "worker": kills, "database": kills}
        return Outcome(counts, len(receipts), *_compared(postgres.url, receipts), slowest)


def _compared(url: str, receipts: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
    """Entries on record, and how many receipts are not; record and read models are sound."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            'select command_id, "position", last_position from record.receipts'
        ).fetchall()
        total = connection.execute("select count(*) from record.entries").fetchone()
    kept = {command_id: (first, last) for command_id, first, last in rows}
    missed = sum(kept.get(key) != places for key, places in receipts.items())
    check(url)
    assert rebuild(url, PROJECTIONS).differences == ()
    assert total is not None
    return total[0], missed


def _key(url: str) -> str:
    """The key of an arbiter of a city that is founded here."""
    command = FoundRecord(city_name="示例市", city_code="9901", policy="2021", origin=ORIGIN)
    with Record(url) as record:
        record.carry_out("record", command, by=acting("arbiter", unit=command.city))
        return key_of(record)


def _subdistrict(port: int, key: str) -> str:
    """A subdistrict in the city."""
    client, city = Client(port, key), derive_id("city", ORIGIN)
    path = "/api/v1/jurisdictions"
    district = client.record(path, place("district", "990102", city), "district")["id"]
    body = place("subdistrict", "990102001", district)
    found: str = client.record(path, body, "subdistrict")["id"]
    client.close()
    return found


def _free_port() -> int:
    """A port that is free now, and stays the server's through its restarts."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def _wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + SECONDS_MAX
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5) as answer:
                if '"warnings":[]' in answer.read().decode():
                    return
        except (URLError, OSError):
            pass
        assert time.monotonic() < deadline, "it does not become ready by itself"
        time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=25)
    parser.add_argument("--clients", type=int, default=6)
    parser.add_argument("--commands", type=int, default=12_000)
    parser.add_argument("--seed", type=int, default=0)
    sys.stdout.write(f"{run(**vars(parser.parse_args()))}\n")

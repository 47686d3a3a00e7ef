"""`kill -9` of a server process and of the database while they work: what was acknowledged is kept,
what was not is whole or absent, and the read models are what a rebuild gives."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from projections.all import PROJECTIONS
from projections.engine.rebuild import rebuild
from record.postgres.server import EmbeddedPostgres
from record.store.entry import Receipt
from record.store.migrate import migrate
from tests.checker import check

pytestmark = [pytest.mark.slow, pytest.mark.acceptance]
ROOT = Path(__file__).parents[2]
ROUNDS = 3
SEED = random.randrange(10_000)


class Load:
    """A process that works on a record, and what it was told."""

    def __init__(self, url: str, seed: str, folder: Path) -> None:
        self._said = folder / f"said-{seed}"
        with self._said.open("wb") as said, (folder / f"failed-{seed}").open("wb") as failed:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.acceptance.load", url, seed],
                cwd=ROOT,
                stdout=said,
                stderr=failed,
            )
        self._failed = folder / f"failed-{seed}"

    def receipts(self) -> dict[str, Receipt]:
        """Every receipt that it acknowledged, by command id; a torn last line is none."""
        lines = self._said.read_text(encoding="utf-8").splitlines(keepends=True)
        whole = (line.strip().partition(" ") for line in lines if line.endswith("\n"))
        return {command_id: Receipt.model_validate_json(text) for command_id, _, text in whole}

    def wait_for(self, more: int) -> None:
        """Until it has this many receipts more."""
        wanted = len(self.receipts()) + more
        deadline = time.monotonic() + 200
        while len(self.receipts()) < wanted:
            assert self.process.poll() is None, self._failed.read_text(encoding="utf-8")
            assert time.monotonic() < deadline, self._failed.read_text(encoding="utf-8")
            time.sleep(0.01)

    def kill(self) -> None:
        """At once, by the process's own id."""
        self.process.kill()
        self.process.wait()


@contextmanager
def load(url: str, seed: str, folder: Path) -> Iterator[Load]:
    """A load that is under way, and is killed with this block if it was not before."""
    running = Load(url, seed, folder)
    try:
        yield running
    finally:
        running.kill()


def everything_acknowledged_is_there(url: str, receipts: dict[str, Receipt]) -> None:
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            'select command_id, "position", last_position, stream, version, recorded_at'
            " from record.receipts"
        ).fetchall()
    kept = {
        command_id: Receipt(
            position=first, last_position=last, stream=stream, version=version, recorded_at=at
        )
        for command_id, first, last, stream, version, at in rows
    }
    placed = {id: receipt.model_copy(update={"made": ()}) for id, receipt in receipts.items()}
    assert {id: kept.get(id) for id in receipts} == placed
    check(url)
    assert rebuild(url, PROJECTIONS).differences == ()


def test_a_killed_server_loses_nothing_that_it_acknowledged(
    database_url: str, tmp_path: Path
) -> None:
    chance = random.Random(SEED)
    receipts: dict[str, Receipt] = {}
    for number in range(ROUNDS):
        with load(database_url, f"s{number}", tmp_path) as running:
            running.wait_for(chance.randrange(10, 60))
            time.sleep(chance.random() / 10)
            running.kill()
            receipts |= running.receipts()

    assert len(receipts) >= ROUNDS * 10, SEED
    everything_acknowledged_is_there(database_url, receipts)


@pytest.fixture
def postgres(home: Path) -> Iterator[EmbeddedPostgres]:
    """A private PostgreSQL of this test's own."""
    with EmbeddedPostgres(home) as postgres:
        migrate(postgres.url)
        yield postgres


def test_a_killed_database_loses_nothing_that_was_acknowledged(
    postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    chance = random.Random(SEED)
    with load(postgres.url, "d", tmp_path) as running:
        for _ in range(ROUNDS):
            running.wait_for(chance.randrange(10, 60))
            time.sleep(chance.random() / 10)
            killed = postgres.pid
            assert killed is not None
            os.kill(killed, signal.SIGKILL)
            while postgres.pid in (None, killed):  # it is started again by itself
                time.sleep(0.005)
        running.wait_for(10)
        running.kill()
        receipts = running.receipts()

    assert len(receipts) >= (ROUNDS + 1) * 10, SEED
    everything_acknowledged_is_there(postgres.url, receipts)

"""Workers: woken by NOTIFY and safe without it, any number of them, through lost connections."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Event

import pytest
from psycopg import Connection

from projections.all import PROJECTIONS
from projections.engine import worker as working
from projections.engine.engine import Generation, OtherDefinition, connect
from projections.engine.view import NotYetShown, ReadModels
from projections.engine.worker import work
from record.store.record import Record
from tests.city import LI, register
from tests.projections.test_rebuild import communities_on_record


def shown(models: ReadModels, position: int) -> None:
    """Wait, longer than a reader would, until the read models have reached a position."""
    for _ in range(10):
        with suppress(NotYetShown):
            models.wait_for(position)
            return
    models.wait_for(position)


@contextmanager
def workers(url: str, number: int = 1) -> Iterator[list[Future[None]]]:
    """Workers in threads, which end with this block."""
    stop = Event()
    with ThreadPoolExecutor(number) as pool:
        futures = [pool.submit(work, url, PROJECTIONS, stop) for _ in range(number)]
        try:
            yield futures
        finally:
            stop.set()
            with connect(url) as connection:
                connection.execute("notify record_entries")
    for future in futures:
        future.result()


def test_a_worker_is_woken_by_what_is_recorded(
    record: Record, models: ReadModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "WAKE_SECONDS_MAX", 60.0)
    with workers(record.url):
        shown(models, record.head())
        for _ in range(5):  # each is seen long before the worker would have looked by itself
            communities_on_record(record, 1)
            shown(models, record.head())


def test_a_lost_notification_only_delays(
    record: Record,
    models: ReadModels,
    connection: Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(working, "WAKE_SECONDS_MAX", 0.1)
    found = connection.execute("select pg_get_functiondef('record.append'::regproc)").fetchone()
    assert found is not None
    silent = found[0].replace("perform pg_notify", "perform length")
    connection.execute(silent.replace("length('record_entries', ", "length(").encode())
    with workers(record.url):
        shown(models, record.head())
        communities_on_record(record, 1)
        shown(models, record.head())


def test_what_was_recorded_before_a_worker_started_is_caught_up(
    record: Record, models: ReadModels
) -> None:
    communities_on_record(record, 3)
    with workers(record.url):
        shown(models, record.head())


@pytest.mark.slow
def test_two_workers_at_once_fold_each_entry_once(record: Record, models: ReadModels) -> None:
    with workers(record.url, 2):
        for _ in range(40):
            communities_on_record(record, 1)
        shown(models, record.head())


def test_a_worker_outlives_its_connection(
    record: Record,
    models: ReadModels,
    connection: Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(working, "RECONNECT_SECONDS", 0.05)
    with workers(record.url):
        shown(models, record.head())
        ended = connection.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
            " where datname = current_database() and application_name = 'annals work'"
            " and pid <> pg_backend_pid()"
        ).fetchall()
        communities_on_record(record, 1)
        shown(models, record.head())
    assert ended == [(True,)]


@pytest.mark.parametrize("number", [1, 2])
def test_tables_of_another_version_are_rebuilt_when_workers_start(
    record: Record,
    models: ReadModels,
    connection: Connection,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
) -> None:
    monkeypatch.setattr(working, "RECONNECT_SECONDS", 0.05)
    connection.execute("update projections.progress set definition = 'older'")
    with workers(record.url, number):
        shown(models, record.head())
        with connection.transaction():
            assert Generation(connection, PROJECTIONS).outdated() == ()


def test_a_worker_ends_when_another_version_puts_its_tables_in_place(
    record: Record, models: ReadModels, connection: Connection
) -> None:
    def replaced() -> None:
        with workers(record.url) as (future,):
            shown(models, record.head())
            connection.execute("update projections.progress set definition = 'newer'")
            record.carry_out("community:a", register(), by=LI)
            future.exception(timeout=100)

    with pytest.raises(OtherDefinition):
        replaced()

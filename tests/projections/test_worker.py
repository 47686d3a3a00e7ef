"""Workers: woken by NOTIFY and safe without it, any number of them, through lost connections."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Event

import pytest
from psycopg import Connection

from projections.all import PROJECTIONS
from projections.engine import worker as working
from projections.engine.definition import definition_of
from projections.engine.engine import LOCK, Generation, connect
from projections.engine.rebuild import rebuild
from projections.engine.view import NotYetShown, ReadModels
from projections.engine.worker import work
from record.store.record import Record
from tests.databases import as_owner
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
    with as_owner(connection) as owner:
        owner.execute(silent.replace("length('record_entries', ", "length(").encode())
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
        with as_owner(connection) as owner:
            ended = owner.execute(
                "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
                " where datname = current_database() and application_name = 'annals work'"
                " and pid <> %s",
                [connection.info.backend_pid],
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


def definitions(connection: Connection) -> set[object]:
    rows = connection.execute("select definition from projections.progress").fetchall()
    return {definition for (definition,) in rows}


def test_a_worker_of_an_older_version_waits_until_somebody_goes_back_to_it(
    record: Record, models: ReadModels, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "WAIT_SECONDS", 0.05)
    with workers(record.url):
        shown(models, record.head())
    connection.execute("insert into projections_versions.versions (definition) values ('newer')")
    connection.execute("update projections.progress set definition = 'newer'")

    with workers(record.url):
        communities_on_record(record, 1)
        with pytest.raises(NotYetShown):
            models.wait_for(record.head())
        assert definitions(connection) == {"newer"}
        rebuild(record.url, PROJECTIONS)
        communities_on_record(record, 1)
        shown(models, record.head())

    assert definitions(connection) == {definition_of(each) for each in PROJECTIONS}


def test_a_worker_whose_tables_a_newer_version_takes_over_leaves_them_alone(
    record: Record, models: ReadModels, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "WAIT_SECONDS", 0.05)
    with workers(record.url):
        shown(models, record.head())
        with connection.transaction():  # in its turn, as whoever changes read models
            connection.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
            connection.execute(
                "insert into projections_versions.versions (definition) values ('newer')"
            )
            connection.execute("update projections.progress set definition = 'newer'")
        communities_on_record(record, 1)
        with pytest.raises(NotYetShown):
            models.wait_for(record.head())

        assert definitions(connection) == {"newer"}
        rebuild(record.url, PROJECTIONS)

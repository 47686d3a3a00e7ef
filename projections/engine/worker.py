"""Runs the projections after the record: woken by NOTIFY, and correct without it."""

import logging
from collections.abc import Sequence
from threading import Event

import psycopg

from projections.engine.engine import Generation, advance, connect, prepare
from projections.engine.projection import Projection
from projections.engine.rebuild import RebuildRunning, rebuild

log = logging.getLogger("annals.work")
# A lost notification delays a read model by at most this long.
WAKE_SECONDS_MAX = 1.0
RECONNECT_SECONDS = 2.0


def work(url: str, projections: Sequence[Projection], stop: Event) -> None:
    """Advance the read models until `stop` is set; if the database is lost, wait for it.

    Tables that another version of the code made are rebuilt first, without downtime. Raises
    OtherDefinition when another version puts its own tables in the place of ours.
    """
    while not stop.is_set():
        try:
            with connect(url) as connection:
                prepare(connection, projections)
                with connection.transaction():
                    outdated = Generation(connection, projections).outdated()
                if outdated:
                    log.info("rebuilding the read models: %s changed", ", ".join(outdated))
                    rebuild(url, projections)
                _follow(connection, projections, stop)
        except RebuildRunning:
            log.info("another worker is rebuilding the read models; waiting for it")
            stop.wait(RECONNECT_SECONDS)
        except psycopg.OperationalError as problem:
            log.warning("the database is away (%s); trying again", problem)
            stop.wait(RECONNECT_SECONDS)


def _follow(connection: psycopg.Connection, projections: Sequence[Projection], stop: Event) -> None:
    connection.execute("listen record_entries")
    while not stop.is_set():
        if advance(connection, projections):
            continue
        for _ in connection.notifies(timeout=WAKE_SECONDS_MAX, stop_after=1):
            pass


def catch_up(url: str, projections: Sequence[Projection]) -> None:
    """Advance the read models to the end of the record, and return; raises OtherDefinition."""
    with connect(url) as connection:
        prepare(connection, projections)
        while advance(connection, projections, limit=10_000):
            pass

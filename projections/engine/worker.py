"""Runs the projections after the record: woken by NOTIFY, and correct without it."""

import logging
from collections.abc import Callable, Sequence
from threading import Event

import psycopg

from projections.engine.engine import (
    Generation,
    OtherDefinition,
    advance,
    connect,
    prepare,
)
from projections.engine.following import RecordAltered, RecordRestored
from projections.engine.projection import Projection
from projections.engine.rebuild import RebuildBlocked, RebuildRunning, rebuild
from projections.engine.versions import is_newest

log = logging.getLogger("annals.work")
# A lost notification delays a read model by at most this long.
WAKE_SECONDS_MAX = 1.0
RECONNECT_SECONDS = 2.0
# How often a worker of an older version looks whether it is needed again.
WAIT_SECONDS = 30.0


def work(
    url: str,
    projections: Sequence[Projection],
    stop: Event,
    *,
    pause_seconds: Callable[[], float] = lambda: 0.0,
    on_turn: Callable[[], None] = lambda: None,
) -> None:
    """Advance the read models until `stop` is set; if the database is lost, wait for it. Between
    two batches it lets entries gather for `pause_seconds`. `on_turn` is called at each turn, and
    after each batch of a rebuild: nothing hangs.

    Tables that an older version of the code made, or that were made of another record, are rebuilt
    first, without downtime. Where a newer version keeps them, this worker waits until it is needed
    again.
    """
    while not stop.is_set():
        on_turn()
        try:
            with connect(url) as connection:
                prepare(connection, projections)
                newest = is_newest(connection, projections)
                with connection.transaction():
                    generation = Generation(connection, projections)
                    outdated = generation.outdated()
                    of_this_record = generation.is_of_this_record()
                if outdated and not newest:
                    raise OtherDefinition(outdated)
                if not of_this_record:
                    log.critical("%s. Rebuilding them.", RecordRestored().reason.en)
                if outdated:
                    log.info("rebuilding the read models: %s changed", ", ".join(outdated))
                if outdated or not of_this_record:
                    rebuild(url, projections, on_progress=lambda _done, _total: on_turn())
                _follow(connection, projections, stop, pause_seconds, on_turn)
        except RecordRestored:
            continue  # it is noticed at the start
        except RecordAltered as problem:
            log.critical("%s", problem)
            stop.wait(WAIT_SECONDS)
        except OtherDefinition as problem:
            log.warning("%s This worker waits.", problem)
            stop.wait(WAIT_SECONDS)
        except RebuildBlocked as problem:
            log.error("%s", problem)
            stop.wait(RECONNECT_SECONDS)
        except RebuildRunning:
            log.info("another worker is rebuilding the read models; waiting for it")
            stop.wait(RECONNECT_SECONDS)
        except psycopg.OperationalError as problem:
            log.warning("the database is away (%s); trying again", problem)
            stop.wait(RECONNECT_SECONDS)


def _follow(
    connection: psycopg.Connection,
    projections: Sequence[Projection],
    stop: Event,
    pause_seconds: Callable[[], float],
    on_turn: Callable[[], None],
) -> None:
    connection.execute("listen record_entries")
    while not stop.is_set():
        on_turn()
        if advance(connection, projections):
            stop.wait(pause_seconds())
            continue
        for _ in connection.notifies(timeout=WAKE_SECONDS_MAX, stop_after=1):
            pass


def catch_up(url: str, projections: Sequence[Projection]) -> None:
    """Advance the read models to the end of the record, and return; raises OtherDefinition."""
    with connect(url) as connection:
        prepare(connection, projections)
        while advance(connection, projections, limit=10_000):
            pass

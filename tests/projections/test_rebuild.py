"""A rebuild beside the live read models: interrupted, cancelled, rolled back, under load."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Event

import pytest
from psycopg import Connection

from projections.all import PROJECTIONS
from projections.engine import engine
from projections.engine import rebuild as rebuilding
from projections.engine.engine import advance
from projections.engine.rebuild import (
    RebuildBlocked,
    RebuildCancelled,
    RebuildRunning,
    cancel,
    rebuild,
    roll_back,
)
from projections.engine.view import ReadModels
from projections.engine.worker import catch_up, work
from projections.register import communities
from record.store.record import Record
from tests.checker import check, check_projections
from tests.city import LI, classify, register, rename
from tests.projections.tally import Tally, Touchy
from tests.projections.test_engine import FOUNDED, all_of, names, standings

DAY = date(2024, 6, 30)
COMMUNITIES_MAX = 150


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a few entries make several batches."""
    monkeypatch.setattr(rebuilding, "BATCH_ENTRIES_MAX", 5)


def communities_on_record(record: Record, number: int) -> None:
    for _ in range(number):
        record.carry_out(f"community:{record.head()}", register(), by=LI)


def interrupted_at(position: int) -> Callable[[int, int], None]:
    def interrupt(reached: int, _head: int) -> None:
        if reached >= position:
            raise KeyboardInterrupt

    return interrupt


@pytest.mark.usefixtures("small_batches")
def test_progress_is_told_after_each_batch(record: Record) -> None:
    communities_on_record(record, 4)
    told: list[tuple[int, int]] = []

    rebuilt = rebuild(record.url, PROJECTIONS, on_progress=lambda *now: told.append(now))

    assert told == [(5, 14), (10, 14), (14, 14)]
    assert (rebuilt.position, rebuilt.entries) == (14, 14)


@pytest.mark.usefixtures("small_batches")
def test_an_interrupted_rebuild_goes_on_where_it_stood(
    record: Record, connection: Connection
) -> None:
    communities_on_record(record, 20)
    catch_up(record.url, PROJECTIONS)

    with pytest.raises(KeyboardInterrupt):
        rebuild(record.url, PROJECTIONS, on_progress=interrupted_at(15))
    names(record, "甲", "乙")
    rebuilt = rebuild(record.url, PROJECTIONS)

    assert (rebuilt.entries, rebuilt.position) == (32 - 15, 32)
    assert rebuilt.differences == ()
    check_projections(connection, PROJECTIONS, record.entries(after=0))


@pytest.mark.usefixtures("small_batches")
def test_two_processes_rebuild_what_one_does(
    record: Record, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    communities_on_record(record, 10)
    catch_up(record.url, PROJECTIONS)
    monkeypatch.setattr(rebuilding, "START_SECONDS", 0.0)
    told: list[int] = []

    rebuilt = rebuild(record.url, PROJECTIONS, on_progress=lambda at, _head: told.append(at))

    assert told[-1] == record.head()
    assert (rebuilt.position, rebuilt.differences) == (record.head(), ())
    check_projections(connection, PROJECTIONS, record.entries(after=0))


@pytest.mark.usefixtures("small_batches")
def test_what_two_processes_left_at_two_positions_goes_on_from_there(
    record: Record, toy_connection: Connection, toys: tuple[Tally, Touchy]
) -> None:
    for _ in range(3):
        names(record, "甲", "乙", "丙")
    with pytest.raises(KeyboardInterrupt):
        rebuild(record.url, toys, on_progress=interrupted_at(10))
    other = rebuilding._Building(toy_connection, toys[:1])
    other.run(15, lambda _position: None)

    toys[0].folded.clear()
    rebuilt = rebuild(record.url, toys)

    assert (rebuilt.position, rebuilt.differences) == (record.head(), ())
    assert set(toys[0].folded) == set(range(16, record.head() + 1))
    check_projections(toy_connection, toys, record.entries(after=0))


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("rows_max", [0, 3])
def test_a_rebuild_that_forgets_its_pages_gives_the_rows_of_one_that_does_not(
    record: Record,
    connection: Connection,
    toys: tuple[Tally, Touchy],
    monkeypatch: pytest.MonkeyPatch,
    rows_max: int,
) -> None:
    for _ in range(3):
        names(record, "甲", "乙", "丙")
    record.carry_out("community:10", classify(), by=LI)
    record.carry_out("community:10", rename("丁"), by=LI)
    projections = (*PROJECTIONS, toys[0])
    connection.execute("drop schema projections cascade")
    monkeypatch.setattr(rebuilding, "PAGE_ROWS_MAX", rows_max)

    rebuild(record.url, projections)

    assert set(toys[0].folded.values()) == {1}  # each entry once on its page
    toys[0].folded.clear()
    check_projections(connection, projections, record.entries(after=0))


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("failing", ["evolve", "write"])
def test_an_interrupted_rebuild_with_a_parked_projection_folds_nothing_twice(
    record: Record,
    toy_connection: Connection,
    toys: tuple[Tally, Touchy],
    failing: str,
) -> None:
    names(record, "甲", failing, "乙")
    communities_on_record(record, 20)
    all_of(toy_connection, toys, 7)
    before = standings(toy_connection, toys)

    with pytest.raises(KeyboardInterrupt):
        rebuild(record.url, toys, on_progress=interrupted_at(20))
    toys[0].folded.clear()
    rebuilt = rebuild(record.url, toys)

    assert (rebuilt.differences, rebuilt.compared) == ((), ("tally", "touchy"))
    assert standings(toy_connection, toys) == before
    assert set(toys[0].folded) == set(range(21, record.head() + 1))
    parked = before["touchy"][1]
    assert parked is not None
    assert parked.position == FOUNDED + 2


@pytest.mark.usefixtures("small_batches")
def test_an_unfinished_rebuild_of_other_definitions_begins_anew(
    record: Record, connection: Connection
) -> None:
    communities_on_record(record, 10)
    with pytest.raises(KeyboardInterrupt):
        rebuild(record.url, PROJECTIONS, on_progress=interrupted_at(10))
    connection.execute("update projections_next.progress set definition = 'older'")

    assert rebuild(record.url, PROJECTIONS).entries == record.head()


@pytest.mark.usefixtures("small_batches")
def test_a_cancelled_rebuild_leaves_nothing_and_says_so(
    record: Record, connection: Connection
) -> None:
    communities_on_record(record, 10)
    catch_up(record.url, PROJECTIONS)

    with pytest.raises(RebuildCancelled):
        rebuild(record.url, PROJECTIONS, on_progress=lambda *_: cancel(record.url))

    left = connection.execute("select to_regnamespace('projections_next')").fetchone()
    assert left == (None,)
    cancel(record.url)
    assert rebuild(record.url, PROJECTIONS).entries == record.head()


def test_only_one_process_rebuilds_at_a_time(record: Record) -> None:
    def again(*_: int) -> None:
        rebuild(record.url, PROJECTIONS)

    with pytest.raises(RebuildRunning):
        rebuild(record.url, PROJECTIONS, on_progress=again)
    rebuild(record.url, PROJECTIONS)


def test_a_part_that_outlived_its_rebuild_is_waited_for(
    record: Record, connection: Connection
) -> None:
    connection.execute("select pg_advisory_lock_shared(%s)", (rebuilding.PART_LOCK,))
    with pytest.raises(RebuildRunning):
        rebuild(record.url, PROJECTIONS)

    connection.execute("select pg_advisory_unlock_shared(%s)", (rebuilding.PART_LOCK,))
    rebuild(record.url, PROJECTIONS)


def test_live_rows_that_differ_are_told_and_replaced(
    record: Record, connection: Connection
) -> None:
    communities_on_record(record, 3)
    catch_up(record.url, PROJECTIONS)
    connection.execute("update projections.community_line set name = '改' where from_position = 12")
    record.carry_out("community:10", rename("花园社区"), by=LI)  # which live has not folded yet

    rebuilt = rebuild(record.url, PROJECTIONS)

    (difference,) = rebuilt.differences
    assert difference.table == "community_line"
    assert (difference.live[:6], difference.rebuilt[:6]) == ("3 rows", "3 rows")
    assert rebuild(record.url, PROJECTIONS).differences == ()


def test_what_another_definition_made_is_not_compared(
    record: Record, connection: Connection
) -> None:
    catch_up(record.url, PROJECTIONS)
    connection.execute(
        "update projections.progress set definition = 'older' where projection = 'register'"
    )

    rebuilt = rebuild(record.url, PROJECTIONS)

    assert set(rebuilt.compared) == {each.name for each in PROJECTIONS} - {"register"}


def test_a_rebuild_can_be_rolled_back_and_forth(
    record: Record, connection: Connection, models: ReadModels
) -> None:
    communities_on_record(record, 2)
    catch_up(record.url, PROJECTIONS)
    rebuild(record.url, PROJECTIONS)
    communities_on_record(record, 2)
    catch_up(record.url, PROJECTIONS)
    assert models.position() == 14

    roll_back(record.url)
    assert models.position() == 12
    check_projections(connection, PROJECTIONS, record.entries(after=0, limit=12))
    catch_up(record.url, PROJECTIONS)
    check_projections(connection, PROJECTIONS, record.entries(after=0))
    roll_back(record.url)
    assert models.position() == 14


@pytest.mark.usefixtures("small_batches")
def test_an_unfinished_rebuild_does_not_hinder_a_roll_back(
    record: Record, models: ReadModels
) -> None:
    rebuild(record.url, PROJECTIONS)
    with pytest.raises(KeyboardInterrupt):
        rebuild(record.url, PROJECTIONS, on_progress=interrupted_at(5))

    roll_back(record.url)
    catch_up(record.url, PROJECTIONS)
    rebuild(record.url, PROJECTIONS)

    assert models.position() == FOUNDED


def test_without_an_earlier_generation_there_is_nothing_to_roll_back_to(record: Record) -> None:
    with pytest.raises(LookupError, match="no earlier generation"):
        roll_back(record.url)


@pytest.mark.slow
def test_while_it_is_rebuilt_everybody_records_reads_and_works_on(
    record: Record, models: ReadModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One community an entry: a picture that is whole has as many as its position says."""
    monkeypatch.setattr(rebuilding, "BATCH_ENTRIES_MAX", 25)
    monkeypatch.setattr(engine, "BATCH_ENTRIES_MAX", 10)
    stop = Event()
    pictures: set[int] = set()

    def record_on() -> None:
        for _ in range(COMMUNITIES_MAX):  # or a slow machine would never catch up
            if stop.is_set():
                break
            communities_on_record(record, 1)

    def look() -> None:
        while not stop.is_set():
            with models.view() as view:
                found = communities(view, effective=DAY)
                assert len(found) == max(0, view.position - FOUNDED)
                pictures.add(view.position)
                behind = communities(view, effective=DAY, limit=5)
                assert [each.community for each in behind] == [c.community for c in found[:5]]

    with ThreadPoolExecutor(5) as pool:
        tasks = [pool.submit(record_on), *(pool.submit(look) for _ in range(2))]
        tasks.append(pool.submit(work, record.url, PROJECTIONS, stop))
        try:
            rebuilt = [rebuild(record.url, PROJECTIONS) for _ in range(4)]
        finally:
            stop.set()
        for task in tasks:
            task.result()

    assert [each.differences for each in rebuilt] == [()] * 4
    positions = [each.position for each in rebuilt]
    assert positions == sorted(positions)
    assert len(pictures) > 4
    check(record.url)


def test_a_picture_that_is_looked_at_is_whole_while_the_tables_are_swapped(
    record: Record, models: ReadModels
) -> None:
    communities_on_record(record, 3)
    catch_up(record.url, PROJECTIONS)

    with ThreadPoolExecutor(1) as pool:
        with models.view() as view:
            communities_on_record(record, 2)
            swapped = pool.submit(rebuild, record.url, PROJECTIONS)
            with pytest.raises(TimeoutError):
                swapped.result(timeout=0.5)
            assert len(communities(view, effective=DAY)) == 3
        assert swapped.result().position == record.head()
    with models.view() as view:
        assert len(communities(view, effective=DAY)) == 5


WAITING = """
    select count(*) from pg_locks
    where not granted and mode = 'AccessExclusiveLock'
    and relation = 'projections.progress'::regclass
"""


def test_a_swap_that_waits_for_one_reader_gives_way_to_the_others(
    record: Record, models: ReadModels, connection: Connection
) -> None:
    communities_on_record(record, 2)
    catch_up(record.url, PROJECTIONS)

    with ThreadPoolExecutor(1) as pool:
        with models.view():
            swapped = pool.submit(rebuild, record.url, PROJECTIONS)
            while connection.execute(WAITING).fetchone() == (0,):
                Event().wait(0.01)
            communities_on_record(record, 1)
            while connection.execute(WAITING).fetchone() != (0,):
                Event().wait(0.01)
            catch_up(record.url, PROJECTIONS)
            assert models.position() == record.head()
            assert not swapped.done()
        rebuilt = swapped.result()
    assert (rebuilt.position, rebuilt.differences) == (record.head(), ())
    check_projections(connection, PROJECTIONS, record.entries(after=0))


def test_a_swap_gives_up_when_a_reader_never_ends(
    record: Record, models: ReadModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "SWAP_LOCK_SECONDS", 0.01)
    monkeypatch.setattr(rebuilding, "SWAP_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(rebuilding, "SWAP_ATTEMPTS_MAX", 3)
    catch_up(record.url, PROJECTIONS)
    rebuild(record.url, PROJECTIONS)

    with models.view() as view:
        with pytest.raises(RebuildBlocked):
            rebuild(record.url, PROJECTIONS)
        with pytest.raises(RebuildBlocked):
            roll_back(record.url)
        assert communities(view, effective=DAY) == []

    assert rebuild(record.url, PROJECTIONS).entries == 0


def test_every_connection_has_its_time_outs(
    record: Record, models: ReadModels, connection: Connection
) -> None:
    asked = (
        "select current_setting('statement_timeout') as a,"
        " current_setting('idle_in_transaction_session_timeout') as b"
    )
    with models.view() as view, record.recorder.datastore.get_connection() as server:
        reader, writer = view.connection.execute(asked), server.execute(asked)
        found = [tuple(each.fetchone().values()) for each in (reader, writer)]  # type: ignore[union-attr]
    found.append(connection.execute(asked).fetchone() or ())
    assert found == [("1min", "2min"), ("5min", "2min"), ("1h", "5min")]


def test_after_a_rebuild_the_live_ones_go_on(record: Record, connection: Connection) -> None:
    communities_on_record(record, 2)
    rebuild(record.url, PROJECTIONS)
    record.carry_out("community:10", classify(), by=LI)

    assert advance(connection, PROJECTIONS) == 1

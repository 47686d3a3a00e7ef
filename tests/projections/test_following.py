"""A record that was changed behind its back stops what is made of it; a restored one renews it."""

import logging
from threading import Event

import pytest
from psycopg import Connection

from projections.all import PROJECTIONS
from projections.engine import worker as working
from projections.engine.engine import Generation, advance
from projections.engine.following import RecordAltered, RecordRestored
from projections.engine.rebuild import rebuild
from projections.engine.view import ReadModels
from projections.engine.worker import catch_up
from record.store.record import Record
from tests.checker import check_projections
from tests.databases import as_owner
from tests.projections.tally import Tally, Touchy
from tests.projections.test_engine import all_of, names, standings
from tests.projections.test_worker import shown, workers

REMOVED = "delete from record.entries where notification_id = %(position)s"
MOVED = (
    "update record.entries set notification_id = notification_id + 1000"
    " where notification_id = %(position)s"
)
OTHER_STREAM = (
    "update record.entries set originator_id = 'community:other'"
    " where notification_id = %(position)s"
)
OTHER_EVENT = (
    "update record.entries set topic = 'CommunityDissolved' where notification_id = %(position)s"
)
OTHER_VERSION = (
    "update record.entries set originator_version = 77 where notification_id = %(position)s"
)
OTHER_INSTANT = (
    "update record.entries set recorded_at = recorded_at - interval '1 day'"
    " where notification_id = %(position)s"
)
CHANGED = (
    "update record.entries set state = convert_to("
    "replace(convert_from(state, 'UTF8'), '乙', '己'), 'UTF8')"
    " where notification_id = %(position)s"
)


def behind_its_back(connection: Connection, what: str, position: int = 0) -> None:
    """Do what only the owner of the record can."""
    with as_owner(connection) as owner:
        owner.execute("alter table record.entries disable trigger entries_are_kept")
        owner.execute(what.encode(), {"position": position})
        owner.execute("alter table record.entries enable trigger entries_are_kept")


def parked_at(connection: Connection, toys: tuple[Tally, Touchy]) -> set[int | None]:
    found = standings(connection, toys).values()
    assert all(each and each.error.startswith("RecordAltered: ") for _, each in found)
    return {each.position if each else None for _, each in found}


@pytest.mark.unchecked
@pytest.mark.parametrize(
    "what", [REMOVED, MOVED, OTHER_STREAM, OTHER_EVENT, OTHER_VERSION, OTHER_INSTANT]
)
def test_a_worker_stops_at_an_entry_that_was_altered(
    record: Record,
    toy_connection: Connection,
    toys: tuple[Tally, Touchy],
    what: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    names(record, "甲")
    all_of(toy_connection, toys, 1_000)
    position = names(record, "乙", "丙") - 1
    names(record, "丁")
    behind_its_back(toy_connection, what, position)

    with caplog.at_level(logging.CRITICAL, "annals.work"):
        all_of(toy_connection, toys, 1_000)
        all_of(toy_connection, toys, 1_000)

    assert parked_at(toy_connection, toys) == {position}
    assert {each for each, _ in standings(toy_connection, toys).values()} == {position - 1}
    assert toy_connection.execute("select name from projections.tally_line").fetchall() == [("甲",)]
    assert len(caplog.records) == 1


@pytest.mark.unchecked
@pytest.mark.parametrize(
    "what", [REMOVED, MOVED, OTHER_STREAM, OTHER_EVENT, OTHER_VERSION, OTHER_INSTANT, CHANGED]
)
def test_a_rebuild_does_not_adopt_what_was_altered_since_it_was_shown(
    record: Record, toy_connection: Connection, toys: tuple[Tally, Touchy], what: str
) -> None:
    position = names(record, "乙", "丙") - 1
    names(record, "丁")
    all_of(toy_connection, toys, 1_000)
    before = toy_connection.execute("select * from projections.tally_line").fetchall()
    head = record.head()
    behind_its_back(toy_connection, what, position)

    with pytest.raises(RecordAltered):
        rebuild(record.url, toys)

    assert parked_at(toy_connection, toys) == {head if what == CHANGED else position}
    assert {each for each, _ in standings(toy_connection, toys).values()} == {head}
    assert toy_connection.execute("select * from projections.tally_line").fetchall() == before


def test_once_the_record_is_repaired_a_rebuild_goes_on(
    record: Record, toy_connection: Connection, toys: tuple[Tally, Touchy]
) -> None:
    position = names(record, "乙", "丙") - 1
    all_of(toy_connection, toys, 1_000)
    behind_its_back(toy_connection, OTHER_VERSION, position)
    with pytest.raises(RecordAltered):
        rebuild(record.url, toys)

    behind_its_back(toy_connection, OTHER_VERSION.replace("77", "1"), position)
    rebuild(record.url, toys)
    names(record, "丁")
    all_of(toy_connection, toys, 1_000)

    assert set(standings(toy_connection, toys).values()) == {(record.head(), None)}
    check_projections(toy_connection, toys, record.entries(after=0))


def restored(record: Record, connection: Connection, position: int) -> Record:
    """The record as a backup has it that was taken at a position."""
    behind_its_back(
        connection, "delete from record.entries where notification_id > %(position)s", position
    )
    with as_owner(connection) as owner:
        owner.execute("alter table record.receipts disable trigger receipts_are_kept")
        owner.execute("delete from record.receipts where last_position > %s", (position,))
        owner.execute("alter table record.receipts enable trigger receipts_are_kept")
    return Record(record.url)


@pytest.mark.parametrize("more", [0, 1, 2, 5])
def test_a_worker_notices_a_restored_record_and_rebuilds(
    record: Record,
    models: ReadModels,
    connection: Connection,
    monkeypatch: pytest.MonkeyPatch,
    more: int,
) -> None:
    monkeypatch.setattr(working, "WAKE_SECONDS_MAX", 0.05)
    backup = names(record, "甲")
    names(record, "乙", "丙")
    with workers(record.url):
        shown(models, record.head())
        with connection.transaction():
            again = restored(record, connection, backup)
        with again:
            for _ in range(more):
                names(again, "丁")
            head = again.head()
    with workers(record.url):
        while not is_of_it(connection):
            Event().wait(0.02)
        shown(models, head)
    assert models.position() == head


def is_of_it(connection: Connection) -> bool:
    with connection.transaction():
        return Generation(connection, PROJECTIONS).is_of_this_record()


def test_a_restored_record_is_noticed_by_whoever_catches_up(
    record: Record, connection: Connection
) -> None:
    backup = names(record, "甲")
    names(record, "乙", "丙")
    catch_up(record.url, PROJECTIONS)
    with restored(record, connection, backup) as again:
        names(again, "丁", "戊", "己", "庚")

        with pytest.raises(RecordRestored):
            advance(connection, PROJECTIONS)
        rebuild(record.url, PROJECTIONS)

        check_projections(connection, PROJECTIONS, again.entries(after=0))


def test_an_unfinished_rebuild_of_another_record_begins_anew(
    record: Record, toy_connection: Connection, toys: tuple[Tally, Touchy]
) -> None:
    backup = names(record, "甲")
    names(record, "乙", "丙")

    def interrupt(_reached: int, _head: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(record.url, toys, on_progress=interrupt)
    with restored(record, toy_connection, backup) as again:
        names(again, "丁", "戊", "己")
        rebuild(record.url, toys)

        check_projections(toy_connection, toys, again.entries(after=0))

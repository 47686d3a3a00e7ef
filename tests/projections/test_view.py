"""Pictures of the read models: whole, at one position, repeatable for ever."""

from datetime import UTC, date, datetime, timedelta
from threading import Timer
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings

from domain.kernel.policy import built_in
from projections import organisation, register, timeline, worklist
from projections.all import PROJECTIONS
from projections.engine import view
from projections.engine.engine import advance, connect
from projections.engine.view import NotYetShown, ReadModels, View
from projections.engine.worker import catch_up
from projections.figures import statistics
from record.store.record import Record
from tests.city import LI
from tests.city import register as registered
from tests.databases import Databases
from tests.projections.sequences import SEQUENCES, happened, put_on_record
from tests.projections.test_rebuild import communities_on_record

POLICY = built_in()["2021"].policy
DAYS = [date(year, 7, 1) for year in (2018, 2020, 2022)]
EVERYTHING = register.Filter(status=None)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that what never comes is not waited for."""
    monkeypatch.setattr(view, "WAIT_SECONDS_MAX", 0.05)


def answers(picture: View) -> list[Any]:
    """What every list of the product says, on some days."""
    said: list[Any] = [register.states(picture), organisation.states(picture)]
    for day in DAYS:
        said += [
            register.communities(picture, effective=day, where=EVERYTHING),
            organisation.jurisdictions(picture, effective=day),
            statistics.counts(picture, effective=day),
            worklist.waiting(picture, POLICY, effective=day),
        ]
    for community in ("a", "b"):
        said += [
            register.periods(picture, community),
            register.reasons(picture, community, effective=DAYS[1]),
            timeline.history(picture, f"community:{community}"),
            worklist.proposals(picture, community, effective=date.max),
        ]
    return said


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(SEQUENCES)
def test_what_was_answered_at_a_position_is_answered_for_ever(
    databases: Databases, asked: Any
) -> None:
    with databases.lent() as url, Record(url) as record, connect(url) as connection:
        models = ReadModels(url, connections_max=1)
        models.open()
        put_on_record(record, happened(asked))
        given_at: dict[int, list[Any]] = {}
        while advance(connection, PROJECTIONS, limit=5):
            with models.view() as picture:
                given_at[picture.position] = answers(picture)
        for position, answer in given_at.items():
            with models.view(known=position) as picture:
                assert answers(picture) == answer
                assert picture.stands_at == position
        models.close()


@pytest.mark.usefixtures("impatient")
def test_a_reader_waits_for_a_position_and_not_for_ever(record: Record, models: ReadModels) -> None:
    head = record.head()
    for asked in ({"after_position": head}, {"known": head}, {"known": datetime.now(UTC)}):
        with pytest.raises(NotYetShown) as late, models.view(**asked):
            pass
        assert (late.value.asked, late.value.reached) == (head, 0)


def test_a_reader_who_waits_is_answered_when_the_position_is_reached(
    record: Record, models: ReadModels
) -> None:
    timer = Timer(0.2, catch_up, (record.url, PROJECTIONS))
    timer.start()
    with models.view(after_position=record.head()) as picture:
        assert picture.position == record.head()
        assert picture.stands_at == picture.position
    timer.join()


def test_an_instant_is_the_last_position_recorded_by_then(
    record: Record, models: ReadModels
) -> None:
    first = record.carry_out("community:a", registered("甲社区"), by=LI)
    second = record.carry_out("community:b", registered("乙社区"), by=LI)
    catch_up(record.url, PROJECTIONS)

    for instant, position in (
        (second.recorded_at, second.position),
        (second.recorded_at - timedelta(microseconds=1), first.position),
        (first.recorded_at, first.position),
        (datetime(2000, 1, 1, tzinfo=UTC), 0),
        (datetime(2100, 1, 1, tzinfo=UTC), second.position),
    ):
        with models.view(known=instant) as picture:
            assert picture.stands_at == position
            found = register.communities(picture, effective=DAYS[1])
            assert len(found) == max(0, position - first.position + 1)


def test_before_the_first_entry_nothing_is_known(record: Record, models: ReadModels) -> None:
    communities_on_record(record, 1)
    catch_up(record.url, PROJECTIONS)

    with models.view(known=0) as picture:
        assert register.communities(picture, effective=DAYS[0]) == []
        assert timeline.history(picture, "record") == []


def test_a_picture_does_not_change_while_it_is_looked_at(
    record: Record, models: ReadModels
) -> None:
    communities_on_record(record, 1)
    catch_up(record.url, PROJECTIONS)
    with models.view() as picture:
        communities_on_record(record, 1)
        catch_up(record.url, PROJECTIONS)
        assert len(register.communities(picture, effective=DAYS[0])) == 1
        assert picture.position == record.head() - 1


def test_nothing_can_be_written_through_a_picture(record: Record, models: ReadModels) -> None:
    with models.view() as picture, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        picture.connection.execute("delete from community_line")
    assert record.head() > 0


def test_what_is_made_of_a_picture_is_made_once_for_its_position_and_knowledge(
    record: Record, models: ReadModels
) -> None:
    communities_on_record(record, 1)
    catch_up(record.url, PROJECTIONS)
    made: list[int] = []

    def count(picture: View) -> int:
        made.append(picture.stands_at)
        return len(register.communities(picture, effective=DAYS[0]))

    def ask(**asked: Any) -> int:
        with models.view(**asked) as picture:
            return picture.once("communities", lambda: count(picture))

    before = record.head()
    assert (ask(), ask(), ask(known=before)) == (1, 1, 1)
    communities_on_record(record, 1)
    catch_up(record.url, PROJECTIONS)
    assert (ask(), ask(known=before), ask(known=before)) == (2, 1, 1)
    # The same knowledge is another picture at a later position.
    assert made == [before, before, record.head(), before]


def test_only_the_newest_of_what_was_made_is_kept() -> None:
    kept = view.Kept(entries_max=2)
    made: list[str] = []

    def ask(key: str) -> None:
        kept.get(key, lambda: made.append(key))

    for key in ("a", "b", "a", "c", "a", "b"):
        ask(key)
    assert made == ["a", "b", "c", "b"]

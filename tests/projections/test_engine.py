"""The live read models: batch by batch, whatever the batches are; one that fails harms no other."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import Connection

from projections.all import PROJECTIONS
from projections.engine.engine import Generation, OtherDefinition, advance, connect, prepare
from projections.engine.fold import Parked
from projections.engine.projection import Journal, Projection
from projections.engine.rebuild import rebuild
from projections.engine.worker import catch_up
from record.store.record import Record
from tests.checker import check, check_projections
from tests.city import LI, register, rename
from tests.databases import Databases, as_owner
from tests.projections.sequences import SEQUENCES, happened, put_on_record
from tests.projections.tally import Tally, TallyLine, Touchy

FOUNDED = 10  # entries of the founding and the places


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(SEQUENCES, st.lists(st.integers(1, 20), min_size=1, max_size=5))
def test_live_tables_are_what_a_rebuild_gives_after_any_sequence_of_commands(
    databases: Databases, asked: Any, sizes: list[int]
) -> None:
    url = databases.new()
    with Record(url) as record, connect(url) as connection:
        put_on_record(record, happened(asked))
        position = 0
        while taken := advance(connection, PROJECTIONS, limit=sizes[position % len(sizes)]):
            position += taken
        assert position == record.head()
    check(url)
    rebuilt = rebuild(url, PROJECTIONS)
    assert (rebuilt.position, rebuilt.entries, rebuilt.differences) == (position, position, ())
    assert set(rebuilt.compared) == {projection.name for projection in PROJECTIONS}
    check(url)


def names(record: Record, *names: str) -> int:
    """A community registered under the first and renamed; answers with the last position."""
    id = f"community:{record.head()}"
    position = record.carry_out(id, register(names[0]), by=LI).last_position
    for name in names[1:]:
        position = record.carry_out(id, rename(name), by=LI).last_position
    return position


def standings(
    connection: Connection, projections: tuple[Projection, ...]
) -> dict[str, tuple[int, Parked | None]]:
    with connection.transaction():
        found = Generation(connection, projections).standings()
    return {name: (each.position, each.parked) for name, each in found.items()}


def all_of(connection: Connection, projections: tuple[Projection, ...], limit: int) -> None:
    while advance(connection, projections, limit=limit):
        pass


@pytest.mark.parametrize("limit", [1, 2, 3, 1_000])
def test_a_fold_is_shown_each_entry_once(
    record: Record, toy_connection: Connection, toys: tuple[Tally, Touchy], limit: int
) -> None:
    names(record, "甲", "乙", "丙")
    names(record, "丁", "戊")

    all_of(toy_connection, toys, limit)

    assert sorted(toys[0].folded) == [e.position for e in record.entries(after=FOUNDED)]
    assert set(toys[0].folded.values()) == {1}
    toys[0].folded.clear()
    rebuild(record.url, toys)
    assert set(toys[0].folded.values()) == {1}


@pytest.mark.parametrize("limit", [1, 3, 1_000])
@pytest.mark.parametrize(
    ("failing", "error"),
    [
        ("keys", "LookupError: no key can be had"),
        ("evolve", "ValueError: that cannot be folded"),
        ("write", "NotNullViolation: null value in column"),
    ],
)
def test_a_projection_that_fails_is_parked_there_and_harms_no_other(
    record: Record,
    toy_connection: Connection,
    toys: tuple[Tally, Touchy],
    failing: str,
    error: str,
    limit: int,
) -> None:
    position = names(record, "甲", "乙", failing) - 1
    head = names(record, "丙", "丁")

    all_of(toy_connection, toys, limit)

    found = standings(toy_connection, toys)
    assert found["tally"] == (head, None)
    reached, parked = found["touchy"]
    assert parked is not None
    assert (reached, parked.position) == (position, position + 1)
    assert parked.error.startswith(error)
    rows = toy_connection.execute("select name from projections.touchy_line").fetchall()
    assert rows == [("乙",)]
    if failing != "write":  # only the tables find that out
        check_projections(toy_connection, toys, record.entries(after=0))


def test_a_rebuild_parks_where_the_live_one_did_and_an_interrupted_one_stays_parked(
    record: Record, toy_connection: Connection, toys: tuple[Tally, Touchy]
) -> None:
    names(record, "甲", "write", "乙")
    all_of(toy_connection, toys, 1_000)
    before = standings(toy_connection, toys)

    assert rebuild(record.url, toys).differences == ()

    assert standings(toy_connection, toys) == before


def change(connection: Connection, position: int, what: str) -> None:
    """Change a row of the record behind its back, as only its owner can."""
    statement = f"update record.entries set {what} where notification_id = %s"
    with as_owner(connection) as owner:
        owner.execute("alter table record.entries disable trigger entries_are_kept")
        owner.execute(statement.encode(), (position,))


@pytest.mark.unchecked
@pytest.mark.parametrize("how", ["worker", "rebuild"])
@pytest.mark.parametrize(
    ("what", "touched"),
    [
        ("state = overlay(state placing 'nom' from position('name' in state) for 4)", {"touchy"}),
        (
            "topic = 'ShopOpened', state = convert_to(replace(convert_from(state, 'UTF8'),"
            " 'CommunityRenamed', 'ShopOpened'), 'UTF8')",
            {"minutes", "touchy"},
        ),
    ],
)
def test_an_entry_that_cannot_be_decoded_parks_what_it_is_meant_for_and_nothing_else(
    record: Record, connection: Connection, what: str, touched: set[str], how: str
) -> None:
    projections = (Touchy(), next(each for each in PROJECTIONS if each.name == "minutes"))
    connection.execute("drop schema projections cascade")
    prepare(connection, projections)
    position = names(record, "甲", "乙")
    change(connection, position, what)

    head = names(record, "丙", "丁")  # on another stream
    if how == "worker":
        all_of(connection, projections, 1_000)
    else:
        rebuild(record.url, projections)

    found = standings(connection, projections)
    parked = {name: each[1] for name, each in found.items() if each[1]}
    assert parked.keys() == touched
    assert {each.position for each in parked.values()} == {position}
    assert all(f"at position {position} is not a valid" in each.error for each in parked.values())
    assert {found[name][0] for name in found} <= {position - 1, head}
    rows = connection.execute("select name from projections.touchy_line").fetchall()
    assert rows == [("甲",)]


def test_when_every_projection_is_parked_nothing_advances(
    record: Record, connection: Connection
) -> None:
    connection.execute("drop schema projections cascade")
    touchy = (Touchy(),)
    prepare(connection, touchy)
    names(record, "evolve", "甲")

    assert advance(connection, touchy) == record.head()
    assert advance(connection, touchy) == 0


def test_rows_that_begin_and_end_within_one_batch_are_known_in_between(
    record: Record, toy_connection: Connection, toys: tuple[Tally, Touchy]
) -> None:
    last = names(record, "甲", "乙", "丙")
    advance(toy_connection, toys)

    known = [
        toy_connection.execute(
            "select name, namings from projections.tally_line_known(%s)", (position,)
        ).fetchall()
        for position in (last - 3, last - 2, last - 1, last, last + 5, None)
    ]

    assert known == [[], [("甲", 1)], [("乙", 2)], [("丙", 3)], [("丙", 3)], [("丙", 3)]]


def test_tables_of_another_definition_are_left_alone(
    record: Record, connection: Connection
) -> None:
    catch_up(record.url, PROJECTIONS)
    connection.execute("update projections.progress set definition = 'x'")

    with pytest.raises(OtherDefinition):
        advance(connection, PROJECTIONS)
    with pytest.raises(OtherDefinition) as told:
        catch_up(record.url, PROJECTIONS)
    assert told.value.params["names"] == sorted(each.name for each in PROJECTIONS)


def test_a_projection_that_the_tables_do_not_have_makes_them_outdated(
    connection: Connection, toys: tuple[Tally, Touchy]
) -> None:
    with connection.transaction():
        generation = Generation(connection, (*PROJECTIONS, toys[0]))
        assert generation.outdated() == ("tally",)
        assert Generation(connection, PROJECTIONS[:-1]).outdated() == (PROJECTIONS[-1].name,)
    with pytest.raises(OtherDefinition) as told:
        advance(connection, (*PROJECTIONS, toys[0]))
    assert told.value.params["names"] == ["tally"]


def test_the_tables_are_made_once_by_whoever_comes_first(record: Record) -> None:
    with connect(record.url) as first, connect(record.url) as second:
        first.execute("drop schema projections cascade")
        prepare(first, PROJECTIONS)
        prepare(second, PROJECTIONS)
        all_of(second, PROJECTIONS, 3)


class Names(Journal):
    """A line for each naming."""

    name = "tally"
    kinds = Tally.kinds
    events = Tally.events
    module_file = Tally.module_file

    def lines(self, entry: Any) -> Iterator[TallyLine]:
        yield TallyLine(f"{entry.stream}-{entry.position}", entry.event.name, 1)


def test_a_journal_only_adds_rows(record: Record, connection: Connection) -> None:
    connection.execute("drop schema projections cascade")
    journal = (Names(),)
    prepare(connection, journal)
    names(record, "甲", "乙")

    all_of(connection, journal, 1)

    rows = connection.execute("select name from projections.tally_line order by 1").fetchall()
    assert sorted(rows) == [("乙",), ("甲",)]

"""Who reads what: each table says it, and two walls keep it, either without the other."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from domain.community.identity import MoveCommunity
from domain.community.lineage import AbolishCommunity
from projections import register, timeline
from projections.all import PROJECTIONS
from projections.engine.engine import STATEMENTS, connect
from projections.engine.row import Table, table_of
from projections.engine.scope import WHOLE_CITY, Everyones, Scope
from projections.engine.view import ReadModels, View
from projections.engine.worker import catch_up
from record.store.record import Record
from tests.city import CITY, DISTRICT, LI, SUBDISTRICT, SUBDISTRICT_2
from tests.city import register as registered
from tests.databases import as_owner

TODAY = date(2024, 7, 1)
TABLES = [table_of(kind) for each in PROJECTIONS for kind in each.kinds]
OF_ONE, OF_TWO = Scope(SUBDISTRICT, TODAY), Scope(SUBDISTRICT_2, TODAY)


@pytest.fixture
def two(record: Record) -> Record:
    """A record with a community in each of two subdistricts."""
    for id, name, code, subdistrict in (
        ("a", "甲社区", "510703001001", SUBDISTRICT),
        ("b", "乙社区", "510703002001", SUBDISTRICT_2),
    ):
        command = registered(name, code, subdistrict=subdistrict)
        record.carry_out(f"community:{id}", command, by=LI)
    catch_up(record.url, PROJECTIONS)
    return record


def ids(view: View) -> list[str]:
    return [each.community for each in register.communities(view, effective=TODAY)]


def seen(models: ReadModels, scope: Scope) -> list[str]:
    """The communities that a reader is shown."""
    with models.view(scope=scope) as view:
        return ids(view)


@pytest.mark.parametrize("table", TABLES, ids=lambda each: each.name)
def test_a_table_is_everyones_for_a_reason_or_secured_like_its_ended_rows(
    database_url: str, table: Table
) -> None:
    asked = """
        select relname, relrowsecurity, exists (
            select from pg_policy where polrelid = pg_class.oid and polname = 'scope')
        from pg_class
        where relnamespace = 'projections'::regnamespace and relname in (%s, %s)
    """
    with psycopg.connect(database_url) as connection:
        found = connection.execute(asked, (table.name, table.ended)).fetchall()
    open_to_all = isinstance(table.scope, Everyones)

    assert len(found) == 2
    assert {secured for _, *secured_by in found for secured in secured_by} == {not open_to_all}
    assert not isinstance(table.scope, Everyones) or table.scope.why


def test_no_other_table_has_rows_of_a_place(database_url: str) -> None:
    asked = "select relname from pg_class where relkind = 'r' and relnamespace = %s::regnamespace"
    with psycopg.connect(database_url) as connection:
        found = {name for (name,) in connection.execute(asked, ("projections",))}

    assert found - {name for each in TABLES for name in (each.name, each.ended)} == {"progress"}


@pytest.mark.usefixtures("two")
def test_a_place_reads_what_lies_in_it_and_in_the_places_under_it(models: ReadModels) -> None:
    assert seen(models, OF_ONE) == ["a"]
    assert seen(models, OF_TWO) == ["b"]
    assert seen(models, Scope("b", TODAY)) == ["b"]
    assert seen(models, Scope(DISTRICT, TODAY)) == ["a", "b"]
    assert seen(models, WHOLE_CITY) == ["a", "b"]
    assert seen(models, Scope("nowhere", TODAY)) == []


@contextmanager
def without_first_wall(url: str) -> Iterator[None]:
    """The functions through which queries read show all rows."""
    with as_owner(url) as owner:
        owner.execute("set search_path to projections")
        for table in TABLES:
            text = STATEMENTS["versioning"].partition("create function")[2]
            statement = SQL("create or replace function" + text).format(
                table=Identifier(table.name),
                ended=Identifier(table.ended),
                known=Identifier(f"{table.name}_known"),
                columns=SQL(", ").join(map(Identifier, (*table.names, "from_position"))),
                in_scope=SQL("true"),
            )
            owner.execute(statement)
    yield


@contextmanager
def without_second_wall(url: str) -> Iterator[None]:
    """The tables show all their rows."""
    with as_owner(url) as owner:
        for table in TABLES:
            for name in (table.name, table.ended):
                statement = "alter table projections.{} disable row level security"
                owner.execute(SQL(statement).format(Identifier(name)))
    yield


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("without", [without_first_wall, without_second_wall])
def test_each_wall_holds_without_the_other(
    database_url: str, models: ReadModels, without: Callable[[str], Any]
) -> None:
    with without(database_url):
        assert seen(models, OF_ONE) == ["a"]
        with models.view(scope=OF_ONE) as view:
            assert timeline.version(view, "community:a") == 1
            assert timeline.version(view, "community:b") is None
            assert timeline.history(view, "community:b") == []
            named = {id_ for entry in timeline.entries(view, after=0) for id_ in [entry.stream]}
    assert "community:a" in named
    assert "community:b" not in named


@pytest.mark.usefixtures("two")
def test_without_either_wall_all_is_seen(database_url: str, models: ReadModels) -> None:
    with without_first_wall(database_url), without_second_wall(database_url):
        assert seen(models, OF_ONE) == ["a", "b"]


def test_a_server_that_asks_for_no_scope_sees_nothing_and_the_worker_sees_all(
    database_url: str, two: Record
) -> None:
    asked = "select count(*) from projections.community_line"
    with psycopg.connect(database_url) as server:
        server.execute("set role annals_server")
        assert server.execute(asked).fetchone() == (0,)
    with connect(two.url) as worker:
        assert worker.execute(asked).fetchone() == (2,)


def test_a_community_takes_its_past_along_when_it_moves(two: Record, models: ReadModels) -> None:
    move = MoveCommunity(subdistrict=SUBDISTRICT_2, effective_from=TODAY)
    two.carry_out("community:a", move, by=LI)
    catch_up(two.url, PROJECTIONS)

    assert seen(models, OF_ONE._replace(day=TODAY - timedelta(days=1))) == ["a"]
    assert seen(models, OF_ONE) == []
    with models.view(scope=OF_TWO) as view:
        before = register.communities(view, effective=date(2019, 1, 1))
    assert [(each.community, each.subdistrict) for each in before] == [
        ("a", SUBDISTRICT),
        ("b", SUBDISTRICT_2),
    ]


def test_what_is_over_lies_where_it_lay_last(two: Record, models: ReadModels) -> None:
    over = AbolishCommunity(effective_from=TODAY, successors=("b",))
    two.carry_out("community:a", over, by=LI)
    catch_up(two.url, PROJECTIONS)

    with models.view(scope=OF_ONE) as view:
        found = register.community(view, "a", effective=TODAY)
        told = [each.entry.name for each in timeline.history(view, "community:a")]
    assert found is not None
    assert found.status != "active"
    assert told == ["CommunityRegistered"]  # the other entry names a community out of scope


@pytest.mark.usefixtures("two")
def test_a_comparison_with_all_of_the_city_leaves_the_scope_as_it_was(models: ReadModels) -> None:
    with models.view(scope=OF_ONE) as view:
        with view.whole_city():
            assert ids(view) == ["a", "b"]
        assert ids(view) == ["a"]


@pytest.mark.usefixtures("two")
def test_what_is_kept_is_kept_for_a_scope(models: ReadModels) -> None:
    for scope, expected in ((OF_ONE, ["a"]), (OF_TWO, ["b"]), (WHOLE_CITY, ["a", "b"])):
        with models.view(scope=scope) as view:
            assert view.once("ids", partial(ids, view)) == expected


@pytest.mark.usefixtures("two")
def test_the_public_is_read_in_every_scope(models: ReadModels) -> None:
    with models.view(scope=Scope("a", TODAY)) as view:
        assert timeline.version(view, f"jurisdiction:{CITY}") == 1
        assert timeline.version(view, "record") == 1
        assert timeline.version(view, "policy") == 1

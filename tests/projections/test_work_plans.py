"""How the lists of tasks, meetings, measures, partners, honours and reviews are looked up, and what
stands behind a figure: by an index, today's never among what has ended."""

from collections.abc import Iterator
from datetime import date
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg.sql import SQL, Composed, Identifier, Literal

from projections import (
    checkins,
    councils,
    exemplars,
    grade_board,
    honours,
    measures,
    minutes,
    partnerships,
    present,
    programmes,
    review_board,
    reviews,
    reviews_on_day,
    supports,
    tasks,
)
from projections.all import PROJECTIONS
from projections.engine.row import table_of
from projections.figures import figures
from projections.figures.titles import FIGURES
from tests.databases import Databases, owned
from tests.projections.plans import OPTIONS, plan

pytestmark = pytest.mark.unchecked
DAY = date(2020, 1, 1)
ROWS = 5_000
POSTGRESQL_18 = 180_000
# What a column of such a name holds, of one table where that is named; each is one in so many, so
# that a community has a few of each.
VALUES = {
    "community": "'c' || i % 1000",
    "unit": "'u' || i % 1000",
    "person": "'p' || i % 1000",
    "round": "'r' || i % 50",
    "source_stream": "'programme:x' || i % 1000",
    "status": "'accepted'",
    "community_line.status": "'active'",
    "jurisdiction_line.status": "'active'",
    "checkin_line.status": "'present'",
    "council_kind": "'k' || i % 3",
}
NEVER = (
    "effective_until",
    "recorded_until",
    "annulled_by",
    "ended_on",
    "dissolved_on",
    "closed_on",
    "left_on",
)
BY_TYPE = {
    "text": "'x' || i",
    "date": "date '2019-01-01'",
    "boolean": "false",
    "bigint": "i",
    "integer": "i",
    "numeric": "i",
    "ARRAY": "'{}'",
}


@pytest.fixture(scope="module")
def filled(databases: Databases) -> Iterator[psycopg.Connection]:
    """So many rows in every table that the planner has a choice."""
    with psycopg.connect(owned(databases.new()), autocommit=True, options=OPTIONS) as connection:
        for kind in (kind for each in PROJECTIONS for kind in each.kinds):
            table = table_of(kind)
            connection.execute(_filling(connection, table.name, table.key[0].name))
        connection.execute("analyze")
        yield connection


def _filling(connection: psycopg.Connection, table: str, key: str) -> Composed:
    columns = connection.execute(
        "select column_name, data_type from information_schema.columns"
        " where table_schema = 'projections' and table_name = %s order by ordinal_position",
        (table,),
    ).fetchall()

    def value(name: str, type: str) -> LiteralString:
        if name in NEVER:
            return "null"
        stated = VALUES.get(f"{table}.{name}") or VALUES.get(name)
        found: Any = BY_TYPE[type] if name == key or stated is None else stated
        literal: LiteralString = found
        return literal

    values = SQL(", ").join(SQL(value(*column)) for column in columns)
    return SQL("insert into {} select {} from generate_series(1, {}) i").format(
        Identifier(table), values, Literal(ROWS)
    )


def nothing(*names: str) -> dict[str, Any]:
    return dict.fromkeys(names)


ASKED: dict[str, Any] = {
    "effective": DAY,
    "cutoff_on": DAY,
    "limit": 51,
    **nothing("after_day", "after_id", "after_first", "after_code", "after_community"),
    **nothing("kind", "status", "by_side", "overdue", "item_status", "session", "begin", "end"),
    **nothing("text", "title", "in_force", "board", "honour", "support", "after_year"),
    **nothing("jurisdiction", "year", "programme", "unsettled"),
}
TASKS = {
    **tasks.EVERY._asdict(),
    "statuses": ["accepted"],
    "due_until": date.max,
}


@pytest.mark.parametrize(
    ("statement", "narrowed", "index"),
    [
        (tasks.LIST, {**TASKS, "unit": "u7"}, "task_step_unit"),
        (tasks.LIST_NARROWED, {**TASKS, "community": "c7"}, "task_line_community"),
        (tasks.LIST_NARROWED, {**TASKS, "source_stream": "programme:x7"}, "task_line_source"),
        (tasks.SQL["one"], {"task": "x7"}, "task_step_pkey"),
        (
            councils.SQL["list"],
            {**councils.EVERY._asdict(), "community": "c7", "missed": False},
            "council_line_community",
        ),
        (
            councils.SQL["sessions"],
            {**councils.EVERY._asdict(), "council": "x7"},
            "council_session_pkey",
        ),
        (
            councils.SQL["sessions"],
            {**councils.EVERY._asdict(), "community": "c7"},
            "council_session_community",
        ),
        (
            minutes.SQL["register"],
            {"community": "c7", "district": None},
            "minutes_version_community",
        ),
        (programmes.SQL["list"], {"programme": "x7"}, "programme_line_pkey"),
        (programmes.SQL["items"], {"programme": "x7"}, "programme_item_pkey"),
        (measures.SQL["measures"], {"communities": ["c7", "c8"]}, "measure_spell_community"),
        (
            partnerships.SQL["list"],
            {**partnerships.EVERY._asdict(), "community": "c7"},
            "partnership_line_community",
        ),
        (
            partnerships.SQL["items"],
            {**partnerships.EVERY._asdict(), "partnership": "x7"},
            "partnership_item_pkey",
        ),
        (
            checkins.SQL["list"],
            {**checkins.EVERY._asdict(), "community": "c7"},
            "checkin_line_community",
        ),
        (
            checkins.SQL["items"],
            {**checkins.EVERY._asdict(), "community": "c7"},
            "checkin_item_pkey",
        ),
        (
            exemplars.SQL["list"],
            {**exemplars.EVERY._asdict(), "community": "c7"},
            "exemplar_line_community",
        ),
        (honours.SQL["titles"], {"community": "c7"}, "honour_line_community"),
        (honours.SQL["postings"], {"community": "c7"}, "board_line_community"),
        (reviews.SQL["lines"], {"round": "r7"}, "review_line_round"),
        (
            review_board.SQL["list"],
            {**review_board.EVERY._asdict(), "round": "r7", "community": None},
            "review_line_round",
        ),
        (reviews_on_day.SQL["entries"], {"round": "r7", "position": 9}, "review_line_round"),
        (grade_board.SQL["history"], {"community": "c7"}, "grade_period_pkey"),
        (
            supports.SQL["list"],
            {**supports.EVERY._asdict(), "community": "c7"},
            "support_line_community",
        ),
    ],
)
def test_a_narrowed_list_is_read_by_its_index(
    filled: psycopg.Connection, statement: LiteralString, narrowed: dict[str, Any], index: str
) -> None:
    found = plan(filled, statement, **{**ASKED, **narrowed})

    assert index in found
    assert f"Seq Scan on {index.rpartition('_')[0]}" not in found
    assert "_ended" not in found


@pytest.mark.parametrize("narrowed", [{}, {"after_day": DAY, "after_id": "x7"}])
def test_a_page_of_tasks_is_read_in_the_order_of_each_status(
    filled: psycopg.Connection, narrowed: dict[str, Any]
) -> None:
    found = plan(filled, tasks.LIST, **{**ASKED, **TASKS, **narrowed})

    assert "Index Scan using task_step_status_due_on_task_idx on task_step" in found
    assert "Index Scan using community_line_pkey" in found
    assert "Seq Scan" not in found
    if narrowed:
        assert "(status = asked.status) AND (ROW(due_on, task) > " in found


@pytest.mark.parametrize("asked", [{}, {"unit": "u7"}, {"after_day": DAY, "after_id": "x7"}])
def test_the_tasks_of_a_past_day_are_looked_up_among_the_steps_that_held_on_it(
    filled: psycopg.Connection, asked: dict[str, Any]
) -> None:
    found = plan(filled, tasks.LIST, **{**ASKED, **TASKS, **asked})

    assert "task_step_daterange_idx" in found
    assert "Seq Scan" not in found


def test_the_whole_present_of_a_community_is_read_by_indexes(filled: psycopg.Connection) -> None:
    asked: dict[str, Any] = {"community": "c7", "effective": DAY, "values": "[]"}
    found = plan(filled, present.SQL["standing"], **asked)

    whole = [line.strip() for line in found.splitlines() if "Seq Scan on" in line]
    assert [line for line in whole if "entries" not in line] == []  # of which there are none here


FIGURE: dict[str, Any] = {
    "effective": DAY,
    "limit": 51,
    "community": "c7",
    "supported": ["x7"],
    "statuses": ["accepted"],
    "outliving": ["tasks-open"],
    "quarter_from": DAY,
    "ending_until": DAY,
    "late_days": 30,
    "since": 0,
    "until": 0,
    "derived": "[]",
    **nothing("jurisdiction", "value", "after_ordered", "after_id"),
    "without_value": False,
}


@pytest.mark.parametrize(
    ("code", "index"),
    [
        ("communities", "community_line_pkey"),
        ("proposals-waiting", "proposal_step_pkey"),
        ("graded", "grade_period_pkey"),
        ("supports", "support_line_community"),
        ("councils", "council_line_community"),
        ("sessions-held", "council_session_community"),
        ("tasks-open", "task_line_community"),
        ("measures-open", "measure_spell_community"),
        ("partnerships", "partnership_line_community"),
        ("check-ins", "checkin_line_community"),
        ("exemplars", "exemplar_line_community"),
        ("households-honoured", "honour_line_community"),
        ("board-entries", "board_line_community"),
    ],
)
def test_what_a_figure_counts_in_one_community_is_read_by_its_index(
    filled: psycopg.Connection, code: str, index: str
) -> None:
    found = plan(filled, figures._listing(code), **FIGURE)

    if code == "tasks-open" and filled.info.server_version < POSTGRESQL_18:
        pytest.skip("PostgreSQL 15 looks for no single task in a union: it reads what goes on")
    assert index in found
    assert f"Seq Scan on {index.rpartition('_')[0]}" not in found
    assert "_ended" not in found


def test_no_figure_looks_among_what_has_ended_to_say_how_it_is_today(
    filled: psycopg.Connection,
) -> None:
    found = plan(filled, figures._counting(), **{**FIGURE, "community": None})

    assert "_ended" not in found
    assert len(FIGURES) > 30

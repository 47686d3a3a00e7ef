"""How the main lists are looked up: by an index, today's never among what has ended."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, LiteralString

import psycopg
import pytest

from projections import organisation, register, timeline, worklist
from projections.engine.view import ReadModels
from tests.databases import Databases, owned
from tests.projections.plans import IN_SCOPE, OPTIONS, plan

pytestmark = pytest.mark.unchecked
DAY = date(2020, 1, 1)
FILL = """
insert into community_line
    select 'c' || i, date '2018-01-01', null, 'active', '社区' || i, lpad(i::text, 12, '0'),
        's' || i % 100, null, null, null, i
    from generate_series(1, 5000) i;
insert into community_line_ended
    select community, effective_from, null, status, name, code, subdistrict, null, null, null,
        from_position - 1, from_position
    from community_line;
insert into jurisdiction_line
    select 's' || i, date '2018-01-01', null::date, 'active', 'subdistrict', '街道' || i,
        lpad(i::text, 9, '0'), 'd' || i % 10, null::text, i
    from generate_series(0, 99) i
    union all
    select 'd' || i, date '2018-01-01', null, 'active', 'district', '区' || i,
        lpad(i::text, 6, '0'), 'city', null, i
    from generate_series(0, 9) i;
insert into community_change
    select 'c' || i % 5000, 'name', date '2018-01-01', i, '"x"', i, null, i, i
    from generate_series(1, 20000) i;
insert into survey_change
    select 'c' || i % 5000, 'surveys', date '2018-01-01', i, '[]', i, null, i, i
    from generate_series(1, 20000) i;
insert into timeline_entry
    select 'community:c' || i % 5000, i, i, date '2018-01-01', null, false, '{}', i
    from generate_series(1, 20000) i;
insert into timeline_entry
    select 'council:k', i, i, date '2018-01-01' + i, null, i % 5 = 0, '{}', i
    from generate_series(20001, 30000) i;
insert into record.entries
    select 'council:k', i, 'AgendaSet', '', i, now() from generate_series(20001, 30000) i;
insert into subject_place
    select 'community:c' || i, 'c' || i, i, i from generate_series(0, 4999) i
    union all
    select 'council:k', 'c1', 0, 0;
insert into timeline_mark
    select 'council:k', i, i + 1, 'corrects', i from generate_series(20001, 30000) i;
insert into timeline_resolution
    select 'council:k', 'r' || i, i, i % 9 = 0, i from generate_series(20001, 30000) i;
analyze;
"""
LIST: dict[str, Any] = {
    "effective": DAY,
    "limit": 50,
    "after_code": None,
    "after_uncoded": False,
    "after_id": None,
    **register.EVERY._asdict(),
}


@pytest.fixture(scope="module")
def filled(databases: Databases) -> Iterator[psycopg.Connection]:
    """Rows enough that the planner has a choice, put into the tables by hand."""
    with psycopg.connect(owned(databases.new()), autocommit=True, options=OPTIONS) as connection:
        connection.execute(FILL)
        yield connection


@pytest.mark.parametrize(
    "narrowed",
    [
        {},
        {"after_code": "000000002500", "after_id": "c2500"},
        {"after_uncoded": True, "after_id": "c2500"},
        {"status": None},
    ],
)
def test_a_page_of_the_register_is_read_in_the_order_of_its_index(
    filled: psycopg.Connection, narrowed: dict[str, Any]
) -> None:
    found = plan(filled, register.SQL["list"], **{**LIST, **narrowed})

    assert "Index Scan using community_line_code_community_idx on community_line" in found
    assert "Sort" not in found
    assert "Seq Scan" not in found
    assert "_ended" not in found
    if "after_code" in narrowed:  # what comes before the page is not read
        assert "Index Cond: (ROW(code, community) >" in found


def test_one_subdistrict_s_communities_are_found_by_their_place(
    filled: psycopg.Connection,
) -> None:
    found = plan(filled, register.SQL["list"], **{**LIST, "subdistrict": "s7"})

    assert "Index Scan on community_line_subdistrict_idx" in found
    assert "_ended" not in found


@pytest.mark.parametrize(
    ("statement", "parameters", "index"),
    [
        (register.SQL["one"], {"community": "c7", "effective": DAY}, "community_line_pkey"),
        (register.SQL["periods"], {"community": "c7"}, "community_line_pkey"),
        (register.SQL["changes_of_one"], {"community": "c7"}, "community_change_pkey"),
        (register.SQL["names"], {"ids": ["c7"]}, "community_line_pkey"),
        (
            organisation.SQL["one"],
            {"jurisdiction": "s7", "effective": DAY},
            "jurisdiction_line_pkey",
        ),
        (worklist.SQL["surveyed"], {"community": "c7", "effective": DAY}, "survey_change_pkey"),
        (
            timeline.SQL["history"],
            {
                "stream": "community:c7",
                "until": None,
                "after_day": None,
                "after_position": None,
                "limit": 50,
            },
            "timeline_entry_pkey",
        ),
        (timeline.SQL["rosters"], {}, "timeline_entry_pkey"),
    ],
)
def test_one_subject_is_found_by_its_key(
    filled: psycopg.Connection, statement: LiteralString, parameters: dict[str, Any], index: str
) -> None:
    now = plan(filled, statement, **parameters)

    assert index in now
    assert f"Seq Scan on {index.removesuffix('_pkey')}" not in now
    assert "_ended" not in now
    if index == "community_line_pkey":
        assert "community_line_ended_key" in plan(filled, statement, known=2_000, **parameters)


HISTORY: dict[str, Any] = {
    "stream": "council:k",
    "until": None,
    "after_day": None,
    "after_position": None,
    "limit": 50,
}


@pytest.mark.parametrize(
    "asked", [{}, {"after_day": date(2030, 1, 1), "after_position": 25_000}, {"until": DAY}]
)
def test_a_page_of_a_long_history_is_read_in_its_order_with_what_is_shown_of_it(
    filled: psycopg.Connection, asked: dict[str, Any]
) -> None:
    found = plan(filled, timeline.SQL["history"], **{**HISTORY, **asked})

    assert re.search(r"-> {2}Limit\n +-> {2}Index Scan using timeline_entry_pkey", found)
    for index in (
        "timeline_entry_stream_effective_on_idx",  # the few that have no day of their own
        "timeline_entry_stream_version_idx",  # what follows each of them
        "entries_position",  # what is decoded
        "timeline_mark_pkey",
        "timeline_resolution_stream_version_idx",
    ):
        assert index in found
    assert "Seq Scan" not in found


def test_a_page_of_a_history_in_scope_looks_up_where_its_lines_lie(
    filled: psycopg.Connection,
) -> None:
    with psycopg.connect(owned(filled), autocommit=True, options=IN_SCOPE) as connection:
        connection.execute("set role annals_server")
        found = plan(connection, timeline.SQL["history"], **HISTORY)

    assert "subject_place_pkey" in found
    assert "Seq Scan" not in found


def test_what_was_recorded_of_late_is_found_by_its_position(filled: psycopg.Connection) -> None:
    statement = "select community, how from told_between(%(since)s, %(until)s, %(known)s)"

    found = plan(filled, statement, since=29_980, until=29_990)

    assert found.count("timeline_entry_position") == 2  # what was told, and of which community
    assert "entries_position" in found
    assert "Seq Scan on timeline_entry" not in found
    assert "Seq Scan on entries" not in found


def test_the_worklist_reads_some_communities_in_the_order_of_their_codes(
    filled: psycopg.Connection,
) -> None:
    asked = {**LIST, "after_code": "000000002500", "after_id": "c2500"}
    found = plan(filled, worklist.SQL["waiting"], **asked)

    assert "Index Cond: (ROW(code, community) >" in found
    assert "survey_change_pkey" in found
    assert "Seq Scan on community_line" not in found
    assert "Seq Scan on survey_change" not in found


def test_what_an_entry_makes_void_is_found_by_that_entry(filled: psycopg.Connection) -> None:
    found = plan(filled, timeline.SQL["made_void"], streams=["council:k"], versions=[20_002])

    assert found.count("timeline_mark_stream_by_version_idx") == 2
    assert "Seq Scan on timeline_mark" not in found


def test_a_statement_is_planned_once_for_what_is_asked_and_for_no_past(
    models: ReadModels,
) -> None:
    with models.view() as view:
        for district in (None, "d1", None, "d2", None):
            register.communities(
                view, effective=DAY, where=register.Filter(district=district), limit=50
            )
        prepared = view.connection.execute(
            "select statement, custom_plans from pg_prepared_statements"
            " where statement like '%register_on%'"
        ).fetchall()
    assert sorted("(true or district = null)" in row["statement"] for row in prepared) == [
        False,
        True,
    ]
    assert {row["custom_plans"] for row in prepared} == {0}
    with models.view(known=0) as view:
        for _ in range(4):
            register.communities(view, effective=DAY, limit=50)
        known = view.connection.execute(
            "select 1 from pg_prepared_statements where statement like '%register_on%, 0)%'"
        ).fetchall()
    assert known == []

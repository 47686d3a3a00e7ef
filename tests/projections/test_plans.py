"""How the main lists are looked up: by an index, today's never among what has ended."""

from collections.abc import Iterator
from datetime import date
from typing import Any, LiteralString

import psycopg
import pytest

from projections import organisation, register, timeline, worklist
from projections.engine.view import ReadModels

pytestmark = pytest.mark.unchecked
DAY = date(2020, 1, 1)
FILL = """
insert into community_line
    select 'c' || i, date '2018-01-01', null, 'active', '社区' || i, lpad(i::text, 12, '0'),
        's' || i % 100, null, null, null, i
    from generate_series(1, 5000) i;
insert into community_line_ended
    select community, effective_from, null, standing, name, code, subdistrict, null, null, null,
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
    select 'community:c' || i % 5000, i, i, date '2018-01-01', null, i
    from generate_series(1, 20000) i;
analyze;
"""
LIST: dict[str, Any] = {
    "effective": DAY,
    "limit": 50,
    "after_code": None,
    "after_id": None,
    **register.EVERY._asdict(),
}


@pytest.fixture(scope="module")
def filled(new_database: Any) -> Iterator[psycopg.Connection]:
    """Rows enough that the planner has a choice, put into the tables by hand."""
    options = "-c search_path=projections,record -c random_page_cost=1.1"
    with psycopg.connect(new_database(), autocommit=True, options=options) as connection:
        connection.execute(FILL)
        yield connection


def plan(
    connection: psycopg.Connection, statement: LiteralString, known: int | None = None, **more: Any
) -> str:
    rows = connection.execute(f"explain (costs off) {statement}", {**more, "known": known})
    return "\n".join(line for (line,) in rows)


@pytest.mark.parametrize(
    "narrowed",
    [
        {},
        {"after_code": "000000002500", "after_id": "c2500"},
        {"after_code": "", "after_id": "c2500"},
        {"code": "00000000"},
        {"standing": None},
    ],
)
def test_a_page_of_the_register_is_read_in_the_order_of_its_index(
    filled: psycopg.Connection, narrowed: dict[str, Any]
) -> None:
    found = plan(filled, register.SQL["list"], **{**LIST, **narrowed})

    assert "Index Scan using community_line_code on community_line" in found
    assert "Sort" not in found
    assert "Seq Scan" not in found
    assert "_ended" not in found


def test_one_subdistrict_s_communities_are_found_by_their_place(
    filled: psycopg.Connection,
) -> None:
    found = plan(filled, register.SQL["list"], **{**LIST, "subdistrict": "s7"})

    assert "Index Scan on community_line_place" in found
    assert "_ended" not in found


@pytest.mark.parametrize(
    ("statement", "parameters", "index"),
    [
        (register.SQL["one"], {"community": "c7", "effective": DAY}, "community_line_pkey"),
        (register.SQL["periods"], {"community": "c7"}, "community_line_pkey"),
        (register.SQL["changes_of_one"], {"community": "c7"}, "community_change_pkey"),
        (register.SQL["names"], {"ids": ["c7"], "days": [DAY]}, "community_line_pkey"),
        (
            organisation.SQL["one"],
            {"jurisdiction": "s7", "effective": DAY},
            "jurisdiction_line_pkey",
        ),
        (worklist.SQL["profile"], {"community": "c7", "effective": DAY}, "survey_change_pkey"),
        (
            timeline.SQL["history"],
            {
                "stream": "community:c7",
                "until": None,
                "preparing": ["RoundPlanned"],
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


def test_a_list_is_planned_for_what_is_asked_and_never_for_anything(models: ReadModels) -> None:
    with models.view() as view:
        for _ in range(8):
            register.communities(view, effective=DAY)
            register.community(view, "c7", effective=DAY)
        prepared = view.connection.execute(
            "select statement from pg_prepared_statements where statement like '%register_on%'"
        ).fetchall()
    assert [row["statement"].count("limit") for row in prepared] == [0]

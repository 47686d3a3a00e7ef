"""What the demo city's councils, programmes, measures and tasks have lived in their five years."""

from collections import Counter
from datetime import date

import pytest

from domain.kernel.policy import built_in
from projections import councils, measures, minutes, programmes, tasks
from projections.engine.view import View

pytestmark = pytest.mark.timeout(900)

POLICY = built_in()["2021"].policy
LAST_DAY = date(2025, 12, 31)
YEARS = range(2021, 2026)
TO_DO, DONE = tasks.Filter(status="to-do"), tasks.Filter(status="closed")


def test_most_councils_meet_each_quarter_and_some_miss_one(view: View) -> None:
    found = councils.owing(view, effective=LAST_DAY)

    owed = sum(len(each.due) for each in found)
    missed = sum(len(each.missed) for each in found)
    assert len(found) > 130
    assert {each.council.council_kind for each in found} == {each.code for each in POLICY.councils}
    assert owed > 2_000
    assert 0.03 < missed / owed < 0.12
    assert any(not each.missed for each in found)


def test_minutes_of_sessions_differ_and_some_were_amended(view: View) -> None:
    found = minutes.register(view, effective=LAST_DAY, limit=200)

    texts = [each.text for each in found]
    assert len(set(texts)) == len(texts)
    assert all(80 < len(text) < 1_500 for text in texts)
    assert any(each.number > 1 for each in found)


def test_tasks_are_late_on_the_last_day_and_some_that_are_done_were(view: View) -> None:
    to_do = tasks.tasks(view, POLICY, effective=LAST_DAY, where=TO_DO, limit=1_000)
    done = tasks.tasks(view, POLICY, effective=LAST_DAY, where=DONE, limit=3_000)

    assert {each.light.colour for each in to_do} >= {None, "behind", "overdue"}
    assert any(each.light.was_overdue for each in done)
    assert {each.source for each in (*to_do, *done)} >= {"resolution", "measure", "own"}


def test_the_city_has_a_programme_each_year_and_the_last_one_is_still_open(view: View) -> None:
    found = programmes.programmes(view, effective=LAST_DAY)

    of_city = {each.year: each for each in found if each.of_city}
    assert set(of_city) == set(YEARS)
    assert all(of_city[year].closed_on for year in YEARS[:-1])
    assert of_city[YEARS[-1]].closed_on is None
    bounds = POLICY.programme
    assert all(bounds.items_min <= each.items <= bounds.items_max for each in of_city.values())
    assert len({each.jurisdiction for each in found if not each.of_city}) > 3


def test_measures_are_carried_over_or_given_up_when_a_community_is_reclassified(
    view: View,
) -> None:
    found = [
        each for row in measures.matrix(view, POLICY, effective=LAST_DAY) for each in row.measures
    ]

    statuses = Counter(each.status for each in found)
    assert statuses["closed"] > statuses["under-way"] > 0
    assert any(each.carried_on for each in found)
    assert {each.ending for each in found} >= {"carried-out", "given-up"}
    assert sum(each.unsettled for each in found) < 12

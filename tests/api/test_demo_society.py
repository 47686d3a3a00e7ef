"""Who works with the demo city's communities, and who is honoured, as its five years leave it."""

from collections import Counter
from datetime import date

import pytest

from domain.kernel.policy import built_in
from projections import checkins, exemplars, honours, partnerships, register
from projections.engine.view import View

pytestmark = pytest.mark.timeout(600)

POLICY = built_in()["2021"].policy
LAST_DAY = date(2025, 12, 31)


def test_partners_work_both_ways_and_some_projects_are_late_on_the_last_day(view: View) -> None:
    hold = partnerships.Filter(in_force=True)
    found = partnerships.partnerships(view, effective=LAST_DAY, where=hold)
    items = partnerships.items(view, effective=LAST_DAY, where=hold)

    assert len(found) > 15
    assert any(each.subdistrict for each in found)
    for kind in ("need", "resource", "project", "feedback", "mutual-appraisal"):
        sides = {each.by_side for each in items if each.kind == kind}
        assert {"community", "unit"} <= sides
    projects = Counter(each.status for each in items if each.kind == "project")
    assert projects["evaluated"] > projects["claimed"] > 0
    assert projects["delivered"] > 0
    assert any(each.overdue for each in items if each.kind == "project")


def test_partners_and_members_of_a_community_that_is_no_more_go_on_with_its_heir(
    view: View,
) -> None:
    stand = {each.community for each in register.communities(view, effective=LAST_DAY)}

    holding = partnerships.partnerships(
        view, effective=LAST_DAY, where=partnerships.Filter(in_force=True)
    )
    present = checkins.check_ins(view, effective=LAST_DAY, where=checkins.Filter(status="present"))

    assert {each.community for each in holding if each.community} <= stand
    assert {each.community for each in present} <= stand
    ended = partnerships.partnerships(view, effective=LAST_DAY)
    units = {each.unit_name for each in ended if each.community and each.community not in stand}
    assert units & {each.unit_name for each in holding}


def test_most_work_units_hear_each_quarter_and_some_opinions_are_waited_for(view: View) -> None:
    span = POLICY.checkins.feedback_per
    statuses = Counter(each.status for each in checkins.feedback(view, span, effective=LAST_DAY))
    asked = checkins.items(view, effective=LAST_DAY, kind="opinion", item_status="asked")

    assert statuses["sent"] > 3 * statuses["overdue"] > 0
    assert any(each.overdue for each in asked)
    assert any(not each.overdue for each in asked)


def test_every_type_has_exemplars_and_some_nominations_wait(view: View) -> None:
    found = exemplars.exemplars(view, effective=LAST_DAY)

    designated = Counter(each.type for each in found if each.status == "designated")
    assert set(designated) == {each.code for each in POLICY.types}
    assert {each.status for each in found} == {"nominated", "designated", "declined", "withdrawn"}


def test_what_is_on_a_board_has_what_its_board_asks_for_and_some_is_waiting(view: View) -> None:
    boards = {each.code: each for each in POLICY.honours.boards}
    found = honours.postings(view, effective=LAST_DAY)

    for each in found:
        assert each.legal_basis or not boards[each.board].needs_legal_basis
        assert each.posted_until or not boards[each.board].needs_end
    assert {each.board for each in found if each.in_force} == boards.keys()
    assert {each.title for each in honours.titles(view, effective=LAST_DAY, in_force=True)} == {
        each.code for each in POLICY.honours.titles
    }

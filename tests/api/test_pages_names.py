"""A field that names a community, place, office or official is filled in with a name."""

import re

import pytest

from domain.person.registration import RegisterPerson
from domain.task.events import TaskAssigned
from domain.unit.registration import RegisterUnit
from tests.api.clerk import Clerk
from tests.api.test_pages_forms import Page, problem_of
from tests.city import CITY, acting
from tests.officials import SINCE

TYPED = {"title": "修路灯", "assigned_on": "2024-03-01", "due_on": "2024-04-01"}
PATH = "/forms/tasks.assign"


def _page(clerk: Clerk) -> Page:
    """A reviewer's browser, in a city with a water office and two 赵敏 in it."""
    page = Page(clerk, "reviewer")
    office = RegisterUnit(
        name="水务局", unit_kind="government-office", jurisdiction=CITY, effective_from=SINCE
    )
    steward = acting("steward", unit=CITY)
    clerk.record.carry_out("unit:water", office, by=steward)
    for id, distinction in (("zhao-1", "一"), ("zhao-2", "二")):
        official = RegisterPerson(
            name="赵敏", unit="water", title="科长", distinction=distinction, effective_from=SINCE
        )
        clerk.record.carry_out(f"person:{id}", official, by=steward)
    return page


def _assigned(clerk: Clerk) -> TaskAssigned:
    event = clerk.record.entries(after=0)[-1].event
    assert isinstance(event, TaskAssigned)
    return event


def test_a_name_or_its_initials_are_typed_in_place_of_an_id(clerk: Clerk, community: str) -> None:
    page = _page(clerk)
    for asked in ({"unit": "民政局", "person": "孙立"}, {"unit": "mzj", "person": "sl"}):
        sent = page.send(PATH, **TYPED, **asked, community="990102001001")

        assert sent.status_code == 303, problem_of(sent.text, "person")
        event = _assigned(clerk)
        assert (event.unit, event.person, event.community) == ("u1", "li.na", community)


@pytest.mark.usefixtures("community")
def test_a_name_that_several_bear_comes_back_with_all_of_them_to_choose(clerk: Clerk) -> None:
    page = _page(clerk)
    typed = {**TYPED, "community": "第1社区", "unit": "水务局", "person": "赵敏"}
    asked = page.send(PATH, **typed)
    radios = re.findall(r'type="radio" name="person" value="([^"]*)"', asked.text)
    first = page.send(PATH, **{**typed, "person": radios[1]}, step="preview")
    was = re.findall(r'name="(person(?:\.was)?)" value="([^"]*)"', first.text)
    sent = page.send(PATH, **{**typed, **dict(was)})

    assert asked.status_code == 422
    assert "赵敏" in problem_of(asked.text, "person")
    assert radios == ["zhao-1", "zhao-2"]
    assert 'value="修路灯"' in asked.text
    assert was == [
        ("person", "赵敏（水务局科长，二）"),
        ("person.was", "zhao-2 赵敏（水务局科长，二）"),
    ]
    assert sent.status_code == 303
    assert _assigned(clerk).person == "zhao-2"


def test_a_name_that_nobody_bears_comes_back_with_similar_ones(
    clerk: Clerk, community: str
) -> None:
    page = _page(clerk)
    asked = page.send(PATH, **TYPED, community=community, unit="水务", person="zhao-1")

    assert asked.status_code == 422
    assert "水务" in problem_of(asked.text, "unit")
    assert re.findall(r'type="radio" name="unit" value="([^"]*)"', asked.text) == ["water"]
    assert 'name="unit" value="水务"' in asked.text
    assert "zhao-1" not in re.sub(r'value="[^"]*"', "", asked.text)


def test_names_in_a_list_stand_on_lines_of_their_own(clerk: Clerk, subdistrict: str) -> None:
    one, two = (clerk.community(subdistrict, number) for number in (1, 2))
    page = Page(clerk, "arbiter")
    path = f"/forms/communities.abolish/{one}"
    typed = {"effective_from": "2024-01-01", "successors": "第2社区\n第九社区"}
    asked = page.send(path, step="preview", **typed)
    chosen = {"successors.第九社区": two}
    again = page.send(path, step="preview", **typed, **chosen)

    assert "第九社区" in problem_of(asked.text, "successors")
    assert ">第2社区（城厢街道）\n第九社区</textarea>" in asked.text
    assert 'name="successors.第九社区"' in asked.text
    assert problem_of(again.text, "successors") == ""


def test_the_registers_suggest_at_most_twenty(clerk: Clerk, subdistrict: str) -> None:
    for number in range(1, 22):
        clerk.community(subdistrict, number)
    page = _page(clerk)

    def told(register: str, q: str = "") -> list[str]:
        clerk.catch_up()
        answer = page.open(f"/choices/{register}?q={q}")
        return [each["label"] for each in answer.json()]

    assert len(told("community")) == 20
    assert told("community", "第21") == ["第21社区（城厢街道）"]
    assert told("community", "d3s") == ["第3社区（城厢街道）"]
    assert told("unit", "swj") == ["水务局（示例市）"]
    assert told("person", "赵") == ["赵敏（水务局科长，一）", "赵敏（水务局科长，二）"]
    assert told("jurisdiction", "9901020") == ["城厢街道（涪滨区）"]
    assert page.open("/choices/round").status_code == 422

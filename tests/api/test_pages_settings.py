"""The pages of settings: offices, officials, who may do what, the policy and a draft of another."""

import re
from typing import Any

import pytest

from domain.kernel.policy import built_in, edition_called
from tests.api.clerk import Clerk

PAGE = {"Accept": "text/html"}
FILE = next(each.text for each in built_in().values() if each.policy.version == "2021")


@pytest.fixture
def bureau(clerk: Clerk) -> str:
    """An office that was renamed, with an official."""
    clerk.subdistrict(clerk.found())
    (district,) = clerk.shown("/api/v1/jurisdictions?level=district")["items"]
    stated = {
        "name": "涪滨区住建局",
        "unit_kind": "government-office",
        "jurisdiction": district["jurisdiction"],
        "effective_from": "2019-03-01",
    }
    bureau = clerk.done("/api/v1/units", stated)
    renamed = {"name": "涪滨区城建局", "effective_from": "2024-07-01"}
    clerk.done(f"/api/v1/units/{bureau}/names", renamed)
    post = {"name": "李立", "unit": bureau, "title": "科长", "effective_from": "2021-03-01"}
    clerk.done("/api/v1/people", post)
    clerk.catch_up()
    return bureau


def test_an_office_is_found_by_its_initials_and_by_its_name_of_the_day(
    clerk: Clerk, bureau: str
) -> None:
    now = clerk.get("/units?q=fbqcjj", **PAGE).text
    before = clerk.get("/units?q=住建&effective=2024-06-30", **PAGE).text

    assert f'href="/units/{bureau}">涪滨区城建局</a>' in now
    assert "涪滨区住建局</a>" in before
    assert "没有符合条件的单位" in clerk.get("/units?q=住建", **PAGE).text


def test_an_office_shows_its_names_by_period_and_who_holds_a_post_in_it(
    clerk: Clerk, bureau: str
) -> None:
    text = clerk.get(f"/units/{bureau}", **PAGE).text

    assert "<strong>涪滨区住建局</strong>" in text
    assert "<strong>涪滨区城建局</strong>" in text
    assert re.search(r'class="title" href="/people/\w+">李立</a>', text)
    assert clerk.get("/units/none", **PAGE).status_code == 404


def test_an_official_shows_posts_and_grants(clerk: Clerk, bureau: str) -> None:
    listed = clerk.get("/people?q=ll", **PAGE).text
    (person,) = re.findall(r'href="(/people/\w+)">李立</a>', listed)
    text = clerk.get(person, **PAGE).text
    granted = clerk.get("/people/li.na", **PAGE).text

    assert f'href="/units/{bureau}">涪滨区城建局</a>' in text
    assert "没有职责授权" in text
    assert "市级裁定人" in granted


@pytest.mark.usefixtures("bureau")
def test_who_may_do_what_is_one_table_of_roles_and_what_they_do(clerk: Clerk) -> None:
    answer = clerk.get("/permissions", **PAGE)
    items = clerk.shown("/api/v1/policies/2021/permissions")["items"]

    assert len(answer.content) < 100_000
    for each in items:
        assert each["doing"]["zh"] in answer.text
        for apart in each["apart_from"]:
            assert apart["did"]["zh"] in answer.text
        for role in each["role_names"]:
            assert role["zh"] in answer.text


@pytest.mark.usefixtures("bureau")
def test_a_draft_is_checked_compared_and_tried_without_a_record(clerk: Clerk) -> None:
    head = clerk.record.head()
    wrong = _sent(clerk, FILE.replace('version = "2021"', 'version = "Not a slug"', 1))
    sound = _sent(clerk, FILE.replace('version = "2021"', 'version = "2024"', 1))

    assert wrong.status_code == 422
    assert "文件中的错误" in wrong.text
    assert sound.status_code == 200
    assert "版本为 2024" in sound.text
    assert "施行这份文件" in sound.text
    assert clerk.record.head() == head
    assert edition_called("2024") is None


def _sent(clerk: Clerk, text: str) -> Any:
    return clerk.client.post("/policies", files={"file": ("draft.toml", text)}, headers=PAGE)


@pytest.mark.usefixtures("bureau")
def test_the_file_of_the_policy_in_force_can_be_had(clerk: Clerk) -> None:
    text = clerk.get("/policies", **PAGE).text

    assert 'href="/api/v1/policies/2021/file"' in text
    assert "该日有效" in text
    assert clerk.get("/api/v1/policies/2021/file").text == FILE

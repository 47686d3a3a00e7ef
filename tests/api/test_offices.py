"""Offices and officials over HTTP: registered, found, and shown by their names of the day."""

import pytest

from tests.api.clerk import Clerk


@pytest.fixture
def bureau(clerk: Clerk) -> str:
    clerk.subdistrict(clerk.found())
    (district,) = clerk.shown("/api/v1/jurisdictions?level=district")["items"]
    stated = {
        "name": "涪滨区住建局",
        "unit_kind": "government-office",
        "jurisdiction": district["jurisdiction"],
        "credit_code": "11990102MB0000001P",
        "effective_from": "2019-03-01",
    }
    return clerk.done("/api/v1/units", stated)


def test_an_office_is_registered_found_and_shown_by_its_name_of_the_day(
    clerk: Clerk, bureau: str
) -> None:
    clerk.done(
        f"/api/v1/units/{bureau}/names", {"name": "涪滨区城建局", "effective_from": "2024-07-01"}
    )
    clerk.catch_up()

    for q in ("住建", "zjj", "11990102MB0000001P"):
        found = clerk.shown(f"/api/v1/units?effective=2024-06-30&q={q}")["items"]
        assert [each["unit"] for each in found] == [bureau]
    assert clerk.shown("/api/v1/units?q=住建")["items"] == []
    assert clerk.shown(f"/api/v1/units/{bureau}")["name"] == "涪滨区城建局"
    assert clerk.shown(f"/api/v1/units/{bureau}?effective=2024-06-30")["name"] == "涪滨区住建局"
    assert len(clerk.shown(f"/api/v1/units/{bureau}/periods")["items"]) == 2
    assert clerk.get("/api/v1/units/none").status_code == 404
    assert clerk.get("/api/v1/units/none/periods").status_code == 404


def test_an_official_is_told_by_name_and_office_in_both_languages(
    clerk: Clerk, bureau: str
) -> None:
    li = {"name": "李娜", "unit": bureau, "title": "科长", "effective_from": "2021-03-01"}
    person = clerk.done("/api/v1/people", li)
    clerk.done(f"/api/v1/people/{person}/departures", {"post": 2, "effective_from": "2024-07-01"})
    clerk.catch_up()

    shown = clerk.shown(f"/api/v1/people/{person}?effective=2024-06-30")
    assert (shown["name"], shown["posts"][0]["unit_name"]) == ("李娜", "涪滨区住建局")
    assert clerk.shown(f"/api/v1/people/{person}")["posts"] == []
    assert clerk.shown("/api/v1/people?q=ln")["items"] == []
    assert len(clerk.shown("/api/v1/people?q=ln&status=any")["items"]) == 1
    assert clerk.shown(f"/api/v1/people/{person}/periods")["names"][0]["effective_from"] is None
    lines = clerk.shown(f"/api/v1/people/{person}/timeline")["items"]
    assert [each["sentence"] for each in lines if "科长" in each["sentence"]["zh"]] == [
        {
            "zh": "自2021年3月1日起任涪滨区住建局科长。",
            "en": "科长 of 涪滨区住建局 from 1 March 2021.",
        },
        {
            "zh": "自2024年7月1日起不再任涪滨区住建局科长。",
            "en": "No longer 科长 of 涪滨区住建局 from 1 July 2024.",
        },
    ]
    registered = clerk.shown(f"/api/v1/units/{bureau}/timeline")["items"][0]["sentence"]["zh"]
    assert registered == (
        "登记涪滨区住建局（政府机关；所属区划：涪滨区；统一社会信用代码：11990102MB0000001P），"
        "自2019年3月1日起。"
    )
    assert clerk.get("/api/v1/people/none").status_code == 404
    assert clerk.get("/api/v1/people/none/periods").status_code == 404


def test_a_namesake_is_refused_by_the_names_of_person_and_unit(clerk: Clerk, bureau: str) -> None:
    li = {"name": "李娜", "unit": bureau, "title": "科长", "effective_from": "2021-03-01"}
    person = clerk.done("/api/v1/people", li)
    clerk.catch_up()

    refused = clerk.send("/api/v1/people", {**li, "title": "科员"})

    assert refused.status_code == 409
    assert refused.json()["code"] == "person.namesake"
    assert (
        f"涪滨区住建局（{bureau}）已有名为“李娜”的人员：李娜（{person}）"
        in refused.json()["detail"]
    )

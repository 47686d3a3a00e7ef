"""A fact that breaks a procedure is marked wherever its subject is shown: on its page, in each
timeline, in the list of such facts, and in their figure."""

from typing import Any, NamedTuple

import pytest

from domain.kernel.context import Role
from record.store.record import Record
from tests.api.clerk import Clerk
from tests.city import CITY, put_on_register

PAGE = {"Accept": "text/html"}
DESPITE = "照实补记"


class Broken(NamedTuple):
    """A command that breaks a procedure: of which code, by whom, and where its subject is."""

    code: str
    role: Role
    path: str
    body: dict[str, Any]
    page: str


def begun(clerk: Clerk, community: str) -> dict[str, str]:
    """A check-in, and a draft of a programme."""
    with Record(clerk.url) as record:
        put_on_register(record, {"unit:bureau": "城管局", "person:zhao.min": "赵敏"})
    check_in = {
        "community": community,
        "participant": "member",
        "unit": "bureau",
        "person": "zhao.min",
        "checked_in_on": "2024-01-15",
    }
    draft = {"jurisdiction": CITY, "year": 2024, "title": "工程", "drafted_on": "2024-01-08"}
    return {
        "checkin": clerk.done("/api/v1/check-ins", check_in, role="recorder"),
        "programme": clerk.done("/api/v1/programmes", draft),
    }


def broken(community: str, ids: dict[str, str]) -> list[Broken]:
    """One such fact of each subject."""
    windows = [
        {"stage": stage, "planned_from": f"2022-{n:02}-01", "planned_until": f"2022-{n + 1:02}-01"}
        for n, stage in enumerate(
            (
                "appraisal",
                "self-assessment",
                "subdistrict-review",
                "district-review",
                "city-grading",
            ),
            start=5,
        )
    ]
    plan = {
        "title": "2022年评定",
        "begins_on": "2022-05-01",
        "cutoff_on": "2022-04-30",
        "windows": windows,
    }
    asked = {
        "consulted_from": "2021-11-01",
        "consulted_until": "2021-12-31",
        "replies": 9,
        "summary": "停车难",
    }
    posting = {
        "community": community,
        "board": "black",
        "conduct": "楼道堆物",
        "legal_basis": "消防法第二十八条",
        "posted_on": "2024-05-15",
        "posted_until": "2025-06-10",
    }
    served = {"served_on": "2024-03-05", "hours": 25, "content": "清理楼道"}
    check_in, programme = (f"/{kind}/{{}}" for kind in ("check-ins", "programmes"))
    return [
        Broken("round.off-year", "arbiter", "/rounds", plan, "/rounds/{}"),
        Broken(
            "service.hours-exceed-day",
            "recorder",
            f"{check_in.format(ids['checkin'])}/services",
            served,
            f"/checkins/{ids['checkin']}",
        ),
        Broken(
            "consultation.too-early",
            "arbiter",
            f"{programme.format(ids['programme'])}/consultations",
            asked,
            f"/programmes/{ids['programme']}",
        ),
        Broken("posting.too-long", "reviewer", "/honours/postings", posting, "/honours/{}"),
    ]


@pytest.mark.usefixtures("subdistrict")
def test_a_fact_that_breaks_a_procedure_is_marked_wherever_it_is_shown(
    clerk: Clerk, community: str
) -> None:
    facts = broken(community, begun(clerk, community))
    pages = {}
    for each in facts:
        path = f"/api/v1{each.path}"
        asked = clerk.send(path, each.body, role=each.role)
        assert [one["code"] for one in asked.json()["irregular"]] == [each.code]
        id = clerk.done(path, {**each.body, "despite": DESPITE}, role=each.role)
        pages[each.code] = each.page.format(id)
    clerk.catch_up()

    for code, page in pages.items():
        assert DESPITE in clerk.get(page, **PAGE).text, (code, page)
    story = clerk.get(f"/communities/{community}", **PAGE).text
    assert DESPITE in story  # of the posting
    assert clerk.get("/audit?which=irregular", **PAGE).text.count(DESPITE) >= len(facts)
    listed = clerk.get("/api/v1/irregular-facts").json()["items"]
    marks = [mark["code"] for each in listed for mark in each["entry"]["irregular"]["codes"]]
    assert {*marks} == {*pages}

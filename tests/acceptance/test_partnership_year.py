"""A partnership's year through HTTP (三(五)1 and 2): signed, both sides give and take, appraised,
renewed; a mistake corrected; and beside it a member's check-in (三(五)3)."""

from typing import Any

import pytest

from domain.kernel.policy import built_in
from tests.api.clerk import Clerk
from tests.city import CITY

pytestmark = [pytest.mark.acceptance, pytest.mark.usefixtures("offices")]

POLICY = built_in()["2021"].policy
GOOD, FAIR, _ = (each.code for each in POLICY.partnerships.ratings)
LIBRARY = POLICY.partnerships.facilities[0].code
HONOURS = POLICY.checkins.opinions[0].code


class Partners:
    """Somebody who records what the partners do."""

    def __init__(self, clerk: Clerk, community: str) -> None:
        self.clerk = clerk
        self.id = self.clerk.done(
            "/api/v1/partnerships",
            {
                "community": community,
                "unit": "university",
                "title": "共驻共建协议",
                "signed_on": "2023-01-10",
                "effective_from": "2023-01-10",
                "effective_until": "2024-01-10",
            },
            role="recorder",
        )

    def ask(self, noun: str, person: str = "li.na", **body: Any) -> Any:
        path = f"/api/v1/partnerships/{self.id}/{noun}"
        return self.clerk.send(path, body, role="recorder", person=person)

    def happens(self, noun: str, person: str = "li.na", **body: Any) -> None:
        answer = self.ask(noun, person, **body)
        assert answer.status_code == 201, answer.text


@pytest.fixture
def partners(clerk: Clerk, community: str) -> Partners:
    return Partners(clerk, community)


def year(partners: Partners) -> None:
    partners.happens(
        "needs", need="n1", by="community", description="缺少活动场地", stated_on="2023-02-01"
    )
    partners.happens(
        "needs", need="n2", by="unit", description="周边停车难", stated_on="2023-02-03"
    )
    partners.happens("resources", by="unit", description="志愿者三十人", offered_on="2023-02-10")
    partners.happens(
        "facilities",
        facility="f1",
        facility_kind=LIBRARY,
        name="图书馆",
        effective_from="2023-03-01",
    )
    partners.happens("projects", project="x", need="n1", title="共用体育馆", listed_on="2023-02-15")
    partners.happens(
        "project-claims", project="x", by="unit", claimed_on="2023-03-01", due_on="2023-05-31"
    )
    partners.happens(
        "project-deliveries", project="x", delivered_on="2023-06-20", result="周末开放"
    )
    partners.happens("need-closings", need="n1", closed_on="2023-06-21", met=True, result="已开放")
    partners.happens("feedback", by="unit", given_on="2023-07-01", content="居民爱护场馆")
    partners.happens("feedback", by="community", given_on="2023-07-02", content="居民满意")
    partners.happens("appraisals", by="community", appraised_on="2023-12-20", rating=GOOD)
    partners.happens("appraisals", by="unit", appraised_on="2023-12-22", rating=FAIR)


def test_a_partnerships_year(clerk: Clerk, community: str, partners: Partners) -> None:
    year(partners)
    # Whoever recorded the delivery does not evaluate it; one appraisal a year from each side.
    evaluation = {"project": "x", "evaluated_on": "2023-07-10", "rating": GOOD}
    refused = partners.ask("project-evaluations", **evaluation)
    assert (refused.status_code, refused.json()["type"]) == (403, "/docs/problems/not-authorised")
    partners.happens("project-evaluations", person="wang.lei", **evaluation)
    again = partners.ask("appraisals", by="unit", appraised_on="2023-12-30", rating=GOOD)
    assert again.status_code == 409
    assert "2023-12-22" in again.json()["detail"]
    # The claim's day was copied wrongly: the project was not late after all.
    board = "/api/v1/partnership-items?kind=project&overdue=true&effective=2023-06-10"
    assert [line["item"] for line in clerk.shown(board)["items"]] == ["x"]
    known = clerk.shown(board)["position"]
    partners.happens(
        "corrections", corrects=7, changes={"due_on": "2023-06-30"}, reason="协议原件为六月底"
    )
    assert clerk.shown(board)["items"] == []
    assert [i["item"] for i in clerk.shown(f"{board}&known={known}")["items"]] == ["x"]
    # It lapses, and is renewed.
    late = partners.ask("needs", by="unit", description="新需求", stated_on="2024-02-01")
    assert late.status_code == 409
    partners.happens(
        "renewals",
        signed_on="2024-01-08",
        effective_from="2024-01-10",
        effective_until="2025-01-10",
    )
    shown = clerk.shown(f"/api/v1/partnerships/{partners.id}?effective=2023-12-31")
    assert shown["partnership"]["in_force"]
    assert shown["partnership"]["in_force_until"] == "2024-01-10"
    assert {i["kind"]: i["status"] for i in shown["items"] if i["kind"] != "need"} == {
        "resource": "offered",
        "project": "evaluated",
        "facility": "available",
        "feedback": "given",
        "mutual-appraisal": "appraised",
    }
    both_ways = {(each["kind"], each["by_side"]) for each in shown["exchanges"]}
    for kind in ("need", "feedback", "mutual-appraisal"):
        assert {(kind, "community"), (kind, "unit")} <= both_ways
    found = clerk.shown("/api/v1/partnerships?in_force=true&effective=2024-06-01")
    assert [line["partnership"] for line in found["items"]] == [partners.id]

    # The community's own history tells it all, in both languages, with the correction marked.
    lines = clerk.shown(f"/api/v1/communities/{community}/timeline?limit=200")["items"]
    sentences = [line["sentence"]["zh"] for line in lines]
    assert "2023年12月22日单位方评价对方：基本满意" in sentences
    own = clerk.shown(f"/api/v1/partnerships/{partners.id}/timeline")["items"]
    claim = next(line for line in own if line["entry"]["version"] == 7)
    assert claim["marks"][0]["how"] == "corrects"
    assert "” claimed by the unit on 1 March 2023" in claim["sentence"]["en"]


def test_a_check_in_and_the_communitys_right_to_be_heard(clerk: Clerk, community: str) -> None:
    checkin = clerk.done(
        "/api/v1/check-ins",
        {
            "community": community,
            "participant": "member",
            "unit": "city-management",
            "person": "zhao.min",
            "checked_in_on": "2023-01-20",
        },
        role="recorder",
    )
    path = f"/api/v1/check-ins/{checkin}"
    for noun, body in (
        ("pledges", {"pledge": "p", "content": "每季宣讲", "pledged_on": "2023-02-01"}),
        ("services", {"pledge": "p", "content": "宣讲", "served_on": "2023-03-05", "hours": 2}),
        ("feedback", {"sent_on": "2023-04-02", "period_from": "2023-01-01", "content": "积极"}),
    ):
        clerk.done(f"{path}/{noun}", body, role="recorder")
    due = clerk.shown("/api/v1/check-ins/feedback?effective=2023-07-03")["items"]
    assert [(line["period_from"], line["status"]) for line in due] == [
        ("2023-01-01", "sent"),
        ("2023-04-01", "overdue"),
        ("2023-07-01", "due"),
    ]

    ask = {"opinion": "o", "about": HONOURS, "subject": "年度评优", "asked_on": "2023-11-20"}
    answer = {"opinion": "o", "given_on": "2023-11-28", "stance": "supports"}
    clerk.done(f"{path}/opinion-requests", ask, role="decider", person="chen.hua")
    waiting = clerk.shown("/api/v1/check-ins/items?status=asked&effective=2023-11-21")["items"]
    assert [line["due_on"] for line in waiting] == ["2023-11-30"]
    elsewhere = clerk.place("district", "石塘区", "990103", CITY)
    for person, place in (("chen.hua", community), ("wang.lei", elsewhere)):
        by = clerk.by("recorder", person, place)
        assert clerk.send(f"{path}/opinions", answer, Authorization=by).status_code == 403
    by = clerk.by("recorder", "wang.lei", community)
    clerk.done(f"{path}/opinions", answer, Authorization=by)
    shown = clerk.shown(f"{path}?effective=2023-12-01")
    opinion = next(item for item in shown["items"] if item["kind"] == "opinion")
    assert (opinion["status"], opinion["stance"]) == ("given", "supports")

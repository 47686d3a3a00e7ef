"""Section four, item one, through HTTP: a round from planning to publication with an objection
upheld; a lagging community supported and upgraded in the next round."""

from collections.abc import Mapping
from typing import Any

import pytest

from domain.kernel.context import Role
from domain.kernel.policy import built_in
from tests.api.clerk import Clerk
from tests.city import put_on_register

pytestmark = pytest.mark.acceptance

POLICY = built_in()["2021"].policy
STAGES = [stage.code for stage in POLICY.stages]
BEST, MIDDLE, WORST = (grade.code for grade in POLICY.grades)
TYPE = POLICY.types[0].code
GOOD, _, BAD = (ballot.code for ballot in POLICY.rounds.ballots)
ITEMS = {rubric.stage: rubric.items for rubric in POLICY.rounds.rubrics}
BY_PERSON, _, MENTOR, _ = (kind.code for kind in POLICY.supports)


class Office:
    """A city whose offices carry a round out, each through its own people."""

    def __init__(self, clerk: Clerk) -> None:
        self.clerk = clerk
        self.city = clerk.found()
        self.subdistrict = clerk.subdistrict(self.city)
        place = clerk.shown(f"/api/v1/jurisdictions/{self.subdistrict}")
        self.district = place["parent"]
        self.communities = [clerk.community(self.subdistrict, n) for n in range(1, 11)]
        for community in self.communities:
            self.district_says(
                f"/communities/{community}/classifications",
                {"type": TYPE, "effective_from": "2021-03-31"},
            )

    def send(self, path: str, body: Any, role: Role, person: str, jurisdiction: str) -> Any:
        by = self.clerk.by(role, person, jurisdiction)
        return self.clerk.send(f"/api/v1{path}", body, Authorization=by)

    def says(self, path: str, body: Any, role: Role, person: str, jurisdiction: str) -> str:
        answer = self.send(path, body, role, person, jurisdiction)
        assert answer.status_code == 201, answer.text
        return str(answer.headers.get("location", "")).rpartition("/")[2]

    def city_says(self, path: str, body: Any, person: str = "arb") -> str:
        return self.says(path, body, "arbiter", person, self.city)

    def district_says(self, path: str, body: Any, person: str = "dec") -> str:
        return self.says(path, body, "decider", person, self.district)

    def plan(self, year: int) -> str:
        windows = [
            {
                "stage": stage,
                "planned_from": f"{year}-{5 + n:02}-01",
                "planned_until": f"{year}-{6 + n:02}-01",
            }
            for n, stage in enumerate(STAGES)
        ]
        body = {
            "title": f"{year}年评定",
            "begins_on": f"{year}-05-01",
            "cutoff_on": f"{year}-04-30",
            "windows": windows,
        }
        return self.city_says("/rounds", body)

    def open(self, round: str, year: int) -> None:
        body = {"opened_on": f"{year}-05-01", "communities": self.communities}
        self.city_says(f"/rounds/{round}/openings", body)

    def review(self, round: str, year: int, percents: Mapping[str, int]) -> None:
        """All stages in their order, every community through each before the next begins."""
        for n, stage in enumerate(STAGES[:-1]):
            window = {"stage": stage, "opened_on": f"{year}-{5 + n:02}-01"}
            self.city_says(f"/rounds/{round}/windows", window)
            for community, percent in percents.items():
                path = f"/rounds/{round}/reviews/{community}"
                self.act(path, n, f"{year}-{5 + n:02}-10", percent)
            closing = {"stage": stage, "closed_on": f"{year}-{5 + n:02}-28"}
            self.city_says(f"/rounds/{round}/window-closings", closing)
        window = {"stage": STAGES[-1], "opened_on": f"{year}-09-01"}
        self.city_says(f"/rounds/{round}/windows", window)

    def act(self, path: str, stage: int, day: str, percent: int) -> None:
        scored = {"scored_on": day, "items": items(STAGES[max(stage, 1)], percent)}
        match stage:
            case 0:
                self.says(f"{path}/appraisals", votes(day), "recorder", "rec", self.subdistrict)
            case 1:
                self.says(f"{path}/self-assessments", scored, "recorder", "rec", self.subdistrict)
            case 2:
                self.says(f"{path}/subdistrict-scores", scored, "reviewer", "rev", self.subdistrict)
            case 3:
                self.says(f"{path}/district-scores", scored, "decider", "dec", self.district)

    def ranking(self, round: str, **more: Any) -> list[dict[str, Any]]:
        asked = "&".join(f"{name}={value}" for name, value in more.items())
        shown = self.clerk.shown(f"/api/v1/rounds/{round}/ranking?{asked}")
        return list(shown["items"])


def votes(day: str) -> dict[str, Any]:
    return {
        "assemblies": [
            {
                "assembly": assembly.code,
                "held_on": day,
                "members": 60,
                "present": 52,
                "votes": {GOOD: 50, BAD: 2},
            }
            for assembly in POLICY.rounds.assemblies
        ]
    }


def items(stage: str, percent: int) -> list[dict[str, Any]]:
    return [
        {"item": item.code, "points": f"{item.points_max * percent / 100:.2f}", "evidence": "台账"}
        for item in ITEMS[stage]
    ]


@pytest.fixture
def office(clerk: Clerk) -> Office:
    return Office(clerk)


def test_a_round_from_planning_to_publication_with_an_objection_upheld(office: Office) -> None:
    clerk = office.clerk
    round = graded_with_everything_there(office)
    office.city_says(f"/rounds/{round}/publications", {"published_on": "2023-10-08"})
    ranked = office.ranking(round)
    assert [each["recorded_rank"] for each in ranked] == list(range(1, 11))
    assert [each["grade"] for each in ranked] == [BEST] * 3 + [MIDDLE] * 7
    fourth = ranked[3]
    ceiling = {"grade": BEST, "bound": "ceiling", "per": "type", "places": 3, "of": 10}
    assert (fourth["deserved"], fourth["quota"]) == (BEST, ceiling)
    assert sum(share["weight"] for share in fourth["stages"]) == 100
    before = clerk.shown(f"/api/v1/rounds/{round}/ranking")["position"]

    moved = upheld(office, round, fourth["community"])

    # Exactly those between its old place and its new one moved, and the record says so.
    after = office.ranking(round)
    assert not any(each["differs"] for each in after)
    assert (after[1]["community"], after[1]["decided_by"]) == (fourth["community"], [STAGES[3]])
    assert sorted(moved) == sorted(each["community"] for each in after[1:4])
    assert [each["recorded_grade"] for each in after[:4]] == [BEST] * 3 + [MIDDLE]
    history = f"/api/v1/communities/{fourth['community']}/grades"
    (grade,) = clerk.shown(history)["items"]
    assert (grade["grade"], grade["rank"], grade["effective_from"]) == (BEST, 2, "2023-10-08")
    assert grade["round_title"] == "2023年评定"
    assert grade["unit_name"] == after[1]["unit_name"]
    earlier = clerk.shown(f"{history}?known={before}")["items"]
    assert [each["grade"] for each in earlier] == [MIDDLE]
    assert clerk.shown(f"{history}?effective=2023-10-07")["items"] == []
    assert office.ranking(round, known=before)[3]["recorded_grade"] == MIDDLE
    listed = clerk.shown(f"/api/v1/grades?effective=2023-10-08&grade={BEST}")["items"]
    assert fourth["community"] in {each["community"] for each in listed}
    assert len(listed) == 3
    told = clerk.shown(f"/api/v1/communities/{fourth['community']}/timeline")["items"]
    sentences = " ".join(each["sentence"]["zh"] for each in told)
    for part in ("对2023年评定的结果提出异议", "的异议成立", "2023年评定重新排名，更正第"):
        assert part in sentences
    line = clerk.shown(f"/api/v1/rounds/{round}")["round"]
    assert (line["status"], line["communities"]) == ("closed", 10)
    for path in ("reviews", "objections", "ranking"):
        past = clerk.get(f"/api/v1/rounds/{round}/{path}?effective=2023-08-01")
        assert past.status_code == 200
    assert clerk.shown(f"/api/v1/rounds/{round}/objections?effective=2023-08-01")["items"] == []


def graded_with_everything_there(office: Office) -> str:
    """A round, graded; before that the refusal says what is missing."""
    round = office.plan(2023)
    absent = f"/api/v1/rounds/{round}/absent"
    listed = office.clerk.shown(f"{absent}?limit=9")
    (last,) = office.clerk.shown(f"{absent}?limit=9&cursor={listed['next']}")["items"]
    assert {each["community"] for each in (*listed["items"], last)} == set(office.communities)
    office.open(round, 2023)
    assert office.clerk.shown(absent)["items"] == []
    percents = {community: 96 - n for n, community in enumerate(office.communities)}
    grading = {"graded_on": "2023-09-20"}
    early = office.send(f"/rounds/{round}/gradings", grading, "arbiter", "arb", office.city)
    assert early.status_code == 409
    left_out = office.communities[0]
    office.review(round, 2023, {c: p for c, p in percents.items() if c != left_out})
    lacking = office.send(f"/rounds/{round}/gradings", grading, "arbiter", "arb", office.city)
    assert (lacking.status_code, lacking.json()["code"]) == (409, "round.cannot-be-graded")
    (reason,) = lacking.json()["params"]["reasons"]
    assert (reason["code"], reason["params"]["community"]) == ("review.stages-missing", left_out)
    for n, stage in enumerate(STAGES[:-1]):
        window = {"stage": stage, "opened_on": f"2023-{5 + n:02}-29"}
        office.city_says(f"/rounds/{round}/windows", window)
        path = f"/rounds/{round}/reviews/{left_out}"
        office.act(path, n, f"2023-{5 + n:02}-30", percents[left_out])
    asked = f"/api/v1/rounds/{round}/reviews?waits_for={STAGES[-1]}&limit=4"
    board = office.clerk.shown(asked)
    assert [len(each["stages"]) for each in board["items"]] == [4] * 4
    assert len(office.clerk.shown(f"{asked}&cursor={board['next']}")["items"]) == 4
    office.city_says(f"/rounds/{round}/gradings", grading)
    return round


def upheld(office: Office, round: str, community: str) -> list[str]:
    """The community objects, others than the graders decide, the round is ranked anew and closed;
    whom the correction moved."""
    path = f"/rounds/{round}/reviews/{community}"
    filed = {"objection": "o1", "filed_on": "2023-10-10", "grounds": "县级复评漏计得分"}
    at = office.subdistrict
    office.says(f"{path}/objections", filed, "recorder", "rec", at)
    (waiting,) = office.clerk.shown(f"/api/v1/rounds/{round}/objections")["items"]
    assert (
        waiting["community_name"] == office.clerk.shown(f"/api/v1/communities/{community}")["name"]
    )
    twice = office.send(f"{path}/objections", {**filed, "objection": "o3"}, "recorder", "rec", at)
    decision = {
        "objection": "o1",
        "outcome": "upheld",
        "decided_on": "2023-10-12",
        "reason": "经核查属实",
    }
    own = office.send(f"{path}/objection-decisions", decision, "arbiter", "arb", office.city)
    assert (twice.status_code, own.status_code) == (409, 403)
    mistaken = {**decision, "outcome": "dismissed"}
    office.city_says(f"{path}/objection-decisions", mistaken, person="zhao")
    (objection,) = office.clerk.shown(f"/api/v1{path}")["objections"]
    void = {"annuls": objection["version"], "annulled_on": "2023-10-12", "reason": "误录"}
    office.city_says(f"{path}/objection-annulments", void, person="zhao")
    office.city_says(f"{path}/objection-decisions", decision, person="zhao")
    other = {**filed, "objection": "o2", "grounds": "公示的名次有误"}
    office.says(f"{path}/objections", other, "recorder", "rec", at)
    back = {"objection": "o2", "withdrawn_on": "2023-10-12", "reason": "名次随得分更正"}
    office.says(f"{path}/objection-withdrawals", back, "recorder", "rec", at)
    close = {"closed_on": "2023-10-16"}
    waits = office.send(f"/rounds/{round}/closings", close, "arbiter", "arb", office.city)
    assert (waits.status_code, waits.json()["code"]) == (409, "round.objections-wait")
    score = office.clerk.shown(f"/api/v1{path}")["stages"][-1]
    correction = {
        "corrects": score["version"],
        "items": items(STAGES[3], 97),  # its total is then that of the second
        "corrected_on": "2023-10-13",
        "reason": "异议成立，补计得分",
    }
    office.city_says(f"{path}/score-corrections", correction, person="zhao")
    moved = [each["community"] for each in office.ranking(round) if each["differs"]]
    regrading = {"graded_on": "2023-10-14", "reason": "异议成立"}
    office.city_says(f"/rounds/{round}/regradings", regrading)
    waits = office.send(f"/rounds/{round}/closings", close, "arbiter", "arb", office.city)
    assert (waits.status_code, waits.json()["code"]) == (409, "round.objections-wait")
    corrected = office.clerk.shown(f"/api/v1{path}")["stages"][-1]["version"]
    settlement = {
        "objection": "o1",
        "corrections": [{"community": community, "version": corrected}],
        "settled_on": "2023-10-14",
        "reason": "已补计得分并重新排名",
    }
    office.city_says(f"{path}/objection-settlements", settlement)
    first, second = office.clerk.shown(f"/api/v1{path}")["objections"]
    assert (first["status"], first["corrections"][0]["version"]) == ("settled", corrected)
    assert (second["status"], second["withdrawn_for"]) == ("withdrawn", back["reason"])
    office.city_says(f"/rounds/{round}/closings", close)
    listed_page_by_page(office.clerk, f"/api/v1/rounds/{round}/objections")
    return moved


def listed_page_by_page(clerk: Clerk, objections: str) -> None:
    """Both objections, of which none waits any more."""
    assert clerk.shown(f"{objections}?unsettled=true")["items"] == []
    page = clerk.shown(f"{objections}?limit=1")
    rest = clerk.shown(f"{objections}?limit=1&cursor={page['next']}")
    assert [each["objection"] for each in (*page["items"], *rest["items"])] == ["o1", "o2"]
    assert rest["next"] is None


def test_a_lagging_community_is_supported_and_upgraded_in_the_next_round(office: Office) -> None:
    clerk, communities = office.clerk, office.communities
    best, lagging = communities[0], communities[-1]
    rounds = {}
    for year, percent in ((2023, 40), (2025, 80)):
        rounds[year] = round = office.plan(year)
        office.open(round, year)
        percents = {community: 90 - n for n, community in enumerate(communities)}
        office.review(round, year, {**percents, lagging: percent})
        office.city_says(f"/rounds/{round}/gradings", {"graded_on": f"{year}-09-20"})
        office.city_says(f"/rounds/{round}/publications", {"published_on": f"{year}-10-08"})
        office.city_says(f"/rounds/{round}/closings", {"closed_on": f"{year}-10-16"})
        if year == 2023:
            support(office, round, lagging, best)

    path = f"/rounds/{rounds[2023]}/supports/{lagging}"
    conclusion = {"next_round": rounds[2025], "concluded_on": "2025-10-20"}
    waits = office.send(f"{path}/conclusions", conclusion, "decider", "dec", office.district)
    assert (waits.status_code, "活动室选址" in waits.json()["detail"]) == (409, True)
    why = {**conclusion, "consequence": "已晋位，选址转为日常工作"}
    office.district_says(f"{path}/conclusions", why)
    open_ = clerk.shown("/api/v1/tasks?source=support-plan&effective=2025-10-20")["items"]
    assert open_ == []

    shown = clerk.shown(f"/api/v1{path}?effective=2024-05-01")
    assert shown["support"]["kinds"] == sorted([BY_PERSON, MENTOR])
    name = clerk.shown(f"/api/v1/communities/{best}")["name"]
    assert [each["mentor_name"] for each in shown["assignments"]] == [None, name]
    assert (shown["support"]["milestones"], shown["support"]["overdue"]) == (2, 1)
    figures = ("tasks", "tasks_open", "tasks_closed", "percent")
    assert [shown["support"][name] for name in figures] == [2, 1, 1, 50]
    assert [each["percent"] for each in shown["milestones"]] == [100, 0]
    assert [each["reached_on"] for each in shown["milestones"]] == ["2024-03-20", None]
    ended = clerk.shown(f"/api/v1{path}?effective=2025-10-20")["support"]
    assert (ended["outcome"], ended["grade"], ended["next_grade"]) == ("upgraded", WORST, MIDDLE)
    assert ended["kinds"] == []
    periods = clerk.shown(f"/api/v1/communities/{lagging}/grades")["items"]
    assert [(each["grade"], each["effective_until"]) for each in periods] == [
        (WORST, "2025-10-08"),
        (MIDDLE, None),
    ]
    listed = clerk.shown("/api/v1/supports?outcome=upgraded")["items"]
    assert [each["community"] for each in listed] == [lagging]
    told = clerk.shown(f"/api/v1{path}/timeline")["items"]
    assert "2025年评定由后进晋升为一般" in told[-1]["sentence"]["zh"]


def done_by_its_task(office: Office, path: str) -> None:
    """A milestone is reached when its task is closed out, by somebody who had no hand in it."""
    listed = office.clerk.shown("/api/v1/tasks?source=support-plan&effective=2024-01-10")["items"]
    (task,) = (each["task"] for each in listed if each["source_part"] == "m1")
    reached = {"milestone": "m1", "reached_on": "2024-03-20"}
    early = office.send(f"{path}/milestones", reached, "reviewer", "rev", office.subdistrict)
    assert (early.status_code, "推选议事会成员" in early.json()["detail"]) == (409, True)
    steps = (
        ("acceptances", {"accepted_on": "2024-01-15"}),
        ("reports", {"reported_on": "2024-03-10", "evidence": "名单已公示"}),
    )
    for step, body in steps:
        office.says(f"/tasks/{task}/{step}", body, "recorder", "wang", office.subdistrict)
    office.district_says(f"/tasks/{task}/closures", {"closed_on": "2024-03-18", "finding": "属实"})


def support(office: Office, round: str, lagging: str, best: str) -> None:
    """The lagging community is supported; one that does not lag behind is not."""
    path = f"/rounds/{round}/supports/{lagging}"
    begin = {"effective_from": "2023-10-20"}
    well = f"/rounds/{round}/supports/{best}"
    refused = office.send(well, begin, "decider", "dec", office.district)
    assert (refused.status_code, refused.json()["code"]) == (409, "support.grade-not-supported")
    office.district_says(path, begin)
    officials = {"person:zhang.wei": "张伟", "person:wang": "王五"}
    named = {"unit:chengxiang": "城厢街道办事处", **officials}
    put_on_register(office.clerk.record, named)
    assigned = {"kind": BY_PERSON, "effective_from": "2023-10-20", "person": "zhang.wei"}
    office.district_says(f"{path}/assignments", assigned)
    mentored = {"kind": MENTOR, "effective_from": "2023-11-01", "mentor": best}
    office.district_says(f"{path}/assignments", mentored)
    milestones = [
        {"milestone": "m1", "title": "健全居民议事会", "due_on": "2024-03-31"},
        {"milestone": "m2", "title": "补建活动室", "due_on": "2024-04-30"},
    ]
    work = {"unit": "chengxiang", "person": "wang", "due_on": "2024-03-15"}
    plan = {
        "planned_on": "2023-11-01",
        "aim": "两年内晋位升级",
        "milestones": milestones,
        "tasks": [{"milestone": "m1", "title": "推选议事会成员", **work}],
    }
    office.district_says(f"{path}/plans", plan)
    more = {
        "milestone": "m2",
        "assigned_on": "2024-01-10",
        "tasks": [{"title": "活动室选址", **work}],
    }
    office.district_says(f"{path}/tasks", more)
    done_by_its_task(office, path)
    reached = {"milestone": "m1", "reached_on": "2024-03-20"}
    office.says(f"{path}/milestones", reached, "reviewer", "rev", office.subdistrict)
    report = {"reported_on": "2024-04-01", "progress": "议事会运转正常"}
    office.says(f"{path}/reports", report, "recorder", "rec", office.subdistrict)

"""A programme's year through the doors (section four, item two), and a measure's way beside it."""

from typing import Any

import pytest

from domain.kernel.policy import built_in
from tests.api.clerk import Clerk

pytestmark = [pytest.mark.acceptance, pytest.mark.usefixtures("offices")]

POLICY = built_in()["2021"].policy
OLD, NEW = POLICY.types[2], POLICY.types[0]


def item(number: int) -> dict[str, Any]:
    return {
        "item": f"i{number}",
        "added_on": "2023-02-20",
        "title": f"事项{number}",
        "focus": POLICY.programme.focuses[0].code,
        "unit": "city-management",
        "person": "zhao",
        "due_on": "2023-11-30",
    }


def work(title: str) -> dict[str, Any]:
    return {"title": title, "unit": "city-management", "person": "zhao", "due_on": "2023-09-28"}


def carry_out(clerk: Clerk, source: str, reported: str, closed: str) -> None:
    """All open tasks of a subject, done by one and closed out by another."""
    listed = clerk.shown(f"/api/v1/tasks?source_stream={source}&effective={reported}")
    assert listed["items"]
    for task in listed["items"]:
        path = f"/api/v1/tasks/{task['task']}"
        by = {"role": "recorder", "person": "zhao"}
        clerk.done(f"{path}/acceptances", {"accepted_on": reported}, **by)
        clerk.done(f"{path}/reports", {"reported_on": reported, "evidence": "照片"}, **by)
        clerk.done(f"{path}/closures", {"closed_on": closed}, role="arbiter", person="wu")


def test_a_programmes_year(clerk: Clerk, community: str) -> None:
    city = clerk.get("/api/v1/record").json()["city"]
    draft = {
        "jurisdiction": city,
        "year": 2023,
        "title": "补短板强弱项工程",
        "drafted_on": "2023-01-10",
    }
    programme = clerk.done("/api/v1/programmes", draft, role="arbiter")
    path = f"/api/v1/programmes/{programme}"
    assert programme == f"{city}.2023"
    assert clerk.send("/api/v1/programmes", draft, role="arbiter").status_code == 409

    def adopted() -> Any:
        return clerk.send(f"{path}/adoptions", {"adopted_on": "2023-03-01"}, role="arbiter")

    def broken(answer: Any) -> list[str]:
        assert answer.json()["type"] == "/docs/problems/irregular"
        return [each["code"] for each in answer.json()["irregular"]]

    # Not two, not eight, and not without having asked widely.
    for number in (1, 2):
        clerk.done(f"{path}/items", item(number), role="arbiter")
    assert broken(adopted()) == ["programme.number-of-items", "programme.not-consulted"]
    for number in range(3, 9):
        clerk.done(f"{path}/items", item(number), role="arbiter")
    assert broken(adopted()) == ["programme.number-of-items", "programme.not-consulted"]
    for number in range(5, 9):
        drop = {"item": f"i{number}", "dropped_on": "2023-02-25", "reason": "合并到其他事项"}
        clerk.done(f"{path}/item-removals", drop, role="arbiter")
    assert broken(adopted()) == ["programme.not-consulted"]
    consult = {
        "consulted_from": "2023-01-15",
        "consulted_until": "2023-02-15",
        "replies": 1204,
        "summary": "停车、物业反映最多",
    }
    clerk.done(f"{path}/consultations", consult, role="arbiter")
    assert adopted().status_code == 201
    assert clerk.send(f"{path}/items", item(9), role="arbiter").status_code == 409

    revise = {**item(2), "title": "规范停车", "revised_on": "2023-05-10", "reason": "扩大范围"}
    del revise["added_on"]
    clerk.done(f"{path}/item-revisions", revise, role="arbiter")
    drop = {"item": "i3", "dropped_on": "2023-06-01", "reason": "已由上级统一部署"}
    for number in (1, 2, 3, 4):
        tasks = {
            "item": f"i{number}",
            "assigned_on": "2023-05-20",
            "community": community,
            "tasks": [work(f"任务{number}甲"), work(f"任务{number}乙")],
        }
        clerk.done(f"{path}/tasks", tasks, role="arbiter")
    clerk.done(f"{path}/item-removals", drop, role="arbiter")
    last = clerk.send(f"{path}/item-removals", {**drop, "item": "i4"}, role="arbiter")
    assert broken(last) == ["programme.too-few-items-left"]

    close_the_year(clerk, programme)


def close_the_year(clerk: Clerk, programme: str) -> None:
    """What stands is done, late; then the programme is closed, and looked back upon."""
    path = f"/api/v1/programmes/{programme}"
    half = clerk.shown(f"{path}?effective=2023-07-01")
    assert [each["tasks_open"] for each in half["items"][:3]] == [2, 2, 0]
    assert half["items"][2]["dropped_for"] == "已由上级统一部署"
    close = {"closed_on": "2023-12-20", "summary": "各项办结"}
    early = clerk.send(f"{path}/closures", close, role="arbiter").json()
    assert early["code"] == "programme.items-not-done"
    carry_out(clerk, f"programme:{programme}", "2023-12-01", "2023-12-04")
    clerk.done(f"{path}/closures", close, role="arbiter")

    year = clerk.shown(f"{path}?effective=2023-12-31")
    assert (year["programme"]["status"], year["programme"]["done"]) == ("closed", 3)
    assert [each["title"] for each in year["items"][:2]] == ["事项1", "规范停车"]
    assert all(each["done"] and each["light"]["was_overdue"] for each in year["items"][:2])
    (before,) = clerk.shown("/api/v1/programmes?effective=2023-02-28&year=2023")["items"]
    assert (before["status"], before["items"]) == ("draft", 4)
    (tally,) = clerk.shown("/api/v1/task-tallies?effective=2023-10-10")["items"]
    assert (tally["open"], tally["overdue"]) == (6, 6)
    told = clerk.shown(f"{path}/timeline?limit=200")["items"]
    assert any("确定示例市2023年度攻坚事项4项" in line["sentence"]["zh"] for line in told)


def test_a_measure_from_adoption_over_a_reclassification_to_its_end(
    clerk: Clerk, community: str
) -> None:
    classify = {"type": OLD.code, "effective_from": "2021-03-31"}
    clerk.done(f"/api/v1/communities/{community}/classifications", classify, role="decider")
    adopt = {"community": community, "measure": NEW.measures[0].code, "adopted_on": "2022-01-10"}
    wrong = clerk.send("/api/v1/measures", adopt, role="decider")
    assert wrong.json()["code"] == "measure.not-of-this-type"
    adopt["measure"] = OLD.measures[0].code
    measure = clerk.done("/api/v1/measures", adopt, role="decider")
    path = f"/api/v1/measures/{measure}"
    plan = {
        "planned_on": "2022-02-01",
        "plan": "两年内完成六栋住宅改造",
        "unit": "street",
        "person": "zhao",
        "due_on": "2023-12-31",
    }
    clerk.done(f"{path}/plans", plan, role="decider")
    reclassify(clerk, community, "2023-07-01")

    # Nothing goes on before it is said what becomes of it under the other type.
    tasks = {"assigned_on": "2023-07-05", "tasks": [work("改造两栋")]}
    refused = clerk.send(f"{path}/tasks", tasks, role="decider")
    assert refused.json()["code"] == "measure.of-another-type"
    (row,) = clerk.shown("/api/v1/measures?unsettled=true&effective=2023-07-05")["items"]
    assert [each["code"] for each in row["measures"]] == [OLD.measures[0].code]
    assert row["catalogue"] == [each.code for each in NEW.measures]
    carry = {"carried_on": "2023-07-05", "reason": "尚有两栋未完工"}
    clerk.done(f"{path}/carryings-over", carry, role="decider")
    clerk.done(f"{path}/tasks", tasks, role="decider")
    carry_out(clerk, f"measure:{measure}", "2023-09-01", "2023-09-04")
    close = {"closed_on": "2023-09-05", "ending": "carried-out", "reason": "六栋均已完工"}
    clerk.done(f"{path}/closures", close, role="decider")

    assert clerk.shown("/api/v1/measures?unsettled=true")["items"] == []
    found = clerk.shown(path)
    assert [carry["reason"] for carry in found["carries"]] == ["尚有两栋未完工"]
    assert [spell["ending"] for spell in found["spells"]] == ["carried-out"]
    (row,) = clerk.shown(f"/api/v1/measures?community={community}&effective=2023-08-01")["items"]
    assert (row["measures"][0]["status"], row["measures"][0]["unsettled"]) == ("under-way", False)


def reclassify(clerk: Clerk, community: str, day: str) -> None:
    """The community becomes of another type."""
    path = f"/api/v1/communities/{community}"
    propose = {
        "proposal": "p1",
        "type": NEW.code,
        "effective_from": day,
        "reason": "改造完成",
        "origin": "community",
    }
    clerk.done(f"{path}/reclassifications", propose, role="recorder", person="wang")
    path = f"{path}/reclassifications"
    clerk.done(f"{path}/endorsements", {"proposal": "p1"}, role="reviewer", person="wu")
    approve = {"proposal": "p1", "effective_from": day}
    clerk.done(f"{path}/approvals", approve, role="decider", person="li")

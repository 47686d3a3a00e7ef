"""The dashboard over HTTP: each figure leads to its list, and milestones say how they stand."""

from datetime import date, timedelta
from typing import Any

from projections.figures.titles import FIGURES
from tests.api.clerk import Clerk


def figures(clerk: Clerk, **asked: str) -> dict[str, Any]:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    shown = clerk.shown(f"/api/v1/dashboard?{query}")
    return {each["code"]: each for each in shown["figures"]}


def test_every_figure_leads_to_the_list_behind_it(clerk: Clerk, subdistrict: str) -> None:
    communities = [clerk.community(subdistrict, number) for number in (1, 2, 3)]
    type = {"type": "old-courtyard", "effective_from": "2021-03-01"}
    clerk.done(f"/api/v1/communities/{communities[0]}/classifications", type, role="decider")
    found = figures(clerk, jurisdiction=subdistrict)

    assert list(found) == list(FIGURES)
    assert found["communities"]["count"] == 3
    one, none = found["communities"]["groups"]
    assert (one["value"], one["title"]["zh"], one["count"]) == ("old-courtyard", "老旧院落型", 1)
    assert (none["value"], none["title"]["zh"], none["count"]) == (None, "未定", 2)
    clerk.community(subdistrict, 4)
    for figure in found.values():
        assert len(clerk.shown(figure["href"])["items"]) == figure["count"]
        for group in figure["groups"]:
            assert len(clerk.shown(group["href"])["items"]) == group["count"]
    assert figures(clerk, jurisdiction=subdistrict)["communities"]["count"] == 4


def test_a_list_is_narrowed_and_goes_on_page_by_page(clerk: Clerk, subdistrict: str) -> None:
    communities = [clerk.community(subdistrict, number) for number in (1, 2, 3)]
    place = clerk.get("/api/v1/record").json()["city"]
    listed, address = [], f"/api/v1/dashboard/unclassified?limit=2&jurisdiction={place}"
    first = clerk.shown(address)
    second = clerk.shown(f"{address}&cursor={first['next']}")
    listed = [each["community"] for each in (*first["items"], *second["items"])]
    (alone,) = clerk.shown(f"/api/v1/dashboard/unclassified?community={communities[1]}")["items"]

    assert listed == communities
    assert second["next"] is None
    assert alone["subject"] == f"community:{communities[1]}"
    assert alone["title"] == {"zh": "第2社区", "en": "第2社区"}
    assert (alone["subdistrict"], alone["subdistrict_name"]) == (subdistrict, "城厢街道")
    assert alone["district_name"] == "涪滨区"
    assert figures(clerk, community=communities[1])["communities"]["count"] == 1
    assert figures(clerk, effective="2021-01-01")["communities"]["count"] == 3
    assert clerk.shown("/api/v1/dashboard/communities?value=old-courtyard")["items"] == []


def test_a_line_is_titled_in_words_where_it_has_no_title_of_its_own(
    clerk: Clerk, subdistrict: str
) -> None:
    community = clerk.community(subdistrict)
    type = {"type": "old-courtyard", "effective_from": "2021-03-01"}
    clerk.done(f"/api/v1/communities/{community}/classifications", type, role="decider")
    measure = {
        "community": community,
        "measure": "organic-renewal",
        "adopted_on": "2022-03-01",
    }
    clerk.done("/api/v1/measures", measure, role="decider")
    (pursued,) = clerk.shown("/api/v1/dashboard/measures-open")["items"]
    figure = clerk.shown("/api/v1/dashboard/recorded-late?limit=200")
    late = figure["items"]
    begin = date.fromisoformat(figure["effective"]) - timedelta(days=90)
    listed = clerk.shown(f"/api/v1/late-entries?limit=200&days=30&begin={begin}")["items"]

    assert [each["position"] for each in late] == [each["entry"]["position"] for each in listed]
    assert pursued["title"]["zh"] == "推进社区有机更新"
    told = {each["title"]["zh"] for each in late}
    assert "自2021年3月1日起划为老旧院落型社区。" in told
    assert all(each["title"]["en"] for each in late)


def test_a_figure_of_lights_says_when_they_shine_by_the_policy(
    clerk: Clerk, subdistrict: str
) -> None:
    clerk.community(subdistrict)
    found = figures(clerk)

    assert found["tasks-near"]["meaning"]["zh"] == "距完成时限不超过 5 个工作日，且不滞后"
    assert "30" in found["tasks-behind"]["meaning"]["zh"]
    assert found["communities"]["meaning"] is None
    assert found["communities"]["noun"]["en"] == "community"
    assert found["exemplars"]["noun"]["en"] == "exemplars"


def test_what_the_dashboard_cannot_say_is_refused_with_what_to_do(
    clerk: Clerk, subdistrict: str
) -> None:
    clerk.community(subdistrict)
    clerk.catch_up()
    unknown = clerk.get("/api/v1/dashboard/happiness")
    without_policy = clerk.get("/api/v1/dashboard?effective=2019-01-01")

    for nowhere in ("jurisdiction=nowhere", "community=nobody"):
        assert clerk.get(f"/api/v1/dashboard?{nowhere}").status_code == 404
        assert clerk.get(f"/api/v1/dashboard/unclassified?{nowhere}").status_code == 404
    either = "value=old-courtyard&without_value=true"
    both = clerk.get(f"/api/v1/dashboard/communities?{either}")
    assert (both.status_code, both.json()["code"]) == (422, "parameter.value-and-none")
    assert unknown.status_code == 404
    assert unknown.json()["code"] == "read.no-figure"
    assert without_policy.status_code == 409


def test_what_a_policy_tells_is_asked_of_a_day_on_which_one_was_in_force(
    clerk: Clerk, subdistrict: str
) -> None:
    clerk.community(subdistrict)
    clerk.catch_up()
    told = ("dashboard", "milestones", "tasks", "task-tallies", "inboxes/u1", "measures")
    for path in (*told, "council-gaps", "check-ins/feedback", "worklist"):
        early = clerk.get(f"/api/v1/{path}?effective=2019-01-01")
        unknown = clerk.get(f"/api/v1/{path}?known=0")
        assert (early.status_code, unknown.status_code) == (409, 409), path
        assert early.json()["code"] == "read.no-policy-yet", path
        assert early.json()["params"] == {"day": "2019-01-01", "since": "2021-01-01"}, path
        assert unknown.json()["code"] == "read.no-policy-known", path
        assert clerk.get(f"/api/v1/{path}?effective=2021-01-01").status_code == 200
    clerk.done(
        "/api/v1/policies/repeals",
        {"policy": "2021", "effective_until": "2024-01-01", "reason": "废止"},
    )
    clerk.catch_up()  # the policy in force belongs to the picture, as everything that is shown
    repealed = clerk.get("/api/v1/tasks?effective=2024-06-01").json()
    assert repealed["code"] == "read.no-policy-any-more"
    assert repealed["params"]["until"] == "2024-01-01"


def test_milestones_say_what_the_document_sets_and_what_is_recorded(
    clerk: Clerk, subdistrict: str
) -> None:
    community = clerk.community(subdistrict)
    late = {"type": "old-courtyard", "effective_from": "2021-04-10"}
    clerk.done(f"/api/v1/communities/{community}/classifications", late, role="decider")
    shown = clerk.shown("/api/v1/milestones?effective=2021-04-12")
    before = clerk.shown("/api/v1/milestones?effective=2021-04-01")

    first = shown["items"][0]
    assert (first["section"], first["due_on"]) == ("一(三)、四(一)", "2021-03-31")
    assert (first["status"], first["status_title"]["zh"]) == ("reached-late", "逾期达成")
    assert (first["reached_on"], first["days_late"]) == ("2021-04-10", 10)
    (found,) = first["found"]
    assert found.pop("rests_on")["zh"]
    assert found.pop("cannot_know")["zh"]
    assert [found] == [
        {
            "evidence": "classified",
            "title": {"zh": "已划分类型的城市社区", "en": "urban communities classified"},
            "done": 1,
            "of": 1,
            "reached_on": "2021-04-10",
            "districts": [
                {
                    "district": first["found"][0]["districts"][0]["district"],
                    "district_name": "涪滨区",
                    "done": 1,
                    "of": 1,
                    "reached_on": "2021-04-10",
                    "recorded_in_time": None,
                }
            ],
        }
    ]
    assert (before["items"][0]["status"], before["items"][0]["days_late"]) == ("missed", 1)
    due = [each["due_on"] for each in shown["items"]]
    assert due == sorted(due)
    assert shown["policy"] == "2021"

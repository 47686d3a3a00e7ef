"""Reads answer for any day, as known at any moment, page by page, at a position they name."""

import asyncio
from datetime import date, datetime
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from api.http.openapi import kept
from projections.engine import view
from record.store.record import CHINA
from tests.api.clerk import ADDRESS, Clerk
from tests.city import CITY, acting
from tests.domain.rounds import PLAN, ROUND

# A part of a text, or of another parameter's subject.
FREE = {"name", "q", "text", "unit_name", "source_part", "file_name"}
DECIDER = {"role": "decider"}


@pytest.fixture
def renamed(clerk: Clerk, community: str) -> tuple[str, int]:
    """A renamed community, and the position before its renaming."""
    before = clerk.get("/api/v1/record").json()["head"]
    clerk.done(
        f"/api/v1/communities/{community}/names",
        {"name": "钟楼社区", "effective_from": "2024-07-01"},
    )
    clerk.catch_up()
    return community, before


def test_a_community_is_shown_as_it_held_on_a_day(clerk: Clerk, renamed: tuple[str, int]) -> None:
    path = f"/api/v1/communities/{renamed[0]}"

    assert clerk.shown(f"{path}?effective=2020-01-01")["name"] == "第1社区"
    assert clerk.shown(f"{path}?effective=2024-07-01")["name"] == "钟楼社区"
    assert clerk.shown(f"{path}?effective=")["name"] == "钟楼社区"
    assert clerk.get(f"{path}?effective=2017-12-31").status_code == 404


def test_a_community_is_shown_as_it_was_known(clerk: Clerk, renamed: tuple[str, int]) -> None:
    community, before = renamed
    at = datetime.fromisoformat(clerk.get(f"/api/v1/entries/{before}").json()["recorded_at"])
    day = at.astimezone(CHINA).date().isoformat()

    for known, name in ((str(before), "第1社区"), ("2100-01-01", "钟楼社区"), (day, "钟楼社区")):
        answer = clerk.shown(f"/api/v1/communities/{community}?known={known}")
        assert answer["name"] == name
    assert clerk.get(f"/api/v1/communities/{community}?known=1999-01-01").status_code == 404


def test_an_instant_is_known_up_to_itself(clerk: Clerk, renamed: tuple[str, int]) -> None:
    community, before = renamed
    instant = clerk.get(f"/api/v1/entries/{before}").json()["recorded_at"].replace("Z", "+00:00")
    answer = clerk.get(f"/api/v1/communities/{community}?known={instant}")

    assert answer.json()["name"] == "第1社区"
    assert answer.headers["annals-position"] == str(before)


def test_an_answer_asked_again_at_its_position_is_the_same(clerk: Clerk, community: str) -> None:
    clerk.catch_up()
    for number, path in enumerate(
        (
            "/api/v1/communities",
            f"/api/v1/communities/{community}",
            f"/api/v1/communities/{community}/periods",
            f"/api/v1/communities/{community}/reasons",
            f"/api/v1/communities/{community}/timeline",
            f"/api/v1/communities/{community}/assessment",
            "/api/v1/jurisdictions",
            "/api/v1/worklist",
            "/api/v1/statistics/communities",
        )
    ):
        first = clerk.get(path)
        clerk.done(
            f"/api/v1/communities/{community}/names",
            {"name": f"社区{number}", "effective_from": "2019-01-01"},
        )
        clerk.catch_up()
        again = clerk.get(f"{path}?known={first.headers['annals-position']}")

        assert first.status_code == 200
        assert again.content == first.content


def test_the_etag_of_a_read_serves_the_next_command(clerk: Clerk, renamed: tuple[str, int]) -> None:
    path = f"/api/v1/communities/{renamed[0]}"
    tag = clerk.get(path).headers["etag"]
    boundary = {"description": "东至警钟街", "effective_from": "2024-07-01"}

    assert clerk.send(f"{path}/boundaries", boundary, If_Match=tag).status_code == 201
    again = {**boundary, "description": "东至剑南路"}
    assert clerk.send(f"{path}/boundaries", again, If_Match=tag).status_code == 412


def test_reads_that_wait_for_a_position_leave_the_others_their_threads(
    app: FastAPI, clerk: Clerk, community: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "WAIT_SECONDS_MAX", 300.0)
    clerk.catch_up()
    name = {"name": "钟楼社区", "effective_from": "2024-07-01"}
    clerk.done(f"/api/v1/communities/{community}/names", name)
    head = clerk.get("/api/v1/status").json()["head"]
    path = f"/api/v1/communities/{community}"

    async def read() -> list[Any]:
        door = AsyncClient(
            transport=ASGITransport(app), base_url=ADDRESS, cookies=clerk.client.cookies
        )
        async with door:
            waits = [
                asyncio.ensure_future(door.get(f"{path}?{which}={head}"))
                for which in ("after_position", "known")
                for _ in range(50)
            ]
            others = [(await door.get(where)).status_code for where in (path, "/health/ready")]
            assert (others, [each for each in waits if each.done()]) == ([200, 200], [])
            await asyncio.to_thread(clerk.catch_up)
            return await asyncio.gather(*waits)

    answers = asyncio.run(read())

    assert {(each.status_code, each.json()["name"]) for each in answers} == {(200, "钟楼社区")}


def test_a_read_waits_for_a_position_and_then_gives_up(clerk: Clerk, community: str) -> None:
    clerk.catch_up()
    receipt = clerk.send(
        f"/api/v1/communities/{community}/names",
        {"name": "钟楼社区", "effective_from": "2024-07-01"},
    )
    path, position = f"/api/v1/communities/{community}", receipt.headers["annals-position"]
    late = clerk.get(f"{path}?after_position={position}", Accept_Language="en")

    assert late.status_code == 503
    assert late.json()["code"] == "read.not-yet-shown"
    assert late.json()["params"]["asked"] == int(position)
    assert late.headers["retry-after"] == "1"
    clerk.catch_up()
    assert (
        clerk.client.get(path, headers={"Annals-Position": position}).json()["name"] == "钟楼社区"
    )


UNUSABLE = {
    "parameter.not-recorded": ("after_position=9999", "known=9999"),
    "parameter.no-moment": ("known=yesterday", "known=2024-12-31T18:00:00", "known=9999-12-31"),
    "parameter.too-far-ahead": ("effective=9999-12-31",),
    "parameter.foreign-cursor": ("cursor=zz", "cursor=WzEsMl0", "cursor=bnVsbA"),
    "parameter.unsound": ("name=%00",),
    "request.malformed": (
        *("effective=2024-02-30", "limit=0", "limit=201", "code=x", "type=A"),
        *("status=gone", "after_position=-1"),
    ),
}


@pytest.mark.usefixtures("community")
def test_a_parameter_that_cannot_be_used_is_named(clerk: Clerk) -> None:
    clerk.catch_up()
    for code, query in ((code, query) for code, all in UNUSABLE.items() for query in all):
        answer = clerk.get(f"/api/v1/communities?{query}")

        assert (answer.status_code, answer.json()["code"]) == (422, code), query
        assert answer.json()["errors"][0]["parameter"] == query.partition("=")[0]


def test_a_parameter_that_an_address_does_not_take_is_refused(clerk: Clerk, community: str) -> None:
    misspelt = clerk.get(f"/api/v1/communities/{community}?efective=2020-01-01")
    elsewhere = clerk.get("/api/v1/entries?known=5", **{"Accept-Language": "en"})
    nowhere = clerk.get("/api/v1/record?known=5")

    assert (nowhere.status_code, nowhere.json()["code"]) == (422, "parameter.none-taken")
    assert (misspelt.status_code, elsewhere.status_code) == (422, 422)
    assert misspelt.json()["errors"][0]["parameter"] == "efective"
    assert elsewhere.json()["code"] == "parameter.unknown"
    assert elsewhere.json()["params"]["parameter"] == "known"
    assert {"after", "caused_by", "limit"} < {*elsewhere.json()["params"]["known"]}


def test_a_plus_that_nobody_escaped_is_understood(clerk: Clerk, community: str) -> None:
    clerk.catch_up()

    path = f"/api/v1/communities/{community}?known=2100-01-01T00:00:00+08:00"
    assert clerk.get(path).status_code == 200


def test_a_list_is_read_page_by_page(clerk: Clerk, subdistrict: str) -> None:
    ids = [clerk.community(subdistrict, number) for number in range(1, 6)]
    ids.append(clerk.community(subdistrict, 6, code=None, name="无代码社区"))
    clerk.catch_up()
    path: str | None = "/api/v1/communities?limit=2&name=社区"
    seen = []
    while path:
        answer = clerk.get(path)
        seen += [line["community"] for line in answer.json()["items"]]
        link = answer.headers.get("link")
        assert (link is None) == (answer.json()["next"] is None)
        path = link and link.partition("<")[2].partition(">")[0]

    assert sorted(seen) == sorted(ids)
    assert seen[0] == ids[-1]


def test_a_list_is_narrowed(clerk: Clerk, subdistrict: str) -> None:
    first, second = (clerk.community(subdistrict, number) for number in (1, 2))
    clerk.done(f"/api/v1/communities/{second}/abolitions", {"effective_from": "2020-01-01"})
    clerk.done(
        f"/api/v1/communities/{first}/classifications",
        {"type": "old-courtyard", "effective_from": "2021-03-31"},
        **DECIDER,
    )

    def found(query: str) -> list[str]:
        items = clerk.shown(f"/api/v1/communities?{query}")["items"]
        return [item["community"] for item in items]

    assert found("") == found("type=old-courtyard") == [first]
    assert found(f"subdistrict={subdistrict}&status=any") == [first, second]
    assert found("code=990102001002&status=abolished") == [second]
    assert found("unclassified=true&effective=2020-06-01") == [first]
    assert found("name=第2&effective=2019-01-01") == [second]


def test_a_filter_by_what_does_not_exist_is_refused_everywhere(
    clerk: Clerk, subdistrict: str
) -> None:
    clerk.community(subdistrict)
    clerk.client.app.state.record.carry_out(ROUND, PLAN, by=acting("arbiter", "arb", CITY))  # type: ignore[attr-defined]
    clerk.catch_up()
    places = {"{round}": "r", "{figure}": "communities", "{unit}": "u1"}
    answers = {}
    for path, methods in kept()["paths"].items():
        for each in methods.get("get", {}).get("parameters", ()):
            if each.get("in") == "query" and each["name"] not in FREE:
                for name, value in places.items():
                    path = path.replace(name, value)
                answers[path, each["name"]] = clerk.get(f"{path}?{each['name']}=nosuch")

    assert {asked for asked, answer in answers.items() if answer.status_code < 400} == set()
    assert {answer.json()["code"] for answer in answers.values()} == {
        *("request.malformed", "read.not-there", "parameter.foreign-cursor"),
        *("parameter.no-moment", "parameter.no-such-event", "parameter.unknown-value"),
        "operation-log.for-auditors",
    }
    for asked in ("entries?stream=community:nosuch", "entries?stream=task:nosuch"):
        assert clerk.get(f"/api/v1/{asked}").json()["code"] == "read.not-there"
    for asked in ("communities?type=old", "grades?grade=best", "dashboard/communities?value=old"):
        answer = clerk.get(f"/api/v1/{asked}")
        assert (answer.status_code, answer.json()["code"]) == (422, "parameter.unknown-value")


def test_a_timeline_is_told_in_both_languages(clerk: Clerk, community: str) -> None:
    path = f"/api/v1/communities/{community}"
    wrong = {"type": "old-courtyard", "effective_from": "2021-03-31"}
    clerk.done(f"{path}/classifications", wrong, **DECIDER)
    clerk.done(
        f"{path}/classification-corrections",
        {"corrects": 2, "reason": "选错", **wrong, "type": "commercial-housing"},
        **DECIDER,
    )
    lines = clerk.shown(f"{path}/timeline")["items"]

    assert [line["entry"]["version"] for line in lines] == [1, 2, 3]
    assert "老旧院落型" in lines[1]["sentence"]["zh"]
    assert "31 March 2021" in lines[1]["sentence"]["en"]
    assert lines[1]["marks"] == [{"how": "corrects", "by_version": 3}]
    assert len(clerk.shown(f"{path}/timeline?effective=2020-01-01")["items"]) == 1
    second = clerk.get(clerk.get(f"{path}/timeline?limit=1").headers["link"][1:].partition(">")[0])
    assert second.json()["items"] == lines[1:2]


def test_what_was_recorded_late_or_corrects_is_listed_for_any_period_and_lag(
    clerk: Clerk, community: str
) -> None:
    path = f"/api/v1/communities/{community}"
    right = {"name": "钟楼社区", "effective_from": "2018-01-01"}
    clerk.done(f"{path}/name-corrections", {"corrects": 1, "reason": "录错", **right}, **DECIDER)
    (correction,) = clerk.shown("/api/v1/corrections")["items"]
    late = clerk.shown("/api/v1/late-entries?days=3000")["items"]
    recorded_on = date.fromisoformat(correction["recorded_on"])

    assert (correction["how"], correction["of_version"]) == ("corrects", 1)
    assert correction["community_name"] == "钟楼社区"
    assert correction["entry"]["actor"]["person"] == "li.na"
    assert correction in late
    assert {(recorded_on - date.fromisoformat(each["effective_on"])).days for each in late} == {
        each["days_late"] for each in late
    }
    lag = max(each["days_late"] for each in late)
    assert clerk.shown(f"/api/v1/late-entries?days={lag}")["items"] == []
    of_lag = "/api/v1/corrections?days="
    assert clerk.shown(f"{of_lag}{correction['days_late'] - 1}")["items"] == [correction]
    assert clerk.shown(f"{of_lag}{correction['days_late']}")["items"] == []
    assert clerk.shown("/api/v1/corrections?end=2020-01-01")["items"] == []
    assert clerk.shown(f"/api/v1/corrections?begin={recorded_on}")["items"] == [correction]
    first = clerk.get("/api/v1/late-entries?days=3000&limit=1")
    second = clerk.get(first.headers["link"][1:].partition(">")[0])
    assert first.json()["items"] + second.json()["items"] == late[:2]


def test_a_value_leads_to_the_entry_behind_it(clerk: Clerk, renamed: tuple[str, int]) -> None:
    reasons = clerk.shown(f"/api/v1/communities/{renamed[0]}/reasons")["items"]
    (name,) = (reason for reason in reasons if reason["attribute"] == "name")
    entry = clerk.get(f"/api/v1/entries/{name['position']}").json()

    assert entry["event"] == "CommunityRenamed"
    assert entry["body"]["name"] == name["value"] == "钟楼社区"


def test_periods_touch_without_gaps(clerk: Clerk, renamed: tuple[str, int]) -> None:
    first, second = clerk.shown(f"/api/v1/communities/{renamed[0]}/periods")["items"]

    assert first["effective_until"] == second["effective_from"] == "2024-07-01"


def test_a_proposal_waits_in_the_worklist_until_it_is_decided(clerk: Clerk, community: str) -> None:
    path = f"/api/v1/communities/{community}"
    survey: dict[str, Any] = {
        "surveyed_on": "2024-05-20",
        "indicators": {"dwellings": 2400, "commercial-dwellings": "62.5"},
        "source": "入户调查",
    }
    clerk.done(
        f"{path}/classifications",
        {"type": "old-courtyard", "effective_from": "2021-03-31"},
        **DECIDER,
    )
    clerk.done(f"{path}/surveys", survey, role="recorder")
    proposed = {
        "type": "commercial-housing",
        "effective_from": "2024-07-01",
        "reason": "改造完成",
        "origin": "community",
    }
    clerk.done(f"{path}/reclassifications", proposed, role="recorder", person="a")
    (waiting,) = clerk.shown("/api/v1/worklist")["items"]
    proposal = waiting["proposal"]["proposal"]
    assert waiting["suggested"] == "commercial-housing"
    assert waiting["differs"]

    step = f"{path}/reclassifications"
    clerk.done(f"{step}/endorsements", {"proposal": proposal}, role="reviewer", person="b")
    approved = {"proposal": proposal, "effective_from": "2024-08-01"}
    clerk.done(f"{step}/approvals", approved, role="decider", person="c")

    assert clerk.shown("/api/v1/worklist")["items"] == []
    (line,) = clerk.shown(f"{path}/reclassifications")["items"]
    assert line["status"] == "approved"
    assert clerk.shown(f"{path}/reclassifications?effective=2024-01-01")["items"] == []
    assessment = clerk.shown(f"{path}/assessment")
    assert assessment["recorded"] == assessment["ranking"][0]["type"] == "commercial-housing"
    assert assessment["indicators"] == {"dwellings": 2400, "commercial-dwellings": "62.5"}


def test_counts_agree_with_the_list(clerk: Clerk, subdistrict: str) -> None:
    for number in (1, 2, 3):
        clerk.community(subdistrict, number)
    counts = clerk.shown("/api/v1/statistics/communities")

    assert counts["communities"] == len(clerk.shown("/api/v1/communities")["items"]) == 3
    assert counts["items"][0]["district_name"] == "涪滨区"


def test_the_tree_is_read_by_level_and_parent(clerk: Clerk, subdistrict: str) -> None:
    (found,) = clerk.shown("/api/v1/jurisdictions?level=subdistrict")["items"]

    assert found["jurisdiction"] == subdistrict
    assert found["parent_name"] == "涪滨区"
    by_parent = clerk.shown(f"/api/v1/jurisdictions?parent={found['parent']}")["items"]
    assert by_parent == [found]
    assert clerk.shown(f"/api/v1/jurisdictions/{subdistrict}") == found
    assert len(clerk.shown(f"/api/v1/jurisdictions/{subdistrict}/periods")["items"]) == 1
    assert len(clerk.shown(f"/api/v1/jurisdictions/{subdistrict}/timeline")["items"]) == 1


def test_the_record_is_read_entry_by_entry(clerk: Clerk, community: str) -> None:
    path: str | None = "/api/v1/entries?limit=3"
    positions = []
    while path:
        answer = clerk.get(path)
        positions += [entry["position"] for entry in answer.json()["items"]]
        link = answer.headers.get("link")
        path = link and link.partition("<")[2].partition(">")[0]

    assert community
    assert positions == list(range(1, clerk.get("/api/v1/record").json()["head"] + 1))
    assert clerk.get(f"/api/v1/entries/{positions[-1] + 1}").json()["code"] == "read.no-entry"


def test_a_policy_file_is_read_whole(clerk: Clerk, community: str) -> None:
    assert community
    (policy,) = clerk.shown("/api/v1/policies")["items"]

    assert policy["in_force"]
    assert len(clerk.shown("/api/v1/policies/2021")["types"]) == 6
    assert clerk.get("/api/v1/policies/1999").status_code == 404


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("entries/9999", "read.no-entry"),
        ("communities/nowhere", "read.not-there"),
        ("councils/none/sessions/none", "read.no-session"),
        ("rounds/none/supports/none", "read.no-support"),
    ],
)
@pytest.mark.usefixtures("community")
def test_what_is_not_there_is_not_found(clerk: Clerk, path: str, code: str) -> None:
    clerk.catch_up()
    answer = clerk.get(f"/api/v1/{path}")

    assert (answer.status_code, answer.json()["code"]) == (404, code)

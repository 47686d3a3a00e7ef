"""An exemplar's way through HTTP (四(三)), and a month of the red and black boards (三(六)1)."""

import pytest

from domain.kernel.policy import built_in
from tests.api.clerk import Clerk

pytestmark = pytest.mark.acceptance

POLICY = built_in()["2021"].policy
TYPE = POLICY.types[-1].code
MERITS = {each.code: "详见推荐材料" for each in POLICY.exemplars.criteria}
RED, BLACK = (each.code for each in POLICY.honours.boards)
STARS, _ = (each.code for each in POLICY.honours.titles)


def classified(clerk: Clerk, community: str) -> None:
    clerk.done(
        f"/api/v1/communities/{community}/classifications",
        {"type": TYPE, "effective_from": "2021-03-31"},
        role="decider",
    )


def test_an_exemplars_way(clerk: Clerk, community: str, subdistrict: str) -> None:
    other = clerk.community(subdistrict, 2)
    body = {
        "community": community,
        "title": "新市民学堂",
        "merits": MERITS,
        "nominated_on": "2022-03-01",
    }
    unclassified = clerk.send("/api/v1/exemplars", body, role="reviewer")
    assert (unclassified.status_code, unclassified.json()["code"]) == (
        409,
        "classification.missing",
    )
    classified(clerk, community)
    exemplar = clerk.done("/api/v1/exemplars", body, role="reviewer")
    path = f"/api/v1/exemplars/{exemplar}"

    designation = {"designated_on": "2022-04-01"}
    own = clerk.send(f"{path}/designations", designation, role="arbiter")
    assert own.status_code == 403
    clerk.done(f"{path}/designations", designation, role="arbiter", person="qian.yu")
    clerk.done(
        f"{path}/sharings",
        {"shared_on": "2022-06-01", "topic": "现场观摩", "audience": 60, "reached": [other]},
        role="reviewer",
    )
    listed = f"/api/v1/exemplars?type={TYPE}&status=designated"
    assert [
        each["sharings"] for each in clerk.shown(f"{listed}&effective=2022-06-01")["items"]
    ] == [1]
    clerk.done(
        f"{path}/withdrawals",
        {"withdrawn_on": "2023-06-01", "reason": "成效未能保持"},
        role="arbiter",
    )

    assert clerk.shown(f"{listed}&effective=2023-06-01")["items"] == []
    shown = clerk.shown(f"{path}?effective=2023-05-31")
    assert shown["exemplar"]["status"] == "designated"
    (reached,) = shown["sharings"][0]["reached"]
    assert reached == {
        "community": other,
        "community_name": clerk.shown(f"/api/v1/communities/{other}")["name"],
    }
    told = clerk.shown(f"{path}/timeline")["items"]
    assert [line["effective_on"] for line in told] == [
        "2022-03-01",
        "2022-04-01",
        "2022-06-01",
        "2023-06-01",
    ]
    assert "第2社区" in told[2]["sentence"]["zh"]
    assert "示范效应好：详见推荐材料" in told[0]["sentence"]["zh"]


def test_a_month_of_the_boards(clerk: Clerk, community: str) -> None:
    entry = {
        "community": community,
        "board": BLACK,
        "place": "3栋楼道",
        "conduct": "楼道堆物，经劝告未清理",
        "posted_on": "2023-05-01",
    }
    baseless = clerk.send("/api/v1/honours/postings", entry, role="reviewer")
    assert baseless.json()["code"] == "posting.without-legal-basis"
    entry |= {"legal_basis": "《中华人民共和国消防法》第二十八条", "posted_until": "2023-05-31"}
    posting = clerk.done("/api/v1/honours/postings", entry, role="reviewer")
    praise = {
        "community": community,
        "board": RED,
        "conduct": "义务清扫",
        "posted_on": "2023-05-02",
    }
    clerk.done("/api/v1/honours/postings", praise, role="recorder")
    rectified = {"rectified_on": "2023-05-10", "result": "已清理"}
    clerk.done(f"/api/v1/honours/{posting}/rectifications", rectified, role="reviewer")
    removed = {"removed_on": "2023-05-11", "reason": "已整改"}
    clerk.done(f"/api/v1/honours/{posting}/removals", removed, role="reviewer")

    def boards(day: str) -> list[tuple[str, str]]:
        found = clerk.shown(f"/api/v1/honours/postings?in_force=true&effective={day}")["items"]
        return [(each["board"], each["status"]) for each in found]

    assert boards("2023-05-01") == [(BLACK, "posted")]
    assert boards("2023-05-10") == [(BLACK, "rectified"), (RED, "posted")]
    assert boards("2023-05-11") == [(RED, "posted")]

    name = {
        "community": community,
        "household": "张三家",
        "honour": STARS,
        "awarded_on": "2023-05-15",
    }
    assert clerk.send("/api/v1/honours/households", name, role="recorder").status_code == 422
    door = {**name, "household": "3栋2单元501", "stars": 5}
    honour = clerk.done("/api/v1/honours/households", door, role="recorder")
    assert clerk.shown(f"/api/v1/honours/{honour}?effective=2023-06-01")["in_force"]
    held = clerk.shown(f"/api/v1/honours/households?community={community}&in_force=true")["items"]
    assert [each["household"] for each in held] == ["3栋2单元501"]

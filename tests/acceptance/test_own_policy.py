"""A city writes its own policy: it checks, compares, tries and adopts a file, and uses what is new
in it by command, read and sheet. No code is changed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.kernel.context import Role
from domain.kernel.policy import built_in, editions
from tests.acceptance.clerks import Clerks
from tests.acceptance.test_council_year import MEMBERS
from tests.acceptance.test_rounds import Office, graded_with_everything_there
from tests.acceptance.test_sheets import classification
from tests.api.clerk import Clerk
from tests.api.console import annals, done, refused_by
from tests.api.sheets import table

pytestmark = pytest.mark.acceptance

TEXT = built_in()["2021"].text
POLICY = built_in()["2021"].policy
TYPE = POLICY.types[0]
OWN = TEXT.replace('version = "2021"', 'version = "2021-shi"', 1)


def entry(table: str, code: str, zh: str, en: str, *more: str) -> str:
    titles = (f'title.zh = "{zh}"', f'title.en = "{en}"')
    return "\n".join(
        (f"[[{table}]]", f'code = "{code}"', 'source = "示例市"', *titles, *more, "", "")
    )


SUBTYPES = "".join(
    entry(
        f"types.{each.code}.subtypes",
        f"own-{each.number}",
        f"本市子类型{each.number}",
        f"Own {each.number}",
    )
    for each in POLICY.types
)
FEATURES = entry("features", "riverside", "沿江", "Riverside")
COUNCILS = "".join(
    entry(
        "councils",
        code,
        zh,
        en,
        f'members.zh = "{zh}成员"',
        'members.en = "Its members"',
        'cadence = { source = "示例市", sessions_min = 1, per = "month" }',
    )
    for code, zh, en in (
        ("moving-platform", "流动的交流平台", "Moving exchange platform"),
        ("building-group", "楼宇自治小组", "Self-governing group of a building"),
    )
)
RICHER = f"{OWN}\n{SUBTYPES}{FEATURES}{COUNCILS}"


@pytest.fixture(autouse=True)
def a_process_of_its_own() -> Iterator[None]:
    """Nothing that one test adopted is known to another."""
    yield
    editions._brought.clear()


def sent(clerk: Clerk, what: str, text: str | bytes, role: Role = "arbiter") -> Any:
    """The answer to a file; its sender acts in the city."""
    return clerk.client.post(
        f"/api/v1/policies/{what}",
        content=text if isinstance(text, bytes) else text.encode(),
        headers={
            "Authorization": clerk.by(role),
            "Content-Type": "application/toml",
        },
    )


def adopt(clerk: Clerk, text: str, day: str = "2021-02-01") -> None:
    """The file in force from a day on, by the city's arbiter."""
    clerk.done(
        "/api/v1/policies/adoptions/files",
        {"file": text, "effective_from": day},
    )


def test_what_is_new_in_a_file_is_used_by_command_read_and_sheet(clerk: Clerk) -> None:
    clerks = Clerks(clerk)
    adopt(clerk, RICHER)

    row = classification(社区类型=TYPE.title.zh, 子类型="本市子类型1", 次要特征="沿江")
    clerks.imported("classifications", table(row), "decider")
    shown = clerk.shown(f"/api/v1/communities/{clerks.one}")
    assert (shown["type"], shown["subtype"]) == (TYPE.code, "own-1")
    assert shown["features"] == ["riverside"]
    for number, each in enumerate(POLICY.types[1:], start=3):
        other = clerk.community(clerks.subdistrict, number)
        for what, body in (
            ("classifications", {"type": each.code}),
            ("subtypes", {"subtype": f"own-{each.number}"}),
        ):
            body = {**body, "effective_from": "2021-03-31"}
            clerk.done(f"/api/v1/communities/{other}/{what}", body, role="decider")
    councils = {}
    for code in ("moving-platform", "building-group"):
        founding: dict[str, Any] = {
            "community": clerks.one,
            "title": code,
            "council_kind": code,
            "founded_on": "2023-01-01",
            "members": MEMBERS,
        }
        councils[code] = clerk.done("/api/v1/councils", founding, role="recorder")
    listed = clerk.shown("/api/v1/councils?council_kind=building-group&effective=2023-12-31")
    assert [each["council"] for each in listed["items"]] == [councils["building-group"]]
    told = clerk.shown(f"/api/v1/communities/{clerks.one}/timeline?limit=100")["items"]
    sentences = "".join(line["sentence"]["zh"] for line in told)
    for title in ("本市子类型1", "沿江", "流动的交流平台", "楼宇自治小组"):
        assert title in sentences
    template = clerk.get("/api/v1/imports/classifications/template")
    assert template.status_code == 200


def test_a_file_is_checked_compared_tried_and_adopted_over_http(clerk: Clerk) -> None:
    office = Office(clerk)
    round = graded_with_everything_there(office)
    stricter = OWN.replace("score_min = 85", "score_min = 97")

    wrong = sent(clerk, "checks", stricter.replace("every_years = 2", "every_years = 0", 1))
    assert [(f["path"], f["code"]) for f in wrong.json()["faults"]] == [
        ("rounds.every_years", "policy-file.out-of-bounds")
    ]
    assert sent(clerk, "checks", b"\xff").json()["faults"][0]["code"] == "policy-file.not-utf8"
    assert sent(clerk, "checks", stricter).json()["faults"] == []
    assert sent(clerk, "checks", stricter, role="recorder").status_code == 403
    found = sent(clerk, "differences", stricter).json()
    assert (found["version"], found["against"], found["total"]) == ("2021-shi", "2021", 2)
    assert found["items"][1]["sentence"]["zh"] == "评定·等次最低总分·先进·最低总分由85改为97。"

    clerk.catch_up()
    before = clerk.get("/api/v1/record").json()["head"]
    tried = sent(clerk, "trials?limit=1", stricter).json()
    assert (tried["round"], tried["ranked"]) == (round, 10)
    assert tried["ranking_changes"] == 3
    (first,) = tried["ranking"]
    assert (first["was_grade"], first["grade"]) == ("advanced", "average")
    assert first["community_name"]
    assert tried["next_offset"] == 1
    assert len(sent(clerk, "trials?offset=1", stricter).json()["ranking"]) == 2
    other = stricter.replace('code = "party-building"', 'code = "party"')
    assert "party" in sent(clerk, "trials", other).json()["not_ranked"]["en"]
    assert clerk.get("/api/v1/record").json()["head"] == before

    adopt(clerk, stricter)
    policies = clerk.shown("/api/v1/policies")["items"]
    assert [(p["version"], p["in_force"], p["of_product"]) for p in policies] == [
        ("2021", False, True),
        ("2021-shi", True, False),
    ]
    exported = clerk.get("/api/v1/policies/2021-shi/file")
    assert exported.content.decode() == stricter
    assert sent(clerk, "checks", exported.content).json()["faults"] == []
    actions = clerk.shown("/api/v1/policies/2021-shi/actions")["items"]
    assert len([each for each in actions if each["measure"]]) == 65
    assert [each["title"]["zh"] for each in actions if not each["measure"]][1:] == [
        "智慧社区",
        "智慧小区",
        "智慧网格",
    ]
    assert clerk.shown("/api/v1/policies/2021-shi/permissions")["version"] == "2021-shi"


def test_a_file_is_checked_compared_tried_and_adopted_at_the_command_line(
    clerk: Clerk, tmp_path: Path
) -> None:
    Clerks(clerk)
    clerk.catch_up()
    file, faulty = tmp_path / "own.toml", tmp_path / "faulty.toml"
    file.write_text(OWN.replace("notice_days_min = 3", "notice_days_min = 7"), encoding="utf-8")
    faulty.write_text(OWN.replace("every_years = 2", ""), encoding="utf-8")
    exported = tmp_path / "exported.toml"

    done(clerk.url, "policy", "export", "--out", exported)
    assert exported.read_bytes() == TEXT.encode()
    assert "没有错误" in done(clerk.url, "policy", "check", exported).out
    checked = done_with(1, clerk.url, "policy", "check", faulty)
    assert "rounds.every_years" in checked
    assert refused_by(clerk.url, "policy", "adopt", faulty, "--from", "2021-02-01") == (
        "policy-file.wrong"
    )
    told = done(clerk.url, "policy", "diff", file, "--lang", "en").out
    assert "days of notice of a meeting: from 3 to 7" in told
    tried = done(clerk.url, "policy", "try", file, "--json").json
    assert (tried["ranking_changes"], tried["assessment_changes"]) == (0, 0)
    document = ("--issuer", "市委办公室", "--title", "关于修订政策的通知")
    done(clerk.url, "policy", "adopt", file, "--from", "2021-02-01", *document)
    done(clerk.url, "policy", "adopt", file, "--from", "2021-02-01", *document)  # only once
    assert done(clerk.url, "policy", "export").out.encode() == file.read_bytes()
    entries = clerk.get("/api/v1/entries?after=0&limit=200").json()["items"]
    adopted = [e for e in entries if e["event"] == "PolicyAdopted"]
    assert [e["basis"][0]["title"] for e in adopted if e["basis"]] == ["关于修订政策的通知"]


def done_with(code: int, url: str, *words: str | Path) -> str:
    answer = annals(url, *words)
    assert answer.code == code
    return answer.out

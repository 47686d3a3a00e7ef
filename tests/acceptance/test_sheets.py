"""What people keep in sheets, through the doors: looked at, mended, imported, read back, once."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from api.http.kernel.downloads import XLSX
from api.sheets.kinds import KINDS
from domain.kernel.context import Role
from tests.acceptance.clerks import (
    CODES,
    DAY,
    ITEMS,
    OTHER_TYPE,
    OWN,
    POLICY,
    RESIDENT_UNITS,
    STAGES,
    TYPE,
    Clerks,
)
from tests.api.clerk import Clerk
from tests.api.console import done
from tests.api.sheets import delimited, table, workbook

pytestmark = pytest.mark.acceptance


@pytest.fixture
def clerks(clerk: Clerk) -> Clerks:
    return Clerks(clerk)


def classification(code: str = CODES[0], **more: Any) -> dict[str, Any]:
    return {
        "社区代码": code,
        "社区名称": f"第{CODES.index(code) + 1}社区",
        "社区类型": TYPE.title.zh,
        "生效日期": DAY,
        **more,
    }


def test_classifications(clerks: Clerks) -> None:
    subtype = TYPE.subtypes[0]
    document = {
        "依据文件": "社区分类的通知",
        "发文机关": "市委办公室",
        "文号": "示委办〔2021〕12号",
    }
    rows = table(
        classification(子类型=subtype.title.zh, **document),
        classification(CODES[1], 社区类型=TYPE.code, 划分理由="商品房小区"),
    )
    wrong = [
        classification(社区类型="没有的类型"),
        classification(CODES[1], 社区类型=OTHER_TYPE.title.en, 子类型=subtype.title.zh),
        classification(CODES[1], 生效日期=date(2010, 1, 1)),
    ]

    assert clerks.refused("classifications", table(*wrong[:2]), "decider") == [
        (2, "社区类型", "cell.no-such-choice"),
        (3, "子类型", "cell.nothing-to-choose"),
    ]
    several = classification(社区类型=OTHER_TYPE.title.en, 子类型="没有", 生效日期=None, 文号="1号")
    assert clerks.refused("classifications", table(several), "decider") == [
        (2, "生效日期", "cell.empty"),
        (2, "子类型", "cell.nothing-to-choose"),
        (2, "依据文件", "cell.needed-along"),
        (2, "发文机关", "cell.needed-along"),
    ]
    assert clerks.refused("classifications", table(wrong[2]), "decider") == [
        (2, "生效日期", "lifetime.not-begun")
    ]
    assert clerks.imported("classifications", rows, "decider") == {
        "ClassifyCommunity": 2,
        "SetSubtype": 1,
    }
    shown = clerks.clerk.shown(f"/api/v1/communities/{clerks.one}")
    assert (shown["type"], shown["subtype"]) == (TYPE.code, subtype.code)
    # What is exported can be imported again, and says nothing new.
    exported = done(clerks.clerk.url, "export", "register").out.encode()
    back = clerks.send("classifications", exported, "decider", media_type="text/csv").json()
    assert (back["commands"], back["on_record"], back["problems"]) == ({}, [2, 3], [])
    entries = clerks.clerk.get("/api/v1/entries?after=0&limit=200").json()["items"]
    bases = {e["event"]: [b["number"] for b in e["basis"]] for e in entries if e["basis"]}
    assert bases == {name: ["示委办〔2021〕12号"] for name in ("CommunityClassified", "SubtypeSet")}
    other = {**document, "文号": "示委办〔2021〕13号"}
    reasons = [
        classification(划分理由="另有理由", **other),
        classification(CODES[1], 划分理由="另有理由", **document),
    ]
    assert clerks.refused("classifications", table(*reasons), "decider") == [
        (2, "划分理由", "classification-sheet.no-reason"),
        (2, "依据文件", "cell.other-basis"),
        (3, "划分理由", "classification-sheet.other-reason"),
        (3, "依据文件", "cell.no-basis"),
    ]
    # Neither is the day of a type moved by a sheet, forward or back.
    for moved in (DAY + timedelta(days=30), DAY - timedelta(days=30)):
        row = classification(生效日期=moved)
        assert clerks.refused("classifications", table(row), "decider") == [
            (2, "生效日期", "classification-sheet.other-day")
        ]
    # Another type needs a proposal of its own, and the sheet says so where the type stands.
    changed = table(classification(社区类型=OTHER_TYPE.title.zh))
    assert clerks.refused("classifications", changed, "decider") == [
        (2, "社区类型", "classification-sheet.other-type")
    ]
    # An export has the day of the newest change of anything, which moves nothing either.
    renamed = {"name": "新名社区", "effective_from": "2022-05-01", "reason": "更名"}
    clerks.clerk.done(f"/api/v1/communities/{clerks.two}/names", renamed)
    exported = done(clerks.clerk.url, "export", "register").out.encode()
    back = clerks.send("classifications", exported, "decider", media_type="text/csv").json()
    assert (back["commands"], back["on_record"], back["problems"]) == ({}, [2, 3], [])


def test_stage_scores(clerks: Clerks) -> None:
    round = opened(clerks)
    appraised = table(*(appraisal(code) for code in CODES))
    clerks.imported("appraisals", appraised, "recorder")

    def score(code: str, **more: Any) -> dict[str, Any]:
        points = {item.title.zh: item.points_max - 0.5 for item in ITEMS}
        named = {"评定轮次": "2023年评定", "评定环节": OWN.title.zh, "社区代码": code}
        return {**named, "评分日期": "2023年6月10日", **points, "评分依据": "台账", **more}

    first, last = ITEMS[0], ITEMS[-1]
    wrong = [
        score(CODES[0], **{first.title.zh: first.points_max + 1, last.title.zh: "1.234"}),
        score(CODES[1], **{last.title.zh: None, first.title.zh: None}, 评分日期="六月"),
        score(CODES[1], 评定环节=POLICY.stages[0].title.zh),
        score(CODES[1], 评定环节=POLICY.stages[2].title.zh),
        score(CODES[1], 评定轮次="没有的评定"),
        score("990102001003"),
    ]
    third = clerks.clerk.community(clerks.subdistrict, 3)
    assert clerks.refused("scores", table(*wrong), "recorder") == [
        (2, first.title.zh, "score-sheet.out-of-range"),
        (2, last.title.zh, "score-sheet.out-of-range"),
        (3, "评分日期", "cell.no-day"),
        (3, first.title.zh, "score-sheet.needed"),
        (3, last.title.zh, "score-sheet.needed"),
        (4, "评定环节", "score-sheet.not-by-items"),
        (5, "社区代码", "role.lacking"),
        (6, "评定轮次", "cell.no-such-round"),
        (7, "社区代码", "cell.not-in-round"),
    ]
    rows = table(*(score(code) for code in CODES))
    assert clerks.imported("scores", rows, "recorder") == {"SelfAssess": 2}
    shown = clerks.clerk.shown(f"/api/v1/rounds/{round}/reviews/{clerks.one}")
    (own,) = (each for each in shown["stages"] if each["stage"] == OWN.code)
    assert Decimal(own["points"]) == sum(each.points_max for each in ITEMS) - Decimal("2.5")
    absent = clerks.clerk.get(f"/api/v1/rounds/{round}/reviews/{third}")
    assert (absent.status_code, absent.json()["code"]) == (404, "read.not-in-round")
    other = [score(CODES[0], **{first.title.zh: 1}), score(CODES[1], 评分日期="2023-06-11")]
    assert clerks.refused("scores", table(*other), "recorder") == [
        (2, first.title.zh, "score-sheet.other-points"),
        (3, "评分日期", "score-sheet.other-day"),
    ]
    other = [score(CODES[0], 评分依据="另一台账"), score(CODES[1], 评分依据=None)]
    assert clerks.refused("scores", table(*other), "recorder") == [
        (2, "评分依据", "score-sheet.other-evidence")
    ]


def opened(clerks: Clerks) -> str:
    """A round in which the two communities come next to be appraised."""
    clerk = clerks.clerk
    for community in (clerks.one, clerks.two):
        stated = {"type": TYPE.code, "effective_from": "2021-03-31"}
        clerk.done(f"/api/v1/communities/{community}/classifications", stated, role="decider")
    windows = [
        {
            "stage": stage,
            "planned_from": f"2023-{5 + n:02}-01",
            "planned_until": f"2023-{6 + n:02}-01",
        }
        for n, stage in enumerate(STAGES)
    ]
    plan = {"title": "2023年评定", "begins_on": "2023-05-01", "cutoff_on": "2023-04-30"}
    round = clerk.done("/api/v1/rounds", {**plan, "windows": windows}, role="arbiter")
    path = f"/api/v1/rounds/{round}"
    entered = {"opened_on": "2023-05-01", "communities": [clerks.one, clerks.two]}
    clerk.done(f"{path}/openings", entered, role="arbiter")
    for stage in STAGES[:2]:
        opening = {"stage": stage, "opened_on": "2023-05-02"}
        clerk.done(f"{path}/windows", opening, role="arbiter")
    return round


def appraisal(code: str, **more: Any) -> dict[str, Any]:
    """Both assemblies on one day, 52 of 60 there, most of them satisfied."""
    satisfied, fairly, dissatisfied = (each.title.zh for each in POLICY.rounds.ballots)
    row: dict[str, Any] = {"评定轮次": "2023年评定", "社区代码": code}
    for each in POLICY.rounds.assemblies:
        counts = {"召开日期": date(2023, 5, 10), "应到人数": 60, "实到人数": 52}
        votes = {f"{satisfied}票数": 40, f"{fairly}票数": 10, f"{dissatisfied}票数": 0}
        row |= {f"{each.title.zh}{what}": count for what, count in {**counts, **votes}.items()}
    return {**row, **more}


def test_appraisals(clerks: Clerks) -> None:
    round = opened(clerks)
    one, two = (each.title.zh for each in POLICY.rounds.assemblies)
    vote = POLICY.rounds.ballots[0].title.zh
    wrong = [
        appraisal(
            CODES[0],
            **{f"{one}召开日期": "五月", f"{one}应到人数": 0, f"{two}{vote}票数": None},
            评定轮次="2023年评定",
        ),
        appraisal(CODES[1], **{f"{one}{vote}票数": "12.5", f"{two}实到人数": -1}),
    ]
    assert clerks.refused("appraisals", table(*wrong), "recorder") == [
        (2, f"{one}召开日期", "cell.no-day"),
        (2, f"{one}应到人数", "cell.count-out-of-range"),
        (2, f"{two}{vote}票数", "appraisal-sheet.needed"),
        (3, f"{one}{vote}票数", "cell.not-whole"),
        (3, f"{two}实到人数", "cell.count-out-of-range"),
    ]
    few = table(appraisal(CODES[0], **{f"{two}实到人数": 29, f"{two}{vote}票数": 19}))
    assert clerks.refused("appraisals", few, "recorder") == [
        (2, f"{two}实到人数", "review.below-quorum")
    ]

    rows = table(*(appraisal(code) for code in CODES))
    assert clerks.imported("appraisals", rows, "recorder") == {"RecordAppraisal": 2}
    shown = clerks.clerk.shown(f"/api/v1/rounds/{round}/reviews/{clerks.one}")
    first = next(each for each in shown["stages"] if each["stage"] == STAGES[0])
    assert [each["votes"]["satisfied"] for each in first["detail"]] == [40, 40]
    other = table(appraisal(CODES[0], **{f"{one}应到人数": 61, f"{two}召开日期": "2023-05-11"}))
    assert clerks.refused("appraisals", other, "recorder") == [
        (2, f"{one}应到人数", "appraisal-sheet.recorded-otherwise"),
        (2, f"{two}召开日期", "appraisal-sheet.recorded-otherwise"),
    ]


def test_programme_items(clerks: Clerks) -> None:
    draft = {"jurisdiction": clerks.city, "year": 2023, "title": "补短板强弱项工程"}
    clerks.clerk.done("/api/v1/programmes", {**draft, "drafted_on": "2023-01-10"}, role="arbiter")

    def item(title: str, **more: Any) -> dict[str, Any]:
        focus = POLICY.programme.focuses[0].title.zh
        by = {"责任单位": "城厢街道办事处", "责任人": "赵敏", "攻坚重点": focus}
        days = {"列入日期": date(2023, 2, 20), "完成时限": date(2023, 11, 30)}
        return {"辖区": "示例市", "年度": "2023年", "攻坚事项": title, **by, **days, **more}

    wrong = [
        item("停车", 年度=2024),
        item("电梯", 完成时限=date(2023, 1, 1)),
        item("消防", 攻坚重点="没有的重点"),
    ]
    assert clerks.refused("programme-items", table(*wrong), "arbiter") == [
        (2, "年度", "programme-sheet.not-drafted"),
        (3, "完成时限", "cell.due-too-early"),
        (4, "攻坚重点", "cell.no-such-choice"),
    ]
    document = {"依据文件": "年度工作安排", "发文机关": "市委"}
    rows = table(item("停车", **document), item("电梯"), item("消防"))
    assert clerks.imported("programme-items", rows, "arbiter") == {"AddProgrammeItem": 3}
    shown = clerks.clerk.shown(f"/api/v1/programmes/{clerks.city}.2023?effective=2023-12-01")
    assert [each["title"] for each in shown["items"]] == ["停车", "电梯", "消防"]
    # What the record has otherwise is never passed over, on whatever day the row lies.
    (dropped,) = (each["item"] for each in shown["items"] if each["title"] == "消防")
    stated = {"item": dropped, "dropped_on": "2023-03-01", "reason": "已解决"}
    path = f"/api/v1/programmes/{clerks.city}.2023"
    clerks.clerk.done(f"{path}/item-removals", stated, role="arbiter")
    other = [
        item("停车", 列入日期=date(2023, 2, 10), 完成时限=date(2024, 1, 31)),
        item("电梯", 完成时限=date(2024, 1, 31), 事项说明="加装", **document),
        item("消防"),
    ]
    assert clerks.refused("programme-items", table(*other), "arbiter") == [
        (2, "列入日期", "programme-sheet.added-otherwise"),
        (2, "完成时限", "programme-sheet.added-otherwise"),
        (3, "完成时限", "programme-sheet.added-otherwise"),
        (3, "事项说明", "programme-sheet.added-without"),
        (3, "依据文件", "cell.no-basis"),
        (4, "攻坚事项", "programme-sheet.dropped"),
    ]


def test_session_minutes(clerks: Clerks) -> None:
    council = clerks.clerk.done(
        "/api/v1/councils",
        {
            "community": clerks.one,
            "title": "驻区单位联席会议",
            "council_kind": RESIDENT_UNITS.code,
            "founded_on": "2023-01-01",
            "members": ["school", "bank"],
        },
        role="recorder",
    )

    def session(day: date, **more: Any) -> dict[str, Any]:
        text = f"一、通报{day.month}月情况。\n二、议定停车，资源共享。"
        lists = {"出席单位": "社区小学", "请假单位": "bank", "列席单位": "街道办事处、派出所"}
        before = {"通知日期": date(day.year, day.month, 1), "议程": "通报情况；停车共享"}
        named = {"社区代码": CODES[0], "联席会议": RESIDENT_UNITS.title.zh, "召开日期": day}
        return {**named, **lists, "会议纪要": text, "决议": "操场夜间开放。", **before, **more}

    first, second = date(2023, 3, 10), date(2023, 6, 9)
    wrong = [
        session(first, 社区代码=CODES[1]),
        session(second, 出席单位="社区小学、供电所", 请假单位="工会", 决议="题" * 3000),
        session(date(2023, 9, 8), 通知日期=None, 议程=None, 纪要日期="改日"),
        session(date(2023, 12, 2)),
        session(date(2022, 12, 8)),
        session(date(2023, 11, 2), 联席会议="没有的会议"),
    ]
    assert clerks.refused("minutes", table(*wrong), "recorder") == [
        (2, "联席会议", "cell.no-council"),
        (3, "出席单位", "minutes-sheet.no-members"),
        (3, "请假单位", "minutes-sheet.no-members"),
        (3, "决议", "cell.malformed"),
        (4, "通知日期", "minutes-sheet.not-convened"),
        (4, "议程", "minutes-sheet.no-agenda"),
        (4, "纪要日期", "cell.no-day"),
        (5, "通知日期", "session.notice-too-short"),
        (6, "联席会议", "cell.no-council"),
        (7, "联席会议", "cell.no-such-council"),
    ]
    # One is convened on record already; the other is not.
    path = f"/api/v1/councils/{council}"
    convened = {"session": "q2", "noticed_on": "2023-06-01", "scheduled_on": "2023-06-09"}
    clerks.clerk.done(f"{path}/sessions", convened, role="recorder")
    rows = table(session(first), session(second))
    assert clerks.imported("minutes", rows, "recorder") == {
        "ConveneSession": 1,
        "SetAgenda": 2,
        "HoldSession": 2,
        "RecordMinutes": 2,
        "AdoptResolution": 2,
    }
    shown = clerks.clerk.shown(f"{path}/sessions/q2")
    named = [[each["member"] for each in shown["session"][name]] for name in ("present", "excused")]
    assert named == [["school"], ["bank"]]
    assert shown["session"]["observers"] == ["街道办事处", "派出所"]
    assert shown["minutes"][0]["text"] == "一、通报6月情况。\n二、议定停车，资源共享。"
    other = table(session(first, 会议纪要="另一份"), session(second, 请假单位=None))
    assert clerks.refused("minutes", other, "recorder") == [
        (2, "会议纪要", "minutes-sheet.other-minutes"),
        (3, "请假单位", "minutes-sheet.other-list"),
    ]
    (resolution,) = (each["resolution"] for each in shown["resolutions"])
    annulled = {"resolution": resolution, "annulled_on": "2023-06-20", "reason": "误录"}
    clerks.clerk.done(f"{path}/resolution-annulments", annulled, role="recorder")
    for column, cell, code in (
        ("通知日期", "2023-02-20", "minutes-sheet.notice-otherwise"),
        ("议程", "另一", "minutes-sheet.notice-otherwise"),
        ("地点", "会议室", "minutes-sheet.notice-without"),
        ("纪要日期", "2023-03-11", "minutes-sheet.other-day"),
    ):
        other = table(session(first, **{column: cell}))
        assert clerks.refused("minutes", other, "recorder") == [(2, column, code)]
    other = table(session(second, 通知日期=None, 议程=None))
    assert clerks.refused("minutes", other, "recorder") == [
        (2, "决议", "minutes-sheet.resolution-annulled")
    ]
    # The day that a sheet states is of its codes and names: minutes of later are on record too.
    again = clerks.send("minutes", workbook(table(session(first))), "recorder", as_of="2023-01-02")
    assert (again.json()["on_record"], again.json()["problems"]) == ([2], [])


def test_tasks_as_csv_and_whatever_the_door_does_not_take(clerks: Clerks) -> None:
    task = {
        "任务": "划定车位",
        "责任单位": "城厢街道办事处",
        "责任人": "赵敏",
        "社区代码": CODES[0],
    }
    document = {"依据文件": "年度工作安排", "发文机关": "市委", "发文日期": date(2024, 2, 1)}
    task |= {"交办日期": "2024-03-01", "完成时限": "2024-06-30"}
    rows = table({**task, **document})
    assert clerks.imported("tasks", rows, "decider") == {"AssignTask": 1}
    listed = clerks.clerk.shown("/api/v1/tasks?effective=2024-04-01")["items"]
    assert [(each["title"], each["unit"]) for each in listed] == [("划定车位", "street")]
    other = table({**task, **document, "发文机关": "区委"})
    assert clerks.refused("tasks", other, "decider") == [(2, "依据文件", "cell.other-basis")]

    def answered(file: bytes, role: Role = "decider", **more: Any) -> tuple[int, str]:
        answer = clerks.send("tasks", file, role, **more)
        return answer.status_code, answer.json().get("code", "")

    apply: dict[str, Any] = {"dry_run": "false"}
    rows[1][0] = "同一任务"
    once: dict[str, Any] = {
        "file": delimited(rows),
        "key": "k-2",
        "media_type": "text/csv",
        **apply,
    }
    assert answered(**once) == answered(**once) == (201, "")
    assert answered(**once, as_of="2024-03-01") == (422, "request.key-of-other-sheet")
    rows[1][0] = "另一任务"
    csv = delimited(rows, "gb18030")
    assert answered(csv, media_type="text/csv") == (200, "")
    assert answered(csv, key="k-1tasks", **apply) == (422, "request.key-of-other-sheet")
    assert answered(csv, "auditor", **apply) == (403, "role.lacking")
    assert answered(b"\x89PNG\r\n\x1a\n") == (409, "file.refused")
    assert answered(csv, media_type="application/pdf") == (415, "request.no-sheet-type")
    assert answered(b" " * (10 * 1024 * 1024 + 1)) == (413, "request.sheet-too-large")
    assert answered(csv, as_of="2099-01-01") == (409, "file.day-not-come")
    assert answered(csv, key="") == (400, "request.key-missing")
    assert clerks.send("rosters", csv, "decider").status_code == 422


def test_a_sheet_comes_back_marked_and_every_kind_has_its_template(clerks: Clerks) -> None:
    rows = table(classification(社区类型="没有的类型"))
    answer = clerks.send("classifications", workbook(rows), "decider", "/annotations")
    marked = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0)
    assert answer.headers["content-type"] == XLSX
    assert "没有这一社区类型" in str(marked.to_python()[1][-1])
    for kind in KINDS:
        answer = clerks.clerk.get(f"/api/v1/imports/{kind}/template")
        book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
        assert book.sheet_names == [KINDS[kind].title.zh, "填写说明"]


def test_a_row_that_says_why_is_recorded_although_it_breaks_a_procedure(clerks: Clerks) -> None:
    opened(clerks)
    two = POLICY.rounds.assemblies[1].title.zh
    vote = POLICY.rounds.ballots[0].title.zh
    few = {f"{two}实到人数": 29, f"{two}{vote}票数": 19}
    why = {"仍要登记的理由": "正值汛期，到会人数不足"}

    looked = clerks.send("appraisals", workbook(table(appraisal(CODES[0], **few))), "recorder")
    (wrong,) = looked.json()["problems"]
    assert (wrong["code"], wrong["irregular"]) == ("review.below-quorum", True)
    assert "仍要登记的理由" in wrong["reason"]["zh"]
    idle = table(appraisal(CODES[0], **few), appraisal(CODES[1], **why))
    assert clerks.refused("appraisals", idle, "recorder") == [
        (2, f"{two}实到人数", "review.below-quorum"),
        (3, "仍要登记的理由", "fact.not-irregular"),
    ]
    rows = table(appraisal(CODES[0], **few, **why), appraisal(CODES[1]))
    assert clerks.send("appraisals", workbook(rows), "recorder").json()["irregular"] == [2]
    assert clerks.imported("appraisals", rows, "recorder") == {"RecordAppraisal": 2}

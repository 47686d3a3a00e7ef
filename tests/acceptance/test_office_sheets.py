"""The offices list and the staff list, through the doors: looked at, mended, imported once."""

from datetime import date
from typing import Any

import pytest

from tests.acceptance.clerks import Clerks
from tests.api.clerk import Clerk
from tests.api.sheets import table, workbook

pytestmark = pytest.mark.acceptance

CREDIT_CODE = "11990102MB0000001P"


@pytest.fixture
def clerks(clerk: Clerk) -> Clerks:
    return Clerks(clerk)


def test_offices_and_their_staff(clerks: Clerks) -> None:
    bureau: dict[str, Any] = {
        "单位名称": "涪滨区住房和城乡建设局",
        "统一社会信用代码": CREDIT_CODE,
        "类别": "政府机关",
        "所属区划": "涪滨区",
        "起始日期": date(2019, 3, 1),
    }
    company = {**bureau, "单位名称": "安居物业公司", "类别": "property-company"}
    company |= {"统一社会信用代码": None, "所属区划": "990102001"}
    wrong = [
        {**bureau, "统一社会信用代码": CREDIT_CODE[:-1] + "T"},
        {**company, "类别": "城堡", "上级单位": "没有的局"},
        {**company, "单位名称": "另一公司", "所属区划": None},
        {**company, "单位名称": "再一公司", "起始日期": date(1990, 1, 1)},
    ]
    assert clerks.refused("units", table(*wrong), "steward") == [
        (2, "统一社会信用代码", "credit-code.wrong-check-digit"),
        (3, "类别", "cell.no-such-choice"),
        (3, "所属区划", "unit-sheet.place-or-superior"),
        (3, "上级单位", "name.unknown"),
        (4, "所属区划", "unit-sheet.place-or-superior"),
        (5, "起始日期", "lifetime.not-begun"),
    ]
    assert clerks.imported("units", table(bureau, company), "steward") == {"RegisterUnit": 2}
    other = [
        {**bureau, "类别": "学校", "起始日期": date(2019, 4, 1)},
        {**company, "统一社会信用代码": "11990102MB0000002T"},
    ]
    assert clerks.refused("units", table(*other), "steward") == [
        (2, "类别", "unit-sheet.other-value"),
        (2, "起始日期", "unit-sheet.other-day"),
        (3, "统一社会信用代码", "unit-sheet.other-value"),
    ]

    section: dict[str, Any] = {"单位名称": "物业科", "类别": "政府机关", "上级单位": CREDIT_CODE}
    section["起始日期"] = date(2019, 3, 1)
    file = workbook(table(section))
    assert clerks.send("units", file, "steward", dry_run="false").status_code == 201
    _staff(clerks, bureau["单位名称"])


def _staff(clerks: Clerks, bureau: str) -> None:
    li: dict[str, Any] = {
        "姓名": "李娜",
        "单位": CREDIT_CODE,
        "职务": "局长",
        "任职日期": "2021-03-01",
    }
    second = {**li, "单位": bureau, "职务": "科员", "区分说明": "物业科"}
    wang: dict[str, Any] = {
        "姓名": "王芳",
        "单位": "物业科",
        "职务": "科长",
        "任职日期": "2020-01-01",
    }
    wang["卸任日期"] = "2023-01-01"
    wrong: list[dict[str, Any]] = [
        {**second, "区分说明": None},
        {**wang, "单位": "没有的科"},
        {**wang, "人员编号": "nobody"},
        {**wang, "卸任日期": "2019-01-01"},
    ]
    assert clerks.refused("people", table(li, *wrong), "steward") == [
        (3, "姓名", "subject.already-on-record"),
        (4, "单位", "name.unknown"),
        (5, "人员编号", "person-sheet.no-such-person"),
        (6, "卸任日期", "person.post-left-too-early"),
    ]
    rows = table(li, second, wang)
    assert clerks.imported("people", rows, "steward") == {"RegisterPerson": 3, "LeavePost": 1}

    listed = clerks.clerk.shown("/api/v1/people?effective=2022-01-01&q=ln")["items"]
    assert {(each["distinction"], each["posts"][0]["title"]) for each in listed} == {
        (None, "局长"),
        ("物业科", "科员"),
    }
    wangs = clerks.clerk.shown("/api/v1/people?status=any&q=wf")["items"]
    moved = {**wang, "单位": bureau, "职务": "主任", "任职日期": "2023-01-01"}
    moved |= {"卸任日期": None, "人员编号": wangs[0]["person"]}
    other = [
        {**moved, "姓名": "王方"},
        {**wang, "人员编号": wangs[0]["person"], "卸任日期": "2023-02-01"},
    ]
    assert clerks.refused("people", table(*other), "steward") == [
        (2, "姓名", "person-sheet.other-name"),
        (3, "卸任日期", "person-sheet.left-on-another-day"),
    ]
    file = workbook(table(moved))
    assert clerks.send("people", file, "steward", dry_run="false").status_code == 201
    (wang_now,) = clerks.clerk.shown("/api/v1/people?q=wf")["items"]
    assert [each["title"] for each in wang_now["posts"]] == ["主任"]

"""What is wrong with a sheet is told with its row, column and cell."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from domain.person.registration import RegisterPerson
from domain.task.assignment import CancelTask
from domain.task.completion import AnnulTaskStep
from domain.task.events import TaskAssigned
from record.store.batch import REFUSALS_MAX
from record.store.record import Record
from tests.api.console import Answer, annals
from tests.api.sheets import delimited, table, workbook
from tests.api.task_sheets import AS_DECIDER, CODE, OTHER, TASK, head_of, imported
from tests.city import CITY, DISTRICT, LI, acting, establish, put_on_register

SINCE: dict[str, Any] = {"effective_from": date(2000, 1, 1)}


def places(answer: Answer) -> list[tuple[Any, ...]]:
    return [(each["row"], each["column"], each["cell"]) for each in answer.json["problems"]]


def test_every_problem_is_told_with_row_column_and_cell(url: str, written: Any) -> None:
    wrong = [
        TASK,
        {**TASK, "任务": "甲", "完成时限": "2024-02-30"},
        {**TASK, "任务": "乙", "社区名称": "北街社区"},
        {**TASK, "任务": "丙", "社区代码": "510703001"},
        {**TASK, "任务": "丁", "社区代码": "5.10703E+11", "责任人": "赵六"},
        {**TASK, "任务": "戊", "社区代码": None, "社区名称": None},
        {**TASK, "任务": "己", "完成时限": date(2024, 2, 1)},
        {**TASK, "任务": "庚", "交办日期": date(2099, 1, 1), "完成时限": date(2099, 2, 1)},
        {**TASK, "任务": "辛", "责任单位": "没有的街道"},
        TASK,
        {**TASK, "任务": "题" * 201},
    ]
    head = head_of(url)
    answer = imported(url, written(workbook(table(*wrong))), "--apply")

    assert answer.code == 1
    assert places(answer) == [
        (3, "完成时限", "2024-02-30"),
        (4, "社区名称", "北街社区"),
        (5, "社区代码", "510703001"),
        (6, "责任人", "赵六"),
        (6, "社区代码", "5.10703E+11"),
        (7, "社区代码", ""),
        (8, "完成时限", "2024-02-01"),
        (9, "交办日期", "2099-01-01"),
        (10, "责任单位", "没有的街道"),
        (11, "任务", "划定夜间停车位"),
        (12, "任务", "题" * 200),
    ]
    assert [each["code"] for each in answer.json["problems"]] == [
        "cell.no-such-day",
        "cell.other-community-name",
        "cell.code-length",
        "name.unknown",
        "cell.code-shortened",
        "task-sheet.place-or-community",
        "cell.due-too-early",
        "day.not-come",
        "name.unknown",
        "file.row-repeats",
        "cell.malformed",
    ]
    assert answer.json["problems"][1]["params"]["name"] == "临园社区"
    assert head_of(url) == head


def test_every_wrong_cell_of_a_row_is_told_at_once(url: str, written: Any) -> None:
    wrong = {**TASK, "责任人": "赵六", "责任单位": "没有的街道", "交办日期": None}
    long = {**wrong, "完成时限": "月底", "社区代码": "1", "任务说明": "题" * 2001}
    untitled = {**OTHER, "任务": "题" * 201, "任务说明": "题" * 2001}
    other = {"责任人": "赵敏", "所在辖区": "城厢街道", "完成时限": date(2024, 1, 1)}
    answer = imported(url, written(workbook(table(long, untitled, {**TASK, **other}))))

    told = [(each["row"], each["column"], each["code"]) for each in answer.json["problems"]]
    assert told == [
        (2, "责任单位", "name.unknown"),
        (2, "责任人", "name.unknown"),
        (2, "交办日期", "cell.empty"),
        (2, "完成时限", "cell.no-day"),
        (2, "社区代码", "cell.code-length"),
        (3, "任务", "cell.malformed"),
        (3, "任务说明", "cell.malformed"),
        (4, "完成时限", "cell.due-too-early"),
        (4, "社区代码", "task-sheet.place-or-community"),
    ]


def test_cells_that_do_not_fit_one_another_are_told_beside_a_wrong_third(
    url: str, written: Any
) -> None:
    wrong = {**TASK, "社区名称": "北街社区", "所在辖区": "城厢街道", "完成时限": date(2024, 1, 1)}
    answer = imported(url, written(workbook(table(wrong))))

    assert [(row, column) for row, column, _ in places(answer)] == [
        (2, "完成时限"),
        (2, "社区名称"),
        (2, "所在辖区"),
    ]


def test_the_year_and_the_place_of_a_programme_are_told_by_what_is_wrong_with_them(
    url: str, written: Any
) -> None:
    item = {
        "攻坚事项": "停车",
        "责任单位": "城市管理局",
        "责任人": "zhao",
        "列入日期": "2024-02-20",
    }
    wrong = {**item, "辖区": "城厢街道", "年度": "24", "完成时限": "2024-02-01"}
    answer = imported(url, written(workbook(table(wrong))), kind="programme-items")

    assert {column for _, column, _ in places(answer)} == {"辖区", "年度", "完成时限"}
    codes = {each["column"]: each["code"] for each in answer.json["problems"]}
    assert codes["辖区"] == "programme-sheet.below-district"
    assert codes["年度"] == "programme-sheet.no-year"


def test_only_stages_that_are_scored_are_offered_for_a_score(url: str, written: Any) -> None:
    row = {"评定轮次": "无", "评定环节": "评", "社区代码": CODE, "评分日期": "2024-02-20"}
    answer = imported(url, written(workbook(table(row))), kind="scores")
    problems = {each["column"]: each for each in answer.json["problems"]}
    offered = problems["评定环节"]["params"]["choices"]

    assert problems["评定轮次"]["code"] == "cell.no-round-planned"
    assert problems["评定环节"]["code"] == "cell.no-such-choice"
    assert [each["zh"] for each in offered] == ["社区自评", "街道初评", "县级复评"]


def test_a_role_that_may_record_no_row_is_told_once_with_what_to_give(
    url: str, written: Any
) -> None:
    file = written(workbook(table(TASK, OTHER)))
    said = annals(url, "import", "tasks", file, "--apply", "--role", "steward")
    told = annals(url, "import", "tasks", file, "--json", "--role", "steward").json["problems"]

    assert said.code == 1
    assert said.err.count("授权管理人不能交办") == 1
    assert "--role 指明职责（社区记录人 recorder、" in said.err
    assert "--unit" in said.err
    assert [(each["row"], each["code"]) for each in told] == [(None, "command-line.as-whom")]


def test_a_formula_without_a_value_is_no_empty_cell(url: str, written: Any) -> None:
    rows = table({**TASK, "任务说明": "#N/A"}, {**OTHER, "社区代码": "#REF!"})

    for content, name in ((workbook(rows), "a.xlsx"), (delimited(rows), "a.csv")):
        answer = imported(url, written(content, name))
        assert places(answer) == [(2, "任务说明", "#N/A"), (3, "社区代码", "#REF!")]
        assert answer.json["problems"][0]["code"] == "cell.formula-failed"


def test_what_is_on_record_otherwise_is_told_of_every_cell(url: str, written: Any) -> None:
    imported(url, written(workbook(table(TASK))), "--apply")
    other = table({**TASK, "完成时限": date(2024, 9, 30), "任务说明": "另一说明"})
    answer = imported(url, written(workbook(other), "other.xlsx"))

    assert places(answer) == [(2, "完成时限", "2024-09-30"), (2, "任务说明", "另一说明")]


def test_cells_are_told_beside_a_wrong_header(url: str, written: Any) -> None:
    row = {k: v for k, v in TASK.items() if k != "责任人"}
    answer = imported(
        url, written(workbook(table({**row, "责任人姓名": "赵", "完成时限": "月底"})))
    )

    assert [place[:2] for place in places(answer)] == [
        (1, "责任人姓名"),
        (1, "责任人"),
        (2, "完成时限"),
    ]


def test_a_changed_deadline_of_a_task_on_record_is_not_lost(url: str, written: Any) -> None:
    imported(url, written(workbook(table(TASK))), "--apply")
    later = table({**TASK, "完成时限": date(2024, 9, 30)})
    answer = imported(url, written(workbook(later), "later.xlsx"))
    told = imported(url, written(workbook(table({**TASK, "任务说明": "另一说明"})), "told.xlsx"))

    assert places(answer) == [(2, "完成时限", "2024-09-30")]
    assert answer.json["problems"][0]["code"] == "task-sheet.other-deadline"
    assert places(told) == [(2, "任务说明", "另一说明")]
    assert told.json["problems"][0]["code"] == "task-sheet.no-description"


def test_a_changed_description_or_basis_of_a_task_is_not_lost(url: str, written: Any) -> None:
    basis = {"依据文件": "年度工作安排", "发文机关": "市委"}
    described = {**TASK, **basis, "任务说明": "十个车位"}
    imported(url, written(workbook(table(described, OTHER))), "--apply")
    other = {**described, "任务说明": "九个车位", "发文机关": "区委"}
    answer = imported(url, written(workbook(table(other, {**OTHER, **basis})), "other.xlsx"))

    assert [(each["row"], each["code"]) for each in answer.json["problems"]] == [
        (2, "cell.other-basis"),
        (2, "task-sheet.other-description"),
        (3, "cell.no-basis"),
    ]


PLACES: list[tuple[dict[str, object], str]] = [
    ({"社区代码": "临园社区"}, "cell.community-by-name"),
    ({"社区代码": "510703001009"}, "cell.no-such-code"),
    ({"所在辖区": "没有的街道", "社区代码": None, "社区名称": None}, "cell.no-such-place"),
    ({"责任单位": "510799"}, "name.unknown"),
    ({"责任单位": "城厢街道办事处", "所在辖区": "城北街道"}, "task-sheet.place-or-community"),
    ({"依据文件": "年度工作安排"}, "cell.needed-along"),
]


def test_what_a_place_or_unit_is_not_is_told(url: str, written: Any) -> None:
    rows = table(*({**TASK, **other, "任务": f"第{n}项"} for n, (other, _) in enumerate(PLACES)))
    answer = imported(url, written(workbook(rows)))

    codes = [code for _, code in PLACES]
    assert [each["code"] for each in answer.json["problems"]] == codes


def test_places_of_one_name_are_told_apart(url: str, written: Any, record: Record) -> None:
    establish(record, "chengxiang-2", "subdistrict", "城厢街道", DISTRICT, "510703003")
    in_place = {**TASK, "所在辖区": "城厢街道", "社区代码": None, "社区名称": None}
    answer = imported(url, written(workbook(table(in_place))))

    (problem,) = answer.json["problems"]
    assert problem["code"] == "cell.several-of-that-name"
    assert problem["params"] == {"count": 2, "choices": ["510703001", "510703003"]}


def test_a_name_that_several_bear_is_answered_with_all_of_them(url: str, written: Any) -> None:
    with Record(url) as record:
        put_on_register(record, {"unit:water": "水务局"})
        for number in (1, 2):
            other = RegisterPerson(
                name="赵敏", unit="water", title="科长", distinction=str(number), **SINCE
            )
            record.carry_out(f"person:zhao-{number}", other, by=acting("steward", unit=CITY))
    several = {**TASK, "责任单位": "水务局"}
    rows = table(several, {**TASK, "任务": "别的", "责任人": "赵敏（office）"})
    answer = imported(url, written(workbook(rows)))

    (problem,) = answer.json["problems"]
    assert (problem["row"], problem["column"], problem["code"]) == (2, "责任人", "name.ambiguous")
    candidates = ["赵敏（水务局科长，1，zhao-1）", "赵敏（水务局科长，2，zhao-2）"]
    assert problem["params"] == {"named": "赵敏", "count": 2, "candidates": candidates}


def test_a_name_that_nobody_bears_is_answered_with_similar_ones(url: str, written: Any) -> None:
    answer = imported(url, written(workbook(table({**TASK, "责任单位": "城厢街道"}))))

    (problem,) = answer.json["problems"]
    assert problem["params"]["nearest"] == ["城厢街道办事处（绵阳市，street）"]


def test_whoever_is_responsible_is_named_by_id_or_initials_too(url: str, written: Any) -> None:
    for unit, person in (("street", "zhao"), ("cxjdbsc", "zm")):
        row = {**TASK, "责任单位": unit, "责任人": person}
        assert imported(url, written(workbook(table(row)))).json["problems"] == []


def test_after_a_hundred_refusals_the_rest_is_not_looked_at(url: str, written: Any) -> None:
    ahead = {**TASK, "交办日期": date(2099, 1, 1), "完成时限": date(2099, 2, 1)}
    rows = table(*({**ahead, "任务": f"第{n}项"} for n in range(REFUSALS_MAX + 1)))
    answer = imported(url, written(workbook(rows)))

    problems = answer.json["problems"]
    assert {each["code"] for each in problems[:-1]} == {"day.not-come"}
    assert (len(problems), problems[-1]["code"]) == (REFUSALS_MAX + 1, "file.more-refused")


def test_a_task_that_was_cancelled_or_annulled_is_not_passed_over(url: str, written: Any) -> None:
    file = written(workbook(table(TASK, OTHER)))
    imported(url, file, "--apply")
    with Record(url) as record:
        assigned = (
            each for each in record.entries(after=0) if isinstance(each.event, TaskAssigned)
        )
        one, two = (entry.stream for entry in assigned)
        record.carry_out(
            one,
            CancelTask(cancelled_on=date(2024, 4, 1), reason="已由街道解决"),
            by=LI,
        )
        record.carry_out(two, AnnulTaskStep(annuls=1, reason="误录"), by=LI)
    answer = imported(url, file, "--apply")

    assert places(answer) == [(2, "任务", "划定夜间停车位"), (3, "任务", "清理消防通道")]
    cancelled, annulled = answer.json["problems"]
    assert (cancelled["code"], cancelled["params"]) == (
        "task-sheet.cancelled",
        {"day": "2024-04-01"},
    )
    assert annulled["code"] == "task-sheet.annulled"


MISFITS: list[tuple[Sequence[Sequence[Any]], str]] = [
    ([["无关", "表格"], ["甲", "乙"]], "file.no-header-in-worksheet"),
    ([], "file.empty-worksheet"),
    (table({**TASK, "联系电话": "1"}), "file.no-such-column"),
    ([[*TASK, None], [*TASK.values(), "无表头"]], "file.no-such-column"),
    (table({k: v for k, v in TASK.items() if k != "责任人"}), "file.column-missing"),
    ([[*TASK, "任务"], [*TASK.values(), "又"]], "file.column-twice"),
    ([[*TASK]], "file.no-rows"),
]


def codes_of(answer: Answer) -> list[str]:
    """Of what is wrong with a file, whether or not it could be read at all."""
    return [each["code"] for each in answer.json.get("problems") or answer.json["refused"]]


def test_a_header_that_does_not_fit_is_told(url: str, written: Any) -> None:
    for rows, code in MISFITS:
        file = written(workbook(rows))
        answer = annals(url, "import", "tasks", file, *AS_DECIDER, "--apply", "--json")

        assert answer.code == 1
        assert code in codes_of(answer), code


SOUND = workbook(table(TASK))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UNFIT: list[tuple[bytes, str]] = [
    (b"", "file.empty"),
    (b"\n,,\n", "file.empty"),
    (SOUND[: len(SOUND) // 2], "file.truncated"),
    (OLE + b"\0" * 600, "file.no-workbook"),
    (OLE + "EncryptedPackage".encode("utf-16-le"), "file.locked"),
    (b"<html><table><tr><td>x</td></tr></table></html>", "file.web-page"),
    (b"%PDF-1.4", "file.no-text"),
    ("一封信，\n并非表格".encode(), "file.no-header"),
    (delimited([[*TASK.values()]]), "file.no-header"),
    (delimited(table(TASK)).replace("临园".encode(), "临园".encode()[:-1]), "file.damaged-text"),
    ("勘察圖,責任".encode("big5"), "file.big5"),
    (delimited(table(TASK)) + b'"open,x\ny\n', "file.misquoted"),
]


def test_a_file_that_is_no_sheet_is_told_what_it_is(url: str, written: Any) -> None:
    for content, code in UNFIT:
        answer = annals(url, "import", "tasks", written(content), *AS_DECIDER, "--json")

        assert answer.code == 1
        assert codes_of(answer) == [code]


def test_of_a_file_without_a_table_no_marked_one_is_written(
    url: str, written: Any, tmp_path: Path
) -> None:
    marked = tmp_path / "marked.xlsx"
    answer = annals(url, "import", "tasks", written(b""), *AS_DECIDER, "--annotated", marked)

    assert answer.reason
    assert answer.reason.code == "file.refused"
    assert not marked.exists()
    assert marked.name in "".join(answer.err.split())

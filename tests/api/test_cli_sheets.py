"""`annals import tasks` and its like: checked, marked, recorded as one batch or not at all."""

from datetime import date
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook  # type: ignore[import-untyped]

from api.sheets.carrying import carry_in, prepare
from api.sheets.directory import directory_of
from api.sheets.kinds import KINDS
from api.sheets.reading import read_sheet
from domain.batch.events import BatchReceived
from domain.kernel.refusal import Conflict
from domain.task.events import TaskAssigned
from projections.all import PROJECTIONS
from projections.engine.view import ReadModels
from projections.engine.worker import catch_up
from record.store.record import Record
from tests.api.console import annals, done, refused_by
from tests.api.sheets import delimited, table, workbook
from tests.api.task_sheets import AS_DECIDER, OTHER, TASK, head_of, imported
from tests.city import LI, register


def test_checking_a_sheet_records_nothing(url: str, written: Any) -> None:
    head = head_of(url)
    said = done(url, "import", "tasks", written(workbook(table(TASK, OTHER))), *AS_DECIDER)

    assert "交办任务：2" in said.out
    assert "--apply" in said.err
    assert head_of(url) == head


def test_a_sheet_becomes_one_batch_and_twice_is_once(url: str, written: Any) -> None:
    file = written(workbook([["任务台账"], [], *table(TASK, OTHER), [], ["", ""]]))
    head = head_of(url)
    receipt = imported(url, file, "--apply").json["receipt"]
    with Record(url) as record:
        entries = record.entries(after=head)
    again = imported(url, file, "--apply")

    assert receipt["last_position"] == entries[-1].position == head + 4
    assert len({entry.batch for entry in entries}) == 1
    received, first, second = (entry.event for entry in entries[:3])
    assert isinstance(received, BatchReceived)
    assert (received.source, received.file_name, received.rows) == ("tasks", "sheet.xlsx", 2)
    assert isinstance(first, TaskAssigned)
    assert isinstance(second, TaskAssigned)
    assert (first.community, first.unit, first.due_on) == ("a", "street", date(2024, 6, 30))
    assert (second.unit, second.due_on) == ("city", date(2024, 7, 31))
    assert (again.code, again.json["on_record"], again.json["receipt"]) == (0, [4, 5], None)
    assert head_of(url) == head + 4


def test_a_roster_received_is_not_mistaken_for_a_sheet(url: str, written: Any) -> None:
    imported(url, written(workbook(table(TASK))), "--apply")
    roster = written(
        b"code,name,subdistrict_name,district_name\n"
        b"510703001001,\xe4\xb8\xb4\xe5\x9b\xad,\xe5\x9f\x8e\xe5\x8e\xa2\xe8\xa1\x97\xe9\x81\x93,"
        b"\xe6\xb6\xaa\xe5\x9f\x8e\xe5\x8c\xba\n",
        "roster.csv",
    )
    answer = done(url, "import", "roster", roster, "--as-of", "2020-01-01", "--json").json

    assert answer["later_roster"] is None


@pytest.mark.usefixtures("url")
def test_what_was_planned_before_the_record_went_on_is_not_recorded(
    record: Record, models: ReadModels
) -> None:
    catch_up(record.url, PROJECTIONS)
    with models.view() as view:
        directory = directory_of(record, view, None)
        sheet = read_sheet(KINDS["tasks"], workbook(table(TASK)), "sheet.xlsx", directory)
        prepared = prepare(KINDS["tasks"], sheet, directory, record)
    record.carry_out("community:c", register("南街社区"), by=LI)
    head = record.head()

    with pytest.raises(Conflict) as overtaken:
        carry_in(prepared, record, "b1", LI)
    assert overtaken.value.code == "record.went-on"
    assert record.head() == head


def test_csv_is_read_in_its_encodings(url: str, written: Any) -> None:
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        answer = imported(url, written(delimited(table(TASK), encoding), "sheet.csv"))

        assert answer.json["commands"] == {"AssignTask": 1}


def test_what_is_quoted_in_csv_divides_nothing(url: str, written: Any) -> None:
    long = {**TASK, "任务说明": "一；二;三;四;五;六;七;八;九;十;十一;十二;十三;十四"}
    quoted = "\n".join(f'"{line}"'.replace(",", '","') for line in _csv(long).splitlines())

    assert imported(url, written(quoted.encode(), "q.csv")).json["commands"] == {"AssignTask": 1}


def test_english_headers_and_the_problems_of_another_day_are_taken(url: str, written: Any) -> None:
    row = {
        "task": "Mark the bays",
        "Responsible unit": "street",
        "Responsible person": "zhao",
        "assigned_on": "２０２４／３／１",
        "due on": "2024.6.30",
        "Place": "510703",
        "Problems": "mended",
    }

    assert imported(url, written(workbook(table(row)))).json["commands"] == {"AssignTask": 1}


def test_only_the_first_worksheet_is_read_and_the_others_are_named(url: str, written: Any) -> None:
    whole = BytesIO()
    with Workbook(whole, {"in_memory": True}) as book:
        book.add_worksheet("封面").write(0, 0, "任务台账")
        book.add_worksheet("明细")
    answer = annals(url, "import", "tasks", written(whole.getvalue()), *AS_DECIDER, "--json")

    (problem,) = answer.json["refused"]
    assert problem["code"] == "file.no-header-in-worksheet"
    assert (problem["params"]["worksheet"], problem["params"]["others"]) == ("封面", ["明细"])


def test_who_may_not_assign_is_refused_by_the_rule(url: str, written: Any) -> None:
    said = annals(url, "import", "tasks", written(workbook(table(TASK))), "--role", "auditor")

    assert said.code == 1
    assert "审计人不能导入表格" in said.err
    assert annals(url, "import", "tasks", written(b""), "--role", "king").code == 2


def test_codes_and_names_are_those_of_the_day_that_the_sheet_states(url: str, written: Any) -> None:
    file = written(workbook(table(TASK)))

    before = imported(url, file, "--as-of", "2017-12-31")

    assert [(each["column"], each["code"]) for each in before.json["problems"]] == [
        ("社区代码", "cell.no-such-code")
    ]
    ahead = refused_by(url, "import", "tasks", file, "--as-of", "2099-01-01")
    assert ahead == "file.day-not-come"


def test_the_marked_workbook_can_be_mended_and_imported(
    url: str, written: Any, tmp_path: Path
) -> None:
    wrong = [["任务台账"], *table(TASK, {**OTHER, "完成时限": "明天"})]
    marked = tmp_path / "marked.xlsx"
    imported(url, written(workbook(wrong)), "--annotated", str(marked))
    rows: list[list[Any]] = CalamineWorkbook.from_path(marked).get_sheet_by_index(0).to_python()

    assert rows[1][-1] == "问题"
    assert rows[2][-1] == ""
    assert rows[3][-1].startswith("【完成时限】不是日期")
    assert rows[2][:7] == [*map(str, TASK.values())]
    rows[3][4] = "2024-07-31"
    mended = imported(url, written(workbook(rows), "mended.xlsx"))
    assert (mended.code, mended.json["commands"]) == (0, {"AssignTask": 2})
    again = ("import", "tasks", written(workbook(wrong)), "--annotated", marked)
    assert refused_by(url, *again) == "command-line.file-exists"


def test_every_template_has_its_headers_and_an_example_that_is_not_imported(
    url: str, tmp_path: Path
) -> None:
    for kind, lang in product(KINDS, ("zh", "en")):
        file = tmp_path / f"{kind}.{lang}.xlsx"
        done(url, "import", "template", kind, file, "--lang", lang)
        answer = annals(url, "import", kind, file, "--json")

        (problem,) = answer.json["problems"]
        assert problem["code"] == "file.no-rows"


def _csv(row: dict[str, Any]) -> str:
    return delimited(table(row)).decode()


def test_every_header_has_one_meaning(record: Record, models: ReadModels) -> None:
    catch_up(record.url, PROJECTIONS)
    with models.view() as view:
        directory = directory_of(record, view, None)
        for kind in KINDS.values():
            headers = [header for each in kind.columns(directory) for header in each.headers]
            assert len(headers) == len({*headers}), kind.name
            assert {*kind.key} <= {each.name for each in kind.columns(directory)}

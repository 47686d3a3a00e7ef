"""Reading rosters as offices send them, and decisions as people give them back."""

from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from python_calamine import CalamineWorkbook

from api.rosters.file import ROWS_MAX, RosterRefused, read_roster
from api.rosters.worksheet import UNDECIDED, WorksheetRefused, read_decisions, write_worksheet
from api.sheets.table import FILE_BYTES_MAX
from domain.roster.finding import Comparison, Decision
from domain.roster.row import RosterRow
from tests.domain.test_roster import NEXT, city, row

HEAD = "code,name,subdistrict_code,subdistrict_name,district_code,district_name"
LINE = "510703001001,顺河街社区,510703001,城厢街道,510703,涪城区"
ROW = RosterRow(2, *LINE.split(","))


def workbook(*rows: tuple[object, ...], name: str = "Sheet1") -> bytes:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet(name)
        for number, cells in enumerate(rows):
            sheet.write_row(number, 0, cells)
    return stream.getvalue()


def problems(content: bytes | str) -> list[tuple[int | None, str, str]]:
    data = content.encode() if isinstance(content, str) else content
    with pytest.raises(RosterRefused) as refused:
        read_roster(data, "roster.csv")
    return [(p.row, p.column, p.refusal.code) for p in refused.value.problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_any_usual_encoding_and_delimiter_is_read(encoding: str, delimiter: str) -> None:
    text = f"{HEAD}\r\n{LINE}\r\n".replace(",", delimiter)

    roster = read_roster(text.encode(encoding), "roster.csv")

    assert roster.rows == (ROW,)
    assert len(roster.digest) == 64


@pytest.mark.parametrize(
    "head",
    [
        "统计用区划代码,社区名称,街道代码,街道名称,区县代码,区县名称",
        "社区代码,社区（居委会）名称,街道（镇）代码,街道（镇）,区（市、县）代码,区（市、县）",
        "Code, Name ,Subdistrict Code,Subdistrict,District_Code,District",
    ],
)
def test_headers_are_known_by_their_usual_names(head: str) -> None:
    assert read_roster(f"{head}\n{LINE}\n".encode(), "r.csv").rows == (ROW,)


def test_columns_come_in_any_order_and_others_are_left_out() -> None:
    text = "序号,区县,街道,社区名称,社区代码\n1,涪城区,城厢街道,顺河街社区,510703001001\n"

    assert read_roster(text.encode(), "r.csv").rows == (ROW,)


def test_titles_above_the_header_and_blank_rows_are_skipped() -> None:
    text = f"绵阳市社区名册,,,,,\n\n{HEAD}\n\n{LINE}\n,,,,,\n"

    assert read_roster(text.encode(), "r.csv").rows == (ROW._replace(number=5),)


def test_a_workbook_may_hold_codes_as_numbers() -> None:
    content = workbook(
        tuple(HEAD.split(",")),
        (510703001001, "顺河街社区", 510703001, "城厢街道", 510703, "涪城区"),
    )

    assert read_roster(content, "r.xlsx").rows == (ROW,)


def test_a_zero_that_excel_took_from_every_code_is_put_back() -> None:
    content = workbook(
        tuple(HEAD.split(",")), (10703001001, "顺河街社区", 10703001, "城厢街道", 10703, "涪城区")
    )

    assert read_roster(content, "r.xlsx").rows[0].code == "010703001001"


def test_digits_that_excel_lost_are_not_guessed() -> None:
    text = f"{HEAD}\n5.10703E+11,顺河街社区,510703001,城厢街道,510703,涪城区\n"

    assert problems(text) == [(2, "code", "cell.code-shortened")]


def test_a_file_that_excel_wrote_with_formulas_around_codes_is_read() -> None:
    cells = ['"=""510703001001"""', "顺河街社区", "510703001", "城厢街道", "510703", "涪城区"]

    assert read_roster(f"{HEAD}\n{','.join(cells)}".encode(), "r.csv").rows == (ROW,)


def test_all_problems_of_a_file_are_told_at_once() -> None:
    text = "\n".join(
        [
            HEAD,
            LINE,
            "51070300100,北街社区,510703001,城厢街道,510703,涪城区",
            "510703001003,,510703001,城厢街道,510703,涪城区",
            "510703001004,南街社区,510703002,城北街道,510703,涪城区",
            "510703001001,警钟街社区,510703001,城厢街道,510703,涪城区",
            "510703001006,顺河街社区,510703001,城厢街道,510703,涪城区",
            "510703001007,滨江社区,510703001,城厢镇,510703,涪城县",
        ]
    )

    assert problems(text) == [
        (3, "code", "roster.code-length"),
        (4, "name", "cell.empty"),
        (5, "subdistrict_code", "roster.other-digits"),
        (6, "code", "roster.same-code"),
        (7, "name", "roster.same-name"),
        (8, "subdistrict_name", "roster.other-name"),
        (8, "district_name", "roster.other-name"),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "file.empty"),
        ("\n , \n", "file.empty"),
        ("hello\nworld\n", "roster.no-header"),
        (f"{HEAD}\n", "file.no-rows"),
        ("code,name\n510703001001,顺河街社区\n", "roster.column-missing"),
        (f"{HEAD},社区名称\n{LINE},x\n", "file.column-twice"),
        (b"\x00\x01\x02\xff" * 9, "file.no-text"),
        (b"PK\x03\x04 no workbook", "file.truncated"),
        (f'{HEAD}\n{LINE}\n"{LINE}\n{LINE}\n', "file.misquoted"),
        (f"{HEAD}\n{LINE}".encode()[:-1], "file.damaged-text"),
        ("<html><table></table></html>", "file.web-page"),
        (b" " * (FILE_BYTES_MAX + 1), "file.too-big"),
        ("\n".join([HEAD, *[LINE] * (ROWS_MAX + 1)]), "file.too-many-rows"),
    ],
)
def test_what_is_no_roster_is_refused_with_the_reason(content: bytes | str, code: str) -> None:
    assert problems(content)[0][2] == code


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RosterRefused) as refused:
        read_roster(tmp_path / "roster.csv")

    assert refused.value.code == "file.refused"
    assert refused.value.problems[0].refusal.code == "file.unreadable"


OLD = (row("510703100001", "东街社区"), row("510703100002", "北街社区"), row("510703100003", "a"))
NEW = (row("510703100001", "西街社区"), row("510703100002", "南街社区"), row("510703100003", "b"))


def edited(path: Path, decisions: dict[str, str]) -> bytes:
    """The workbook as a person gives it back: some decisions picked, by the code of the line."""
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_name(UNDECIDED).to_python()
    head = [str(cell) for cell in sheet[0]]
    place, code = head.index("判定 decision"), head.index("代码 code")
    subject = head.index("对象 subject")
    for cells in sheet[1:]:
        cells[place] = decisions.get(f"{str(cells[subject])[:2]}{cells[code]}", "")
    return workbook(*map(tuple, sheet), name=UNDECIDED)


@pytest.fixture
def comparison() -> Comparison:
    return city(*OLD).compare(NEW, NEXT)


def test_decisions_that_a_person_picked_come_back(comparison: Comparison, tmp_path: Path) -> None:
    path = tmp_path / "worksheet.xlsx"
    write_worksheet(comparison, path)
    ids = {f.known.code: f.id for f in comparison.undecided if f.known}

    decisions = read_decisions(
        edited(
            path,
            {
                "原有510703100001": "更名为 renamed → 510703100001 西街社区",
                "原有510703100002": "并入 510703100001",
                "名册510703100003": "新设",
            },
        )
    )

    assert set(decisions) == {
        Decision("renamed", ids["510703100001"], "510703100001"),
        Decision("merged", ids["510703100002"], "510703100001"),
        Decision("new", None, "510703100003"),
    }
    assert not city(*OLD).compare(NEW, NEXT, decisions).undecided


def test_an_untouched_worksheet_decides_nothing(comparison: Comparison, tmp_path: Path) -> None:
    write_worksheet(comparison, tmp_path / "worksheet.xlsx")

    assert read_decisions(tmp_path / "worksheet.xlsx") == ()


def test_the_worksheet_offers_each_candidate(comparison: Comparison, tmp_path: Path) -> None:
    write_worksheet(comparison, tmp_path / "worksheet.xlsx")

    book = CalamineWorkbook.from_path(tmp_path / "worksheet.xlsx")
    assert book.sheet_names == [UNDECIDED, "变更 findings", "options"]
    options = {str(cell) for line in book.get_sheet_by_name("options").to_python() for cell in line}
    assert "更名为 renamed → 510703100001 西街社区" in options
    assert "裁撤 abolished" in options


def test_the_same_comparison_is_the_same_worksheet(comparison: Comparison, tmp_path: Path) -> None:
    write_worksheet(comparison, tmp_path / "a.xlsx")
    write_worksheet(comparison, tmp_path / "b.xlsx")

    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.mark.parametrize(
    ("picked", "code"),
    [
        ({"原有510703100001": "也许"}, "roster.no-decision"),
        ({"名册510703100001": "更名为 510703100001"}, "roster.no-decision"),
        ({"原有510703100001": "更名为"}, "roster.no-code"),
        (
            {
                "原有510703100001": "更名为 510703100001",
                "原有510703100002": "更名为 510703100001",
            },
            "roster.renamed-already",
        ),
        (
            {"原有510703100001": "更名为 510703100001", "名册510703100001": "新设"},
            "roster.against-renaming",
        ),
    ],
)
def test_decisions_that_cannot_be_are_told_with_their_row(
    comparison: Comparison, tmp_path: Path, picked: dict[str, str], code: str
) -> None:
    write_worksheet(comparison, tmp_path / "worksheet.xlsx")

    with pytest.raises(WorksheetRefused) as refused:
        read_decisions(edited(tmp_path / "worksheet.xlsx", picked))

    assert refused.value.problems[0].refusal.code == code
    assert refused.value.problems[0].row


def test_a_line_whose_key_was_changed_decides_nothing() -> None:
    changed = workbook(("判定 decision", "标识 key"), ("裁撤", "a"), name=UNDECIDED)

    with pytest.raises(WorksheetRefused) as refused:
        read_decisions(changed, "worksheet.xlsx")

    assert [each.refusal.code for each in refused.value.problems] == ["roster.key-changed"]


def test_a_workbook_without_the_sheet_is_refused() -> None:
    with pytest.raises(WorksheetRefused) as refused:
        read_decisions(workbook(("a",)), "other.xlsx")

    assert refused.value.problems[0].refusal.code == "file.no-worksheet"

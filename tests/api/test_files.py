"""Files as offices and attackers send them: what is read, what is told, and what it may cost."""

from collections.abc import Iterable, Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from api.rosters.file import RosterRefused, read_roster
from api.sheets.files import process
from api.sheets.files.days import date_text, is_date_format
from api.sheets.files.found import Unreadable, Worksheets
from api.sheets.table import FileRefused, read_table, unsound

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = ("code", "name", "subdistrict_code", "subdistrict_name", "district_code", "district_name")
ROW = ("510703001001", "顺河街社区", "510703001", "城厢街道", "510703", "涪城区")
OLD_EXCEL = Path(__file__).parent / "failed.xls"


def cells(*texts: str) -> str:
    return "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts)


TABLE = f"<row>{cells(*HEAD)}</row><row>{cells(*ROW)}</row>"


def xlsx(
    sheets: Mapping[str, str] = {"名册": TABLE},
    *,
    hidden: Iterable[str] = (),
    before: str = "",
    more: Mapping[str, str | bytes] = {},
) -> bytes:
    """A workbook whose worksheets have these rows, as XML."""
    book, relations, whole = "", "", BytesIO()
    with ZipFile(whole, "w", ZIP_DEFLATED) as archive:
        for number, (title, rows) in enumerate(sheets.items(), 1):
            state = ' state="hidden"' if title in hidden else ""
            book += f'<sheet name="{title}" sheetId="{number}"{state} r:id="r{number}"/>'
            target = f'Type="{OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"'
            relations += f'<Relationship Id="r{number}" {target}/>'
            archive.writestr(
                f"xl/worksheets/sheet{number}.xml",
                f'{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
            )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{book}</sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}">{relations}</Relationships>',
        )
        for name, content in more.items():
            archive.writestr(name, content)
    return whole.getvalue()


def rows(content: bytes) -> list[tuple[int, tuple[str, ...]]]:
    return [tuple(each) for each in read_table(content, "f").lines]  # type: ignore[misc]


def refused(content: bytes) -> str:
    with pytest.raises(FileRefused) as found:
        read_table(content, "f")
    (problem,) = found.value.problems
    return problem.refusal.code


def told(content: bytes | str) -> list[tuple[int | None, str, str, str]]:
    """Row, column, cell and code of each problem of a roster."""
    with pytest.raises(RosterRefused) as found:
        read_roster(content.encode() if isinstance(content, str) else content, "r.csv")
    return [(p.row, p.column, p.cell, p.refusal.code) for p in found.value.problems]


def roster(*names: str) -> str:
    lines = (
        f"51070300100{n},{name},510703001,城厢街道,510703,涪城区" for n, name in enumerate(names)
    )
    return "\n".join((",".join(HEAD), *lines))


@pytest.mark.parametrize("at", ["XFD1048576", "G1048576", "XFD2"])
def test_a_blank_cell_however_far_away_takes_nothing(at: str) -> None:
    row = at.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    far = f'<row r="{row}"><c r="{at}" t="inlineStr"><is><t> </t></is></c></row>'

    assert rows(xlsx({"名册": TABLE + far})) == [(1, HEAD), (2, ROW)]


def test_a_far_cell_that_says_something_is_named() -> None:
    far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>远</t></is></c></row>'

    with pytest.raises(FileRefused) as found:
        read_table(xlsx({"名册": TABLE + far}), "f")
    refusal = found.value.problems[0].refusal
    assert (refusal.code, refusal.params["at"]) == ("file.far-cell", "XFD1048576")


def test_blank_cells_with_a_format_cost_no_memory_and_are_no_rows() -> None:
    blank = "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(3, 60_000))

    assert rows(xlsx({"名册": TABLE + blank})) == [(1, HEAD), (2, ROW)]


def test_no_comment_and_no_nesting_is_looked_into_again_and_again() -> None:
    comment = f"<!-- {'<c ' * 200_000} -->"
    nested = "<x>" * 20_000 + "</x>" * 20_000

    assert rows(xlsx({"名册": comment + TABLE + nested})) == [(1, HEAD), (2, ROW)]


def test_a_workbook_that_grows_without_end_ends_alone() -> None:
    lie = b"<sst>" + b"<si><t>" + b"a" * 60_000_000 + b"</t></si></sst>"
    shared = f'<Relationship Id="s" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    relations = (
        f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/worksheet" '
        f'Target="worksheets/sheet1.xml"/>{shared}</Relationships>'
    )
    with pytest.warns(UserWarning, match="Duplicate name"):
        bomb = xlsx(more={"xl/sharedStrings.xml": lie, "xl/_rels/workbook.xml.rels": relations})
    entities = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'

    assert refused(bomb) == "file.too-much"
    assert refused(xlsx(before=entities)) == "file.no-workbook"
    many = {f"第{n}张": "" for n in range(1_001)}
    assert refused(xlsx(many)) == "file.too-many-worksheets"


def test_rows_are_as_many_as_any_sheet_has() -> None:
    assert refused("\n".join("甲" for _ in range(60_001)).encode()) == "file.too-long"


@pytest.mark.parametrize("ends_by", ["exit", "signal", "memory"])
def test_when_the_process_dies_the_caller_is_told(
    ends_by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = {
        "exit": "raise SystemExit(3)",
        "signal": "import os; os.kill(os.getpid(), 9)",
        "memory": "import os; os.abort()",
    }[ends_by]
    monkeypatch.setattr(process, "COMMAND", ("-c", code))

    with pytest.raises(Unreadable) as found:
        process.read(b"a,b\n1,2\n")
    assert found.value.code == ("file.no-workbook" if ends_by == "exit" else "file.too-much")


def test_a_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "COMMAND", ("-c", "import time; time.sleep(60)"))
    monkeypatch.setattr(process, "SECONDS_MAX", 0.2)

    with pytest.raises(Unreadable, match=r"file\.too-much"):
        process.read(b"a,b\n1,2\n")


@pytest.mark.parametrize("damaged", [b"PK\x03\x04", xlsx()[:400], xlsx({"名册": "<row><c>"})])
def test_a_damaged_workbook_is_no_workbook(damaged: bytes) -> None:
    assert refused(damaged) in ("file.truncated", "file.no-workbook")


@pytest.mark.parametrize(
    "cell", ['<c t="e"><f>NA()</f><v>#N/A</v></c>', "<c t='e'><v>#N/A</v></c>", cells("#N/A")]
)
@pytest.mark.parametrize("refers", [True, False])
def test_a_value_that_a_formula_failed_to_give_is_told(cell: str, *, refers: bool) -> None:
    at = cell.replace("<c ", '<c r="B3" ') if refers else cell
    row = f"<row>{cells('510703001002')}{at}{cells(*ROW[2:])}</row>"

    assert told(xlsx({"名册": TABLE + row})) == [(3, "name", "#N/A", "cell.formula-failed")]


def test_it_is_told_in_an_old_workbook_and_in_csv_too() -> None:
    assert unsound(rows(OLD_EXCEL.read_bytes())[1][1][1]) is not None
    assert told(roster("甲社区", "#REF!", "####")) == [
        (3, "name", "#REF!", "cell.formula-failed"),
        (4, "name", "####", "cell.formula-failed"),
    ]


def test_an_old_workbook_is_read_as_it_shows() -> None:
    table = read_table(OLD_EXCEL.read_bytes(), "f")

    assert table.worksheets == Worksheets("任务", (), ("去年",))
    assert table.lines[1].cells == ("错误值任务", "#N/A", "unit", "2025-12-01", "12.5")
    broken = OLD_EXCEL.read_bytes()[:1500]
    assert refused(broken) == "file.no-workbook"
    assert refused(broken + "EncryptedPackage".encode("utf-16-le")) == "file.locked"


def test_hidden_worksheets_are_passed_over_and_all_are_named() -> None:
    other = f"<row>{cells('去年')}</row>"
    book = xlsx({"去年": other, "今年": TABLE, "明年": other}, hidden=["去年"])

    table = read_table(book, "f")

    assert table.worksheets == Worksheets("今年", ("明年",), ("去年",))
    assert table.lines[0].cells == HEAD
    assert read_table(book, "f", "去年").lines[0].cells == ("去年",)
    assert refused(xlsx({"去年": other}, hidden=["去年"])) == "file.only-hidden-worksheets"
    assert read_roster(book).worksheets == table.worksheets


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("顺河街社区\u200b", "text.invisible"),
        ("\ufeff北街社区", "text.invisible"),
        ("警钟街\xad社区", "text.invisible"),
        ("\u200b", "text.invisible"),
        ("大\ufffd社区", "text.damaged"),
        ("\ue863口社区", "text.damaged"),
        ("福?社区", "roster.lost-character"),
    ],
)
def test_what_cannot_be_seen_or_was_lost_is_told(name: str, code: str) -> None:
    assert told(roster("甲社区", name)) == [(3, "name", name, code)]


def test_two_names_that_look_alike_are_one_name() -> None:
    assert told(roster("丽江（一期）社区", "丽江(一期) 社区"))[0][3] == "roster.same-name"


def test_big5_is_not_read_as_gb18030() -> None:
    taiwan = roster("順河街社區", "北街社區").replace("涪城区", "涪城區").encode("big5", "ignore")

    assert refused(taiwan) == "file.big5"
    mainland = roster("顺河街社区", "㙍街社区", "東埡口社区")
    assert len(read_roster(mainland.encode("gb18030")).rows) == 3


def test_names_are_taken_as_they_are_written() -> None:
    names = ["丽江（一期）社区", "Ⅱ区社区", "①号社区", "康·居社区", "阳光１００社区", "㙍街社区"]

    assert [each.name for each in read_roster(roster(*names).encode()).rows] == names


def test_the_rest_of_a_cell_that_a_comma_cut_in_two_is_told() -> None:
    cut = f"{roster()}\n510703001001,红光,510703001,城厢街道,510703,涪城区,花园社区"

    assert told(cut) == [(2, "G", "花园社区", "cell.surplus")]


def test_rows_have_the_numbers_that_spreadsheets_show() -> None:
    text = '甲,乙\n\n"第一步\n第二步\n第三步",丙\n丁,戊\n'

    assert [number for number, _ in rows(text.encode())] == [1, 3, 4]
    assert refused(f'{text}"未'.encode()) == "file.misquoted"


def test_cells_that_keep_their_text_from_excel_are_unwrapped() -> None:
    text = 'a,b,c\n"=""510703001001""","=""=1+1""""社区""",="x\n'

    assert rows(text.encode())[1][1] == ("510703001001", '=1+1"社区', '="x')


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("yyyy-mm-dd", True),
        ('yyyy"年"m"月"d"日";@', True),
        ("[$-804]e/m/d", True),
        ("[h]:mm", True),
        ("General", False),
        ('0.00"days"', False),
        ("[Red]#,##0", False),
        ("@", False),
    ],
)
def test_a_number_is_a_day_where_its_format_shows_one(code: str, *, shown: bool) -> None:
    assert is_date_format(200, code) is shown


@pytest.mark.parametrize(
    ("serial", "text"),
    [
        (1, "1900-01-01"),
        (59, "1900-02-28"),
        (61, "1900-03-01"),
        (45292, "2024-01-01"),
        (45292.5, "2024-01-01 12:00:00"),
        (0.25, "06:00:00"),
        (99_999_999, "99999999"),
    ],
)
def test_a_serial_number_is_the_day_that_excel_shows(serial: float, text: str) -> None:
    assert date_text(serial, since_1904=False) == text
    if serial > 61:
        assert date_text(serial - 1_462, since_1904=True) == text or serial > 3_000_000


def test_a_workbook_of_excel_is_read_cell_by_cell() -> None:
    whole = BytesIO()
    with xlsxwriter.Workbook(whole, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        rich = book.add_format({"bold": True})
        sheet.write_rich_string(0, 0, "甲", rich, "乙")
        sheet.write_row(0, 1, [1, 0.1, True, "  "])
        sheet.write_datetime(0, 5, date(2024, 6, 30))
        sheet.write_formula(0, 6, "=A1", None, "丙")
        sheet.write_number(0, 7, 510703001001)

    assert rows(whole.getvalue()) == [
        (1, ("甲乙", "1", "0.1", "TRUE", "", "2024-06-30", "丙", "510703001001"))
    ]

"""The cells of a table in a file, from CSV in its many dialects or from a workbook, as text.

Guesses the encoding and the delimiter, and never what a cell means.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from io import BytesIO, StringIO
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook

from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual, Number

FILE_BYTES_MAX = 20 * 1024 * 1024
UNPACKED_BYTES_MAX = 200 * 1024 * 1024
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PDF = b"%PDF"
_MARKUP = re.compile(r"\s*<[!?a-z]", re.IGNORECASE)
# A cell of the type `e`, with its column, its row and what it shows.
_FAILED = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]+)([0-9]+)"[^>]*>'
    rb"(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)",
    re.DOTALL,
)
_BOOK = "xl/workbook.xml"
_DELIMITERS = ",\t;"
_HEAD_LINES = 10


class CellProblem(NamedTuple):
    """What is wrong with one cell, or with the whole file: then without row, column and cell."""

    row: int | None
    column: str
    cell: str
    reason: Bilingual


class FileRefused(Refused):
    """The file cannot be used: all its problems, each with its place."""

    def __init__(self, name: str, problems: list[CellProblem]) -> None:
        first = problems[0].reason
        super().__init__(
            f"{name} has {Number(len(problems)):problem|problems}. The first: {first.en}",
            f"{name} 有 {len(problems)} 处问题。第一处：{first.zh}",
        )
        self.problems = tuple(problems)


class Line(NamedTuple):
    """One row of the table, with its number in the file."""

    number: int
    cells: tuple[str, ...]


class FirstSheet(NamedTuple):
    """The sheet of a workbook that is read when none is named, and what is said of others."""

    title: str
    zh: str = ""
    en: str = ""


def read_file(file: Path | bytes, name: str) -> bytes:
    """The file's bytes; FileRefused when there are too many, or none to be had."""
    if isinstance(file, bytes):
        content = file
    else:
        try:
            content = b"" if file.stat().st_size > FILE_BYTES_MAX else file.read_bytes()
        except OSError as error:
            raise FileRefused(name, [_unreadable(error)]) from error
        if not content and file.stat().st_size:
            raise FileRefused(name, [_TOO_BIG])
    if len(content) > FILE_BYTES_MAX:
        raise FileRefused(name, [_TOO_BIG])
    return content


def read_lines(content: bytes, name: str, sheet: str | None = None) -> list[Line]:
    """The rows that are not blank, one at least. Of a workbook, those of the sheet named, or of
    the first."""
    if content.startswith((_ZIP, _OLD_EXCEL)):
        lines = _workbook(content, name, sheet)
    else:
        lines = _delimited(_decoded(content, name), name)
    found = [line for line in lines if any(line.cells)]
    if not found:
        raise FileRefused(name, [_empty(None if sheet else first_sheet(content))])
    return found


def first_sheet(content: bytes) -> FirstSheet | None:
    """The first sheet of a workbook; None of CSV."""
    if not content.startswith((_ZIP, _OLD_EXCEL)):
        return None
    title, *others = CalamineWorkbook.from_filelike(BytesIO(content)).sheet_names
    if not others:
        return FirstSheet(title)
    zh, en = "、".join(f"“{each}”" for each in others), ", ".join(map(repr, others))
    return FirstSheet(
        title,
        f"只读第一张工作表；如内容在{zh}中，请将其移到最前。",
        f" Only the first worksheet is read; if it is in {en}, move that to the front.",
    )


def plain(text: str) -> str:
    """The text with full-width characters made half-width, trimmed, and runs of blanks made one."""
    return " ".join(normalize("NFKC", text).split())


def _workbook(content: bytes, name: str, sheet: str | None) -> list[Line]:
    try:
        if content.startswith(_ZIP):
            with ZipFile(BytesIO(content)) as archive:
                if sum(part.file_size for part in archive.infolist()) > UNPACKED_BYTES_MAX:
                    raise FileRefused(name, [_TOO_BIG])
        workbook = CalamineWorkbook.from_filelike(BytesIO(content))
        if sheet is not None and sheet not in workbook.sheet_names:
            raise FileRefused(name, [_no_sheet(sheet)])
        title = sheet or workbook.sheet_names[0]
        rows = workbook.get_sheet_by_name(title).to_python(skip_empty_area=False)
        failed = _failed_formulas(content, title)
    except BadZipFile as error:
        raise FileRefused(name, [_TRUNCATED]) from error
    except (CalamineError, KeyError, IndexError, OSError, ValueError) as error:
        raise FileRefused(name, [_LOCKED if _ENCRYPTED in content else _NO_WORKBOOK]) from error
    return [
        Line(number, tuple(failed.get((number, p)) or _text(v) for p, v in enumerate(row)))
        for number, row in enumerate(rows, 1)
    ]


def _failed_formulas(content: bytes, title: str) -> dict[tuple[int, int], str]:
    """What a worksheet's formulas say that came to an error, by row and place; the reader of
    workbooks gives nothing for them."""
    if not content.startswith(_ZIP):
        return {}
    with ZipFile(BytesIO(content)) as archive:
        if _BOOK not in archive.namelist():  # of another kind than xlsx
            return {}
        part = _part_of(archive, title)
        found = _FAILED.findall(archive.read(part)) if part in archive.namelist() else []
    return {(int(row), _place(letters)): said.decode() for letters, row, said in found}


def _part_of(archive: ZipFile, title: str) -> str | None:
    """The name under which a worksheet is packed."""
    ids = [each["id"] for each in _tags(archive, _BOOK, "sheet") if each.get("name") == title]
    for each in _tags(archive, "xl/_rels/workbook.xml.rels", "Relationship"):
        if each.get("Id") in ids:
            target = each["Target"].removeprefix("/")
            return target if target.startswith("xl/") else f"xl/{target}"
    return None


def _tags(archive: ZipFile, part: str, tag: str) -> Iterator[dict[str, str]]:
    """The attributes of each tag of a name, without their prefixes."""
    text = archive.read(part).decode()
    for found in re.findall(rf"<(?:\w+:)?{tag}\s([^>]*)>", text):
        pairs = re.findall(r'(\w+)="([^"]*)"', found)
        yield {name: unescape(value) for name, value in pairs}


def _place(letters: bytes) -> int:
    """Where a column stands that Excel calls A, B … AA: 0 for A."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - ord("A") + 1
    return place - 1


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _decoded(content: bytes, name: str) -> str:
    if content.startswith(_PDF):
        raise FileRefused(name, [_NOT_TEXT])
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            if encoding == "utf-8-sig" and _is_damaged_utf8(content):
                raise FileRefused(name, [_DAMAGED_TEXT]) from None
            continue
        if "\0" not in text:
            return text
    raise FileRefused(name, [_NOT_TEXT])


def _is_damaged_utf8(content: bytes) -> bool:
    """UTF-8 with a few bytes that are wrong or cut off: GB18030 would make another text of it."""
    text = content.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    # What takes three bytes in UTF-8, as Chinese does, hardly ever comes of GB18030.
    return 4 * wrong < sum("\u0800" <= each != "\ufffd" for each in text)


def _delimited(text: str, name: str) -> list[Line]:
    if _MARKUP.match(text):
        raise FileRefused(name, [_WEB_PAGE])
    head = "\n".join(text.splitlines()[:_HEAD_LINES])
    counts = Counter(re.sub(r'"[^"]*"', "", head))  # what is quoted divides nothing
    delimiter = max(_DELIMITERS, key=lambda each: counts[each])
    # Strict: a quotation mark that nobody closed would swallow every row behind it.
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines, number = [], 1
    try:
        for cells in reader:
            lines.append(Line(number, tuple(cell.strip() for cell in cells)))
            number = reader.line_num + 1
    except csv.Error as error:
        raise FileRefused(name, [_misquoted(number)]) from error
    return lines


# GB18030 takes almost any bytes for characters, so it comes last.
_ENCODINGS = ("utf-8-sig", "gb18030")


def _of_the_file(zh: str, en: str) -> CellProblem:
    return CellProblem(None, "", "", Bilingual(zh=zh, en=en))


_TOO_BIG = _of_the_file(
    f"文件过大（超过 {FILE_BYTES_MAX // 1024 // 1024} MiB）；请按区县拆分后分别导入。",
    f"The file is too big (over {FILE_BYTES_MAX // 1024 // 1024} MiB); split it.",
)
_NOT_TEXT = _of_the_file(
    "文件既非 UTF-8 或 GB18030 文本，也非 Excel 工作簿；请另存为 CSV 或 xlsx。",
    "The file is neither text in UTF-8 or GB18030 nor a workbook; save it as CSV or xlsx.",
)
_DAMAGED_TEXT = _of_the_file(
    "文件是 UTF-8 文本，但其中有损坏或被截断的字符；请重新取得该文件，或另存为 xlsx。",
    "The file is text in UTF-8 with characters that are damaged or cut off; get it anew, or save "
    "it as xlsx.",
)
_WEB_PAGE = _of_the_file(
    "文件是网页或 XML，并非表格；请用 Excel 打开，另存为 xlsx 后再提交。",
    "The file is a web page or XML, not a table; open it in Excel and save it as xlsx.",
)
_TRUNCATED = _of_the_file(
    "工作簿不完整或已损坏；请重新取得该文件，或用 Excel 打开后另存为 xlsx。",
    "The workbook is incomplete or damaged; get it anew, or open it in Excel and save it as xlsx.",
)
_LOCKED = _of_the_file(
    "工作簿有密码保护，无法读取；请在 Excel 中取消密码，另存为 xlsx。",
    "The workbook is locked by a password; take the password off in Excel and save it as xlsx.",
)
_NO_WORKBOOK = _of_the_file(
    "文件不是 Excel 工作簿（或已损坏）；请用 Excel 打开后另存为 xlsx 或 CSV。",
    "The file is no Excel workbook, or a damaged one; open it in Excel and save it as xlsx or CSV.",
)


def _misquoted(row: int) -> CellProblem:
    return _of_the_file(
        f"CSV 自第 {row} 行起引号不成对，其后各行无法区分；请补全引号，或另存为 xlsx。",
        f"From row {row} of the CSV on a quotation mark is not closed, and what follows cannot be "
        "told apart; close it, or save the file as xlsx.",
    )


def _empty(sheet: FirstSheet | None) -> CellProblem:
    if sheet is None:
        return _of_the_file(
            "文件是空的；请填写后再提交。", "The file is empty; fill it in and bring it again."
        )
    return _of_the_file(
        f"工作表“{sheet.title}”是空的；请填写后再提交。{sheet.zh}",
        f"The worksheet {sheet.title!r} is empty; fill it in and bring it again.{sheet.en}",
    )


def _unreadable(error: OSError) -> CellProblem:
    return _of_the_file(
        f"文件无法读取（{error.strerror}）；请检查其是否存在、能否打开。",
        f"The file cannot be read ({error.strerror}); see that it is there and may be opened.",
    )


def _no_sheet(sheet: str) -> CellProblem:
    return _of_the_file(
        f"工作簿中没有“{sheet}”工作表；请使用导出的工作簿并保留其工作表名称。",
        f"The workbook has no sheet “{sheet}”; use the one written here, its sheets' names "
        "unchanged.",
    )

"""The cells of a table in a file, from CSV in its many dialects or from a workbook, as text.

Guesses the encoding and the delimiter, and never what a cell means.
"""

import csv
import re
from collections import Counter
from io import BytesIO, StringIO
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook

from domain.refusals import Refused
from domain.words import Number, Words

FILE_BYTES_MAX = 20 * 1024 * 1024
UNPACKED_BYTES_MAX = 200 * 1024 * 1024
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_DELIMITERS = ",\t;"
_HEAD_LINES = 10


class Problem(NamedTuple):
    """What is wrong with one cell, or with the whole file: then without row, column and cell."""

    row: int | None
    column: str
    cell: str
    reason: Words


class FileRefused(Refused):
    """The file cannot be used: all its problems, each with its place."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
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
    """The rows that are not blank. Of a workbook, those of the sheet named, or of the first."""
    if content.startswith((_ZIP, _OLD_EXCEL)):
        lines = _workbook(content, name, sheet)
    else:
        lines = _delimited(_decoded(content, name), name)
    return [line for line in lines if any(line.cells)]


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
    except (BadZipFile, CalamineError, IndexError, OSError, ValueError) as error:
        raise FileRefused(name, [_unreadable(error)]) from error
    return [
        Line(number, tuple(_text(value) for value in row)) for number, row in enumerate(rows, 1)
    ]


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _decoded(content: bytes, name: str) -> str:
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise FileRefused(name, [_NOT_TEXT])


def _delimited(text: str, name: str) -> list[Line]:
    head = "\n".join(text.splitlines()[:_HEAD_LINES])
    counts = Counter(re.sub(r'"[^"]*"', "", head))  # what is quoted divides nothing
    delimiter = max(_DELIMITERS, key=lambda each: counts[each])
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    lines, number = [], 1
    try:
        for cells in reader:
            lines.append(Line(number, tuple(cell.strip() for cell in cells)))
            number = reader.line_num + 1
    except csv.Error as error:
        raise FileRefused(name, [_unreadable(error)]) from error
    return lines


# GB18030 takes almost any bytes for characters, so it comes last.
_ENCODINGS = ("utf-8-sig", "gb18030")

_TOO_BIG = Problem(
    None,
    "",
    "",
    Words(
        zh=f"文件过大（超过 {FILE_BYTES_MAX // 1024 // 1024} MiB）；请按区县拆分后分别导入。",
        en=f"The file is too big (over {FILE_BYTES_MAX // 1024 // 1024} MiB); split it.",
    ),
)
_NOT_TEXT = Problem(
    None,
    "",
    "",
    Words(
        zh="文件既非 UTF-8 或 GB18030 文本，也非 Excel 工作簿；请另存为 CSV 或 xlsx。",
        en="The file is neither text in UTF-8 or GB18030 nor a workbook; save it as CSV or xlsx.",
    ),
)


def _unreadable(error: Exception) -> Problem:
    return Problem(
        None,
        "",
        "",
        Words(
            zh=f"文件无法读取（{error}）；请检查后另存为 CSV 或 xlsx。",
            en=f"The file cannot be read ({error}); check it and save it as CSV or xlsx.",
        ),
    )


def _no_sheet(sheet: str) -> Problem:
    return Problem(
        None,
        "",
        "",
        Words(
            zh=f"工作簿中没有“{sheet}”工作表；请使用导出的工作簿并保留其工作表名称。",
            en=f"The workbook has no sheet “{sheet}”; use the one written here, its sheets' names "
            "unchanged.",
        ),
    )

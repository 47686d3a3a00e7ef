"""Reads the cells of a table as text, from CSV in its many dialects or from a workbook.

It guesses the encoding and the delimiter, but never the meaning of a cell.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from html import unescape
from io import BytesIO, StringIO
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from unicodedata import normalize
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook

from api.params import params_of
from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual
from projections.places import with_names

FILE_BYTES_MAX = 20 * 1024 * 1024
UNPACKED_BYTES_MAX = 200 * 1024 * 1024
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PDF = b"%PDF"
_MARKUP = re.compile(r"\s*<[!?a-z]", re.IGNORECASE)
# A cell of type `e` (error), with its column, row and text.
_FAILED = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]+)([0-9]+)"[^>]*>'
    rb"(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)",
    re.DOTALL,
)
_BOOK = "xl/workbook.xml"
_DELIMITERS = ",\t;"
_HEAD_LINES = 10


class CellProblem(NamedTuple):
    """What is wrong with one cell, or with the whole file (without row, column and cell).

    `names` are those of places that the sentence may mention.
    """

    row: int | None
    column: str
    cell: str
    refusal: Refused
    names: Mapping[str, str] = MappingProxyType({})

    @property
    def reason(self) -> Bilingual:
        """The whole sentence: what is wrong, and what to do."""
        return with_names(self.refusal.words, self.names)

    def shown(self) -> dict[str, Any]:
        """The problem as JSON, in both languages."""
        return {
            "row": self.row,
            "column": self.column,
            "cell": self.cell,
            "code": self.refusal.code,
            "params": params_of(self.refusal, None),
            "reason": self.reason.model_dump(),
        }


def of_the_file(refusal: Refused) -> CellProblem:
    """A problem of the whole file."""
    return CellProblem(None, "", "", refusal)


class FileRefused(Refused):
    """The file cannot be used. It has all problems with their places."""

    def __init__(self, name: str, problems: list[CellProblem]) -> None:
        first = problems[0].reason
        unended = Bilingual(zh=first.zh.rstrip("。"), en=first.en.rstrip("."))
        super().__init__("file.refused", file=name, problems=len(problems), first=unended)
        self.problems = tuple(problems)


class Line(NamedTuple):
    """One row of the table, with its number in the file."""

    number: int
    cells: tuple[str, ...]


class FirstSheet(NamedTuple):
    """The first sheet of a workbook, which is read by default, and the names of the others."""

    title: str
    others: tuple[str, ...] = ()


def read_file(file: Path | bytes, name: str) -> bytes:
    """The file's bytes; FileRefused if it is too large or cannot be read."""
    if isinstance(file, bytes):
        content = file
    else:
        try:
            content = b"" if file.stat().st_size > FILE_BYTES_MAX else file.read_bytes()
        except OSError as error:
            why = Refused("file.unreadable", why=error.strerror)
            raise FileRefused(name, [of_the_file(why)]) from error
        if not content and file.stat().st_size:
            raise FileRefused(name, [of_the_file(_too_big())])
    if len(content) > FILE_BYTES_MAX:
        raise FileRefused(name, [of_the_file(_too_big())])
    return content


def read_lines(content: bytes, name: str, sheet: str | None = None) -> list[Line]:
    """The rows that are not blank, at least one. For a workbook, those of the named or
    the first sheet."""
    if content.startswith((_ZIP, _OLD_EXCEL)):
        lines = _workbook(content, name, sheet)
    else:
        lines = _delimited(_decoded(content, name), name)
    found = [line for line in lines if any(line.cells)]
    if not found:
        raise FileRefused(name, [of_the_file(_empty(None if sheet else first_sheet(content)))])
    return found


def first_sheet(content: bytes) -> FirstSheet | None:
    """The first sheet of a workbook; None for CSV."""
    if not content.startswith((_ZIP, _OLD_EXCEL)):
        return None
    title, *others = CalamineWorkbook.from_filelike(BytesIO(content)).sheet_names
    return FirstSheet(title, tuple(others))


def plain(text: str) -> str:
    """The text trimmed, with half-width characters and single blanks."""
    return " ".join(normalize("NFKC", text).split())


def _workbook(content: bytes, name: str, sheet: str | None) -> list[Line]:
    try:
        if content.startswith(_ZIP):
            with ZipFile(BytesIO(content)) as archive:
                if sum(part.file_size for part in archive.infolist()) > UNPACKED_BYTES_MAX:
                    raise FileRefused(name, [of_the_file(_too_big())])
        workbook = CalamineWorkbook.from_filelike(BytesIO(content))
        if sheet is not None and sheet not in workbook.sheet_names:
            raise FileRefused(name, [of_the_file(Refused("file.no-worksheet", worksheet=sheet))])
        title = sheet or workbook.sheet_names[0]
        rows = workbook.get_sheet_by_name(title).to_python(skip_empty_area=False)
        failed = _failed_formulas(content, title)
    except BadZipFile as error:
        raise FileRefused(name, [of_the_file(Refused("file.truncated"))]) from error
    except (CalamineError, KeyError, IndexError, OSError, ValueError) as error:
        code = "file.locked" if _ENCRYPTED in content else "file.no-workbook"
        raise FileRefused(name, [of_the_file(Refused(code))]) from error
    return [
        Line(number, tuple(failed.get((number, p)) or _text(v) for p, v in enumerate(row)))
        for number, row in enumerate(rows, 1)
    ]


def _failed_formulas(content: bytes, title: str) -> dict[tuple[int, int], str]:
    """The error values of a worksheet's formulas, by row and column; the reader of
    workbooks returns nothing for them."""
    if not content.startswith(_ZIP):
        return {}
    with ZipFile(BytesIO(content)) as archive:
        if _BOOK not in archive.namelist():  # not an xlsx
            return {}
        part = _part_of(archive, title)
        found = _FAILED.findall(archive.read(part)) if part in archive.namelist() else []
    return {(int(row), _place(letters)): said.decode() for letters, row, said in found}


def _part_of(archive: ZipFile, title: str) -> str | None:
    """The name of a worksheet's part in the archive."""
    ids = [each["id"] for each in _tags(archive, _BOOK, "sheet") if each.get("name") == title]
    for each in _tags(archive, "xl/_rels/workbook.xml.rels", "Relationship"):
        if each.get("Id") in ids:
            target = each["Target"].removeprefix("/")
            return target if target.startswith("xl/") else f"xl/{target}"
    return None


def _tags(archive: ZipFile, part: str, tag: str) -> Iterator[dict[str, str]]:
    """The attributes of each tag with this name, without prefixes."""
    text = archive.read(part).decode()
    for found in re.findall(rf"<(?:\w+:)?{tag}\s([^>]*)>", text):
        pairs = re.findall(r'(\w+)="([^"]*)"', found)
        yield {name: unescape(value) for name, value in pairs}


def _place(letters: bytes) -> int:
    """The index of a column in Excel's notation (A, B … AA): 0 for A."""
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
        raise FileRefused(name, [of_the_file(Refused("file.no-text"))])
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            if encoding == "utf-8-sig" and _is_damaged_utf8(content):
                raise FileRefused(name, [of_the_file(Refused("file.damaged-text"))]) from None
            continue
        if "\0" not in text:
            return text
    raise FileRefused(name, [of_the_file(Refused("file.no-text"))])


def _is_damaged_utf8(content: bytes) -> bool:
    """Whether it is UTF-8 with a few damaged bytes, which GB18030 would read as another text."""
    text = content.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    # Three-byte sequences of UTF-8, as for Chinese, hardly ever occur in GB18030.
    return 4 * wrong < sum("\u0800" <= each != "\ufffd" for each in text)


def _delimited(text: str, name: str) -> list[Line]:
    if _MARKUP.match(text):
        raise FileRefused(name, [of_the_file(Refused("file.web-page"))])
    head = "\n".join(text.splitlines()[:_HEAD_LINES])
    counts = Counter(re.sub(r'"[^"]*"', "", head))  # delimiters within quotes do not count
    delimiter = max(_DELIMITERS, key=lambda each: counts[each])
    # Strict: an unclosed quotation mark would swallow all following rows.
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines, number = [], 1
    try:
        for cells in reader:
            lines.append(Line(number, tuple(cell.strip() for cell in cells)))
            number = reader.line_num + 1
    except csv.Error as error:
        raise FileRefused(name, [of_the_file(Refused("file.misquoted", row=number))]) from error
    return lines


# GB18030 accepts almost any bytes, so it comes last.
_ENCODINGS = ("utf-8-sig", "gb18030")


def _too_big() -> Refused:
    return Refused("file.too-big", megabytes=FILE_BYTES_MAX // 1024 // 1024)


def _empty(sheet: FirstSheet | None) -> Refused:
    if sheet is None:
        return Refused("file.empty")
    return Refused("file.empty-worksheet", worksheet=sheet.title, others=sheet.others or None)

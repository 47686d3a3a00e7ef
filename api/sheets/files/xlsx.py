"""The rows of a worksheet in an .xlsx, read as a stream: blank cells take no memory.

By the standard library's expat; no document type is taken, so no entity can grow.
"""

import posixpath
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any, NamedTuple
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from api.sheets.files.days import date_text, is_date_format
from api.sheets.files.found import (
    CHARACTERS_MAX,
    Rows,
    Unreadable,
    Worksheets,
    chosen,
    number_text,
)

UNPACKED_BYTES_MAX = 512 * 1024 * 1024  # of a worksheet: mostly blank cells with a format
OTHER_BYTES_MAX = 128 * 1024 * 1024
_CHUNK_BYTES = 256 * 1024
_BOOK = "xl/workbook.xml"
_BOOK_TYPE = "/officeDocument"


class _Formats(NamedTuple):
    dates: tuple[bool, ...]
    since_1904: bool


def read(content: bytes, named: str | None) -> tuple[Worksheets, Rows]:
    """The worksheet named, or the first that is not hidden; raises Unreadable."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            return _read(archive, named)
    except (BadZipFile, zlib.error, EOFError) as error:
        raise Unreadable("file.truncated") from error
    except (KeyError, ValueError, NotImplementedError, RuntimeError, expat.ExpatError) as error:
        raise Unreadable("file.no-workbook") from error


def _read(archive: ZipFile, named: str | None) -> tuple[Worksheets, Rows]:
    book = _related(archive, "", _BOOK_TYPE).get("", _BOOK)
    sheets: list[tuple[str, bool, str]] = []
    since_1904 = False

    def opened(tag: str, attributes: Mapping[str, str]) -> None:
        nonlocal since_1904
        if tag == "sheet":
            hidden = attributes.get("state", "visible") != "visible"
            sheets.append((attributes["name"], hidden, attributes.get("id", "")))
        elif tag == "workbookPr":
            since_1904 = attributes.get("date1904") in ("1", "true")

    _parse(archive, book, opened)
    parts = _related(archive, book, "/worksheet")
    tables = [each for each in sheets if each[2] in parts]  # a chart may be a sheet, too
    found = chosen([(title, hidden) for title, hidden, _ in tables], named)
    part = next(parts[id] for title, _, id in tables if title == found.title)
    strings = _strings(archive, _one(_related(archive, book, "/sharedStrings")))
    formats = _Formats(_date_styles(archive, _one(_related(archive, book, "/styles"))), since_1904)
    return found, _SheetReader(strings, formats).read(archive, part)


def _one(parts: Mapping[str, str]) -> str | None:
    return next(iter(parts.values()), None)


def _related(archive: ZipFile, part: str, kind: str) -> dict[str, str]:
    """The parts of a kind that a part names, by the ids that it gives them; the book by ""."""
    folder, _, name = part.rpartition("/")
    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    found: dict[str, str] = {}

    def opened(tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "Relationship" and attributes.get("Type", "").endswith(kind):
            target = attributes["Target"]
            whole = target[1:] if target.startswith("/") else posixpath.join(folder, target)
            found["" if not part else attributes["Id"]] = posixpath.normpath(whole)

    if relations in archive.NameToInfo:
        _parse(archive, relations, opened)
    return found


def _strings(archive: ZipFile, part: str | None) -> list[str]:
    """The texts that cells share, without phonetic hints (rPh)."""
    found: list[str] = []
    pieces: list[str] = []
    open_tags: set[str] = set()
    characters = 0

    def opened(tag: str, _: Mapping[str, str]) -> None:
        open_tags.add(tag)
        if tag == "si":
            pieces.clear()

    def closed(tag: str) -> None:
        open_tags.discard(tag)
        if tag == "si":
            found.append("".join(pieces))

    def said(text: str) -> None:
        nonlocal characters
        if "t" in open_tags and "rPh" not in open_tags:
            characters += len(text)
            if characters > CHARACTERS_MAX:
                raise Unreadable("file.too-much")
            pieces.append(text)

    if part is not None and part in archive.NameToInfo:
        _parse(archive, part, opened, closed, said)
    return found


def _date_styles(archive: ZipFile, part: str | None) -> tuple[bool, ...]:
    """Of each style of cells, whether its numbers are shown as dates."""
    codes: dict[int, str] = {}
    styles: list[int] = []
    inside = ""

    def opened(tag: str, attributes: Mapping[str, str]) -> None:
        nonlocal inside
        if tag in ("cellXfs", "cellStyleXfs", "dxfs"):
            inside = tag
        elif tag == "numFmt":
            codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif tag == "xf" and inside == "cellXfs":
            styles.append(int(attributes.get("numFmtId", 0)))

    if part is not None and part in archive.NameToInfo:
        _parse(archive, part, opened)
    return tuple(is_date_format(each, codes.get(each)) for each in styles)


class _SheetReader:
    """Gathers the cells that say something, row by row; for a blank one it does next to nothing."""

    def __init__(self, strings: list[str], formats: _Formats) -> None:
        self.rows = Rows()
        self._strings = strings
        self._formats = formats
        self._parser = expat.ParserCreate()
        self._row = 0
        self._reference = ""  # of the last cell in the row that says where it is
        self._after = 0  # how many cells after that one
        self._cells: dict[int, str] = {}
        self._cell: dict[str, str] = {}
        self._pieces: list[str] = []
        self._skipped = 0

    def read(self, archive: ZipFile, part: str) -> Rows:
        """The rows of a worksheet."""
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._opened
        _feed(self._parser, archive, part, UNPACKED_BYTES_MAX)
        self._end_row()
        return self.rows

    def _opened(self, name: str, attributes: dict[str, str]) -> None:
        tag = name if name == "c" else _local(name)
        if tag == "c":
            self._cell = attributes
            if "r" in attributes:
                self._reference, self._after = attributes["r"], 0
            else:
                self._after += 1
        elif tag in ("v", "is"):
            self._pieces = []
            self._parser.CharacterDataHandler = self._said
            self._parser.EndElementHandler = self._closed
        elif tag == "row":
            self._end_row()
            self._row = int(attributes["r"]) if "r" in attributes else self._row + 1
        elif tag == "rPh":
            self._skipped += 1

    def _said(self, text: str) -> None:
        if not self._skipped:
            self._pieces.append(text)

    def _closed(self, name: str) -> None:
        tag = _local(name)
        if tag == "rPh":
            self._skipped -= 1
        elif tag in ("v", "is"):
            self._parser.CharacterDataHandler = self._parser.EndElementHandler = None
            if text := self._value("".join(self._pieces)).strip():
                self._cells[_place(self._reference) + self._after] = text

    def _end_row(self) -> None:
        self.rows.add(self._row, self._cells)
        self._cells, self._reference, self._after = {}, "", 0

    def _value(self, text: str) -> str:
        match self._cell.get("t", "n"):
            case "s":
                return self._strings[int(text)] if text else ""
            case "b":
                return "TRUE" if text.strip() in ("1", "true") else "FALSE"
            case "n":
                return self._number(text.strip())
            case _:
                return text

    def _number(self, text: str) -> str:
        if not text:
            return ""
        value, style = float(text), int(self._cell.get("s", 0))
        dates = self._formats.dates
        if style < len(dates) and dates[style]:
            return date_text(value, since_1904=self._formats.since_1904)
        return number_text(value)


def _place(reference: str) -> int:
    """Where the column of a reference is, such as AB12: 0 for A."""
    place = 0
    for each in reference:
        if not "A" <= each <= "Z":
            break
        place = place * 26 + ord(each) - 64
    return place - 1


def _parse(
    archive: ZipFile,
    part: str,
    opened: Callable[[str, Mapping[str, str]], None],
    closed: Callable[[str], None] | None = None,
    said: Callable[[str], None] | None = None,
) -> None:
    """Read a part tag by tag; the names of tags and attributes without their prefixes."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def begin(name: str, attributes: dict[str, str]) -> None:
        opened(_local(name), {_local(each): value for each, value in attributes.items()})

    def end(name: str) -> None:
        if closed is not None:
            closed(_local(name))

    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.CharacterDataHandler = said
    _feed(parser, archive, part, OTHER_BYTES_MAX)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _feed(parser: expat.XMLParserType, archive: ZipFile, part: str, bytes_max: int) -> None:
    if archive.getinfo(part).file_size > bytes_max:
        raise Unreadable("file.too-much")
    parser.StartDoctypeDeclHandler = _refuse_types
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            parser.Parse(chunk, False)
    parser.Parse(b"", True)


def _refuse_types(*_: Any) -> None:
    raise Unreadable("file.no-workbook")

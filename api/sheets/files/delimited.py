"""The rows of a CSV in its many dialects; guesses the encoding and the delimiter."""

import csv
from collections import Counter
from io import StringIO
from itertools import islice

from api.sheets.files.found import Rows, Unreadable

_PDF = b"%PDF"
_DELIMITERS = ",\t;"
_HEAD_LINES = 10
_HEAD_CHARACTERS = 20_000
# GB18030 takes almost any bytes for characters, so it comes last.
_ENCODINGS = ("utf-8-sig", "gb18030")
# The characters that are in use, in either encoding: those of its first level.
_GB_COMMON, _BIG5_COMMON = range(0xB0, 0xD8), range(0xA4, 0xC7)


def read(content: bytes) -> Rows:
    """Every row that is not blank, numbered as spreadsheets do: a cell may hold line breaks."""
    text = _decoded(content)
    if _is_markup(text):
        raise Unreadable("file.web-page")
    csv.field_size_limit(len(text) + 1)
    # Strict: an unclosed quotation mark would swallow every row after it.
    reader = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows, number = Rows(), 1
    try:
        for number, cells in enumerate(reader, 1):
            found = ((place, _unwrapped(cell.strip())) for place, cell in enumerate(cells))
            rows.add(number, {place: cell for place, cell in found if cell})
        number += 1
    except csv.Error as error:
        raise Unreadable("file.misquoted", row=number + 1 if rows.found else 1) from error
    return rows


def _unwrapped(cell: str) -> str:
    """The text of a cell that is kept from Excel as `="…"`."""
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
        inside = cell[2:-1]
        if '"' not in inside.replace('""', ""):
            return inside.replace('""', '"').strip()
    return cell


def _delimiter(text: str) -> str:
    head = islice(StringIO(text[:_HEAD_CHARACTERS]), _HEAD_LINES)
    # What is quoted divides nothing.
    counts = Counter("".join("".join(head).split('"')[::2]))
    return max(_DELIMITERS, key=lambda each: counts[each])


def _is_markup(text: str) -> bool:
    begin = text[:_HEAD_CHARACTERS].lstrip()[:2].lower()
    return begin[:1] == "<" and (begin[1:] in ("!", "?") or begin[1:].isalpha())


def _decoded(content: bytes) -> str:
    if content.startswith(_PDF):
        raise Unreadable("file.no-text")
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            if encoding == "utf-8-sig" and _is_damaged_utf8(content):
                raise Unreadable("file.damaged-text") from None
            continue
        if "\0" not in text:
            if encoding == "gb18030" and _is_big5(content):
                raise Unreadable("file.big5")
            return text
    raise Unreadable("file.no-text")


def _is_damaged_utf8(content: bytes) -> bool:
    """UTF-8 with a few bytes that are wrong or cut off: GB18030 would make another text of it."""
    text = content.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    # What takes three bytes in UTF-8, as Chinese does, hardly ever comes of GB18030.
    return 4 * wrong < sum("\u0800" <= each != "\ufffd" for each in text)


def _is_big5(content: bytes) -> bool:
    """Whether more of the text is in common use when it is read as Big5, of Taiwan and Hong
    Kong."""
    try:
        content.decode("cp950")
    except UnicodeDecodeError:
        return False
    return _common(content, "cp950", _BIG5_COMMON) > _common(content, "gb18030", _GB_COMMON)


def _common(content: bytes, encoding: str, leads: range) -> int:
    """How many characters are of those in common use."""
    text = content[: _HEAD_CHARACTERS * 4].decode(encoding, "ignore")
    codes = (each.encode(encoding) for each in text if each >= "\x80")
    gb = encoding == "gb18030"
    return sum(
        len(code) == 2 and code[0] in leads and (not gb or code[1] >= 0xA1) for code in codes
    )

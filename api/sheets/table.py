"""The cells of a table in a file, as text, and the problems of a file.

A separate process reads the file (api/sheets/files). The meaning of a cell is never guessed.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from api.sheets.files import process
from api.sheets.files.found import Line, Unreadable, Worksheets
from domain.kernel.params import params_of
from domain.kernel.refusal import Refused
from domain.kernel.stated import fault_of
from domain.kernel.text import Bilingual, plain
from projections.places import with_names

FILE_BYTES_MAX = 20 * 1024 * 1024
OR_SAY_WHY = Bilingual(
    zh="如确已如此发生，请在“仍要登记的理由”一列说明。",
    en="If it did happen so, say why in the column “Recorded despite”.",
)
# What Excel and WPS show if a formula has no value, or if a column is too narrow.
_FAILED = re.compile(
    r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|BUSY!|CONNECT!"
    r"|EXTERNAL!|PYTHON!|UNKNOWN!|GETTING_DATA|#{2,})"
)


class CellProblem(NamedTuple):
    """What is wrong with one cell, or with the whole file (without row, column and cell).

    `names` are those of places that the sentence may mention. What is `irregular` is not wrong: it
    is recorded if the row says why.
    """

    row: int | None
    column: str
    cell: str
    refusal: Refused
    names: Mapping[str, str] = MappingProxyType({})
    irregular: bool = False

    @property
    def reason(self) -> Bilingual:
        """The whole sentence: what is wrong, and what to do."""
        words = with_names(self.refusal.words, self.names)
        if not self.irregular:
            return words
        return Bilingual(zh=f"{words.zh}{OR_SAY_WHY.zh}", en=f"{words.en} {OR_SAY_WHY.en}")

    def shown(self) -> dict[str, Any]:
        """The problem as JSON, in both languages."""
        return {
            "row": self.row,
            "column": self.column,
            "cell": self.cell,
            "code": self.refusal.code,
            "params": params_of(self.refusal, None),
            "reason": self.reason.model_dump(),
            "irregular": self.irregular,
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


class Table(NamedTuple):
    """The rows of a file that are not blank, one at least, and which worksheet of a workbook they
    are from."""

    lines: list[Line]
    worksheets: Worksheets | None


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


def read_table(content: bytes, name: str, worksheet: str | None = None) -> Table:
    """The file's table. Of a workbook, that of the worksheet named, or of the first that is not
    hidden. Raises FileRefused."""
    try:
        found, lines = process.read(content, worksheet)
    except Unreadable as wrong:
        raise FileRefused(name, [of_the_file(Refused(wrong.code, **wrong.params))]) from None
    if not lines:
        raise FileRefused(name, [of_the_file(_empty(None if worksheet else found))])
    return Table(lines, found)


def unsound(cell: str) -> Refused | None:
    """Why a cell cannot be used, if there is a reason: a formula without a value, or invisible or
    damaged characters. To be asked before a cell is read."""
    if cell.startswith(("#", "＃")) and _FAILED.fullmatch(plain(cell)):
        return Refused("cell.formula-failed", shown=plain(cell))
    return fault_of(cell)


def _too_big() -> Refused:
    return Refused("file.too-big", megabytes=FILE_BYTES_MAX // 1024 // 1024)


def _empty(found: Worksheets | None) -> Refused:
    if found is None:
        return Refused("file.empty")
    return Refused(
        "file.empty-worksheet",
        worksheet=found.title,
        others=found.others or None,
        hidden=found.hidden or None,
    )

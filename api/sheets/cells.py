"""Parses cells: days, numbers and texts as people write them; Unfit otherwise.

Names and codes are looked up in api/sheets/directory.py.
"""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from domain.kernel.ids import ID_PATTERN
from domain.kernel.irregular import DESPITE_MAX
from domain.kernel.policy.term import Term
from domain.kernel.refusal import Param, Refused
from domain.kernel.text import Bilingual, plain

CHARACTERS_SHOWN_MAX = 200
TITLE_CHARACTERS_MAX = 200
DECIMALS_MAX = 9  # of a number that Excel computed: 12.299999999999999 was shown as 12.3
_DAY = re.compile(
    r"([0-9]{4})(?:[-/.]|年)([0-9]{1,2})(?:[-/.]|月)([0-9]{1,2})日?(?:[ T]0{1,2}:00(?::00)?)?"
)
_DAY_IN_ONE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_AROUND = re.compile(r"\s*([-/.年月日])\s*")
_NUMBER = re.compile(r"[-+]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?")
_BETWEEN = re.compile(r"[、,，;；\n]+")


class Unfit(Refused):
    """A cell does not contain what its column requires.

    `column` is given if it is not the column that was read.
    """

    def __init__(self, code: str, /, *, column: str | None = None, **params: Param) -> None:
        super().__init__(code, **params)
        self.column = column

    @classmethod
    def of(cls, refusal: Refused) -> "Unfit":
        """The refusal of what a cell contains."""
        unfit = cls(refusal.code)
        unfit.params = refusal.params
        return unfit

    def at(self, column: str) -> "Unfit":
        """The same for another column."""
        return Unfit(self.code, column=column, **self.params)


def day(cell: str) -> date:
    """A date: 2021-03-31, 2021/3/31, 2021.3.31, 2021年3月31日, 20210331, or a date of Excel's."""
    text = _AROUND.sub(r"\1", plain(cell))
    found = _DAY.fullmatch(text) or _DAY_IN_ONE.fullmatch(text)
    if found is None:
        raise Unfit("cell.no-day")
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        raise Unfit("cell.no-such-day") from None


def number(cell: str) -> Decimal:
    """A number, with or without thousands separators."""
    text = plain(cell).replace(" ", "").replace("−", "-")
    if not _NUMBER.fullmatch(text):
        raise Unfit("cell.no-number")
    value = Decimal(text.replace(",", ""))
    if len(text.partition(".")[2]) > DECIMALS_MAX:
        value = round(value, DECIMALS_MAX)
    return value.normalize() if value else Decimal()


def whole(cell: str) -> int:
    """A whole number."""
    value = number(cell)
    if value != value.to_integral_value():
        raise Unfit("cell.not-whole")
    return int(value)


def line(cell: str) -> str:
    """A text in one line: line breaks and runs of blanks become one blank."""
    return " ".join(cell.split())


def title(cell: str) -> str:
    """A name or title in one line."""
    text = line(cell)
    if len(text) > TITLE_CHARACTERS_MAX:
        raise Unfit("cell.title-too-long", characters=TITLE_CHARACTERS_MAX)
    return text


def passage(cell: str) -> str:
    """A text with its line breaks."""
    lines = (each.rstrip() for each in cell.replace("_x000D_", "").splitlines())
    return "\n".join(lines).strip()


def reason(cell: str) -> str:
    """The reason for a fact that breaks a procedure."""
    text = passage(cell)
    if len(text) > DESPITE_MAX:
        raise Unfit("cell.title-too-long", characters=DESPITE_MAX)
    return text


def several(cell: str) -> tuple[str, ...]:
    """The parts of a list separated by 、, commas, semicolons or line breaks."""
    return tuple(text for part in _BETWEEN.split(cell) if (text := line(part)))


def lines(cell: str) -> tuple[str, ...]:
    """The parts of a list separated by semicolons and line breaks; they may contain commas."""
    return tuple(text for part in re.split(r"[;；\n]+", cell) if (text := line(part)))


def word(cell: str) -> str:
    """A word for comparison: half-width, lower case, without blanks."""
    return plain(cell).replace(" ", "").lower()


def id(cell: str) -> str:
    """An id: lower-case letters, digits, dots and hyphens."""
    text = plain(cell)
    if not re.fullmatch(ID_PATTERN, text):
        raise Unfit("cell.no-id")
    return text


def term(
    cell: str, terms: Iterable[Term], what: Bilingual, *, offered: Iterable[Term] | None = None
) -> str:
    """The code of a term, given by its Chinese or English title or by the code.

    `offered` are those that a refusal lists, if not all of them belong in the column.
    """
    choices = ((each.code, each.title) for each in terms)
    titles = None if offered is None else [each.title for each in offered]
    return chosen(cell, choices, what, offered=titles)


def chosen(
    cell: str,
    choices: Iterable[tuple[str, Bilingual]],
    what: Bilingual,
    *,
    offered: Iterable[Bilingual] | None = None,
) -> str:
    """The code of a choice, given by the code or by its title in either language."""
    asked, known = word(cell), list(choices)
    for code, title in known:
        if asked in (code, word(title.zh), word(title.en)):
            return code
    if not known:
        raise Unfit("cell.nothing-to-choose", what=what)
    titles = [title for _, title in known] if offered is None else list(offered)
    raise Unfit("cell.no-such-choice", what=what, choices=titles)

"""What a cell says: days, numbers and texts as people write them, or a sentence why it is none.

Knows nothing of the record: what a name or code stands for is looked up in api/sheets/directory.py.
"""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from api.sheets.table import plain
from domain.kernel.ids import ID_PATTERN
from domain.kernel.text import Bilingual
from domain.policy.term import Term

CHARACTERS_SHOWN_MAX = 200
TITLE_CHARACTERS_MAX = 200
DECIMALS_MAX = 9  # of a figure that Excel computed: 12.299999999999999 was shown as 12.3
_DAY = re.compile(
    r"([0-9]{4})(?:[-/.]|年)([0-9]{1,2})(?:[-/.]|月)([0-9]{1,2})日?(?:[ T]0{1,2}:00(?::00)?)?"
)
_DAY_IN_ONE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_AROUND = re.compile(r"\s*([-/.年月日])\s*")
_NUMBER = re.compile(r"[-+]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?")
_FAILED_FORMULA = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!)")
_BETWEEN = re.compile(r"[、,，;；\n]+")


class Unfit(Exception):
    """A cell does not say what its column asks for: the sentence says what it should say.

    `column` names another column than the one that was read.
    """

    def __init__(self, zh: str, en: str, *, column: str | None = None) -> None:
        super().__init__(en)
        self.words = Bilingual(zh=zh, en=en)
        self.column = column

    def at(self, column: str) -> "Unfit":
        """The same of another column."""
        return Unfit(self.words.zh, self.words.en, column=column)


def require_computed(cell: str) -> None:
    """Unfit for what Excel shows in the place of a formula's value that there is none of."""
    if _FAILED_FORMULA.fullmatch(plain(cell)):
        raise Unfit(
            f"公式出错（{plain(cell)}），没有值；请更正公式，或改填其值。",
            f"The formula has no value ({plain(cell)}); mend it, or write the value.",
        )


def day(cell: str) -> date:
    """A date: 2021-03-31, 2021/3/31, 2021.3.31, 2021年3月31日, 20210331, or a date of Excel's."""
    text = _AROUND.sub(r"\1", plain(cell))
    found = _DAY.fullmatch(text) or _DAY_IN_ONE.fullmatch(text)
    if found is None:
        raise Unfit(
            "不是日期；请填写如 2021-03-31、2021/3/31 或 2021年3月31日。",
            "This is no date; write it like 2021-03-31.",
        )
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        raise Unfit(
            "没有这一天；请核对年、月、日。", "There is no such day; check year, month and day."
        ) from None


def number(cell: str) -> Decimal:
    """A number, written with or without separators of thousands."""
    text = plain(cell).replace(" ", "").replace("−", "-")
    if not _NUMBER.fullmatch(text):
        raise Unfit("不是数字；请只填写数字。", "This is no number; write digits only.")
    value = Decimal(text.replace(",", ""))
    if len(text.partition(".")[2]) > DECIMALS_MAX:
        value = round(value, DECIMALS_MAX)
    return value.normalize() if value else Decimal()


def whole(cell: str) -> int:
    """A whole number."""
    value = number(cell)
    if value != value.to_integral_value():
        raise Unfit("应为整数。", "This must be a whole number.")
    return int(value)


def line(cell: str) -> str:
    """A text in one line: breaks and runs of blanks are one blank. Its punctuation stays."""
    return " ".join(cell.split())


def title(cell: str) -> str:
    """A name or title in one line."""
    text = line(cell)
    if len(text) > TITLE_CHARACTERS_MAX:
        raise Unfit(
            f"至多 {TITLE_CHARACTERS_MAX} 个字。", f"At most {TITLE_CHARACTERS_MAX} characters."
        )
    return text


def passage(cell: str) -> str:
    """A text with its line breaks."""
    lines = (each.rstrip() for each in cell.replace("_x000D_", "").splitlines())
    return "\n".join(lines).strip()


def several(cell: str) -> tuple[str, ...]:
    """The parts of a list: 、 or a comma, a semicolon or a line break stands between them."""
    return tuple(text for part in _BETWEEN.split(cell) if (text := line(part)))


def lines(cell: str) -> tuple[str, ...]:
    """The parts of a list whose parts may hold commas: only semicolons and breaks divide it."""
    return tuple(text for part in re.split(r"[;；\n]+", cell) if (text := line(part)))


def word(cell: str) -> str:
    """A word as it is compared: half-width, lower case, without blanks."""
    return plain(cell).replace(" ", "").lower()


def id(cell: str) -> str:
    """An id: small letters, digits, dots and hyphens."""
    text = plain(cell)
    if not re.fullmatch(ID_PATTERN, text):
        raise Unfit(
            "应填写编号（小写字母、数字、点、连字符，如 li.na），而非姓名或名称。",
            "This takes an id (small letters, digits, dots, hyphens, such as li.na), not a name.",
        )
    return text


def term(
    cell: str, terms: Iterable[Term], what: Bilingual, *, offered: Iterable[Term] | None = None
) -> str:
    """The code of the term that a cell names by its Chinese or English title, or by that code.

    `offered` are those that a refusal names, where not all of them belong in the column.
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
    """The code of the choice that a cell names: by its code, or by its title in a language."""
    asked, known = word(cell), list(choices)
    for code, title in known:
        if asked in (code, word(title.zh), word(title.en)):
            return code
    if not known:
        raise Unfit(
            f"现行政策未列{what.zh}；请留空。", f"The policy has no {what.en}; leave it empty."
        )
    titles = [title for _, title in known] if offered is None else list(offered)
    zh, en = "、".join(each.zh for each in titles), ", ".join(each.en for each in titles)
    raise Unfit(f"没有这一{what.zh}；可填：{zh}。", f"There is no such {what.en}; choose: {en}.")

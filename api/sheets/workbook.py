"""Workbooks for sheets: templates to fill in, and sheets with their problems marked.

Texts stay texts: no formula, no link, no number that loses its leading zero.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook  # type: ignore[import-untyped]

from api.sheets.carrying import Prepared
from api.sheets.sheet import PROBLEMS, Column, SheetFormat
from api.sheets.table import CellProblem
from domain.kernel.text import Bilingual, Language, visible

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
CELL_CHARACTERS_MAX = 32_767
ROWS_TO_FILL = 1_000
ALLOWED_CHARACTERS_MAX = 255  # of a list that Excel stores in the cell itself
HEAD, MUST, WRONG, IRREGULAR = "#E7EEF4", "#FFF2CC", "#F8CBAD", "#FFE699"
EXAMPLE = Bilingual(zh="示例：", en="Example: ")


def template(kind: SheetFormat, columns: Sequence[Column], language: Language) -> bytes:
    """A workbook to fill in: the headers with an example row, and a sheet that explains them."""
    whole = BytesIO()
    with Workbook(whole, OPTIONS) as book:
        sheet = book.add_worksheet(kind.title.in_(language)[:31])
        head = book.add_format({"bold": True, "bg_color": HEAD, "bottom": 1})
        must = book.add_format({"bold": True, "bg_color": MUST, "bottom": 1})
        grey = book.add_format({"font_color": "#808080", "italic": True, "num_format": "@"})
        text = book.add_format({"num_format": "@"})
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            title = column.title.in_(language)
            # Text, so that Excel neither shortens codes nor turns days into numbers.
            sheet.set_column(place, place, max(14, 2 * len(title) + 4), text)
            sheet.write_string(0, place, title, must if column.required else head)
            example = column.example if place else f"{EXAMPLE.in_(language)}{column.example}"
            sheet.write_string(1, place, example, grey)
            _offer(sheet, place, [each.in_(language) for each in column.allowed])
        _explain(book, kind, columns, language)
    return whole.getvalue()


def annotated(prepared: Prepared, language: Language) -> bytes:
    """The sheet as received, with a last column of problems and the wrong cells
    marked. It can be corrected and imported as it is."""
    sheet = prepared.sheet
    by_row: defaultdict[int, list[CellProblem]] = defaultdict(list)
    for problem in prepared.problems:
        by_row[problem.row or sheet.header.number].append(problem)
    last = sheet.problems_place
    whole = BytesIO()
    with Workbook(whole, OPTIONS) as book:
        page = book.add_worksheet(prepared.kind.title.in_(language)[:31])
        plain = book.add_format({"num_format": "@", "valign": "top"})
        head = book.add_format({"bold": True, "bg_color": HEAD, "bottom": 1, "valign": "top"})
        wrong = book.add_format({"num_format": "@", "valign": "top", "bg_color": WRONG})
        odd = book.add_format({"num_format": "@", "valign": "top", "bg_color": IRREGULAR})
        said = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#9C0006"})
        page.set_column(0, last - 1, 18)
        page.set_column(last, last, 60)
        page.freeze_panes(sheet.header.number, 0)
        for number, line in sheet.lines.items():
            found = by_row[number]
            marked = {each.column: odd if each.irregular else wrong for each in found}
            for place, cell in enumerate(line.cells[:last]):
                style = head if line is sheet.header else plain
                headed = place < len(sheet.header.cells) and sheet.header.cells[place]
                if headed:
                    style = marked.get(headed, style)
                page.write_string(number - 1, place, visible(cell)[:CELL_CHARACTERS_MAX], style)
            shown = [_shown(each, language) for each in found]
            if line is sheet.header:
                shown.insert(0, PROBLEMS.in_(language))
            if shown:
                page.write_string(number - 1, last, "\n".join(shown)[:CELL_CHARACTERS_MAX], said)
    return whole.getvalue()


def _shown(problem: CellProblem, language: Language) -> str:
    reason = problem.reason.in_(language)
    return f"【{problem.column}】{reason}" if problem.column else reason


def _offer(sheet: Any, place: int, allowed: list[str]) -> None:
    """Add a list of choices, if Excel can store it in the cells themselves."""
    if allowed and len(",".join(allowed)) <= ALLOWED_CHARACTERS_MAX:
        choice = {"validate": "list", "source": allowed, "error_type": "warning"}
        sheet.data_validation(1, place, ROWS_TO_FILL, place, choice)


def _explain(book: Any, kind: SheetFormat, columns: Iterable[Column], language: Language) -> None:
    sheet = book.add_worksheet(EXPLAINED.in_(language))
    head = book.add_format({"bold": True, "bg_color": HEAD, "bottom": 1})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    for place, (words, width) in enumerate(EXPLANATION):
        sheet.set_column(place, place, width)
        sheet.write_string(3, place, words.in_(language), head)
    sheet.write_string(0, 0, kind.help.in_(language))
    sheet.write_string(1, 0, HOW.in_(language))
    for row, each in enumerate(columns, 4):
        between = "、" if language == "zh" else ", "
        cells = (
            each.title.in_(language),
            (YES if each.required else NO).in_(language),
            each.help.in_(language),
            between.join(words.in_(language) for words in each.allowed),
            each.example,
            each.title.in_("en" if language == "zh" else "zh"),
        )
        for place, cell in enumerate(cells):
            sheet.write_string(row, place, cell, body)


EXPLAINED = Bilingual(zh="填写说明", en="How to fill in")
YES, NO = Bilingual(zh="必填", en="required"), Bilingual(zh="可不填", en="optional")
HOW = Bilingual(
    zh="在第一张表填写，列的顺序不限，空行略过；以“示例：”开头的行不导入。日期可填 2026-03-31、"
    "2026/3/31 或 2026年3月31日。",
    en="Fill in the first sheet. Columns may be in any order, blank rows are skipped, and a row "
    "that begins with “Example:” is not imported. Write days like 2026-03-31.",
)
EXPLANATION = (
    (Bilingual(zh="列", en="Column"), 24),
    (Bilingual(zh="要求", en="Required"), 12),
    (Bilingual(zh="填写内容", en="What belongs in it"), 60),
    (Bilingual(zh="可填的值", en="Allowed values"), 60),
    (Bilingual(zh="示例", en="Example"), 30),
    (Bilingual(zh="英文列名", en="Chinese header"), 28),
)

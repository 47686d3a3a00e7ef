"""Sheets of programme items: each row has an item of a city's or a district's programme."""

from collections.abc import Iterator

from api.sheets import cells
from api.sheets.cells import Unfit
from api.sheets.columns import (
    BASIS,
    PERSON,
    UNIT,
    basis_of,
    due_before,
    due_column,
    other_basis,
    place_column,
)
from api.sheets.directory import Directory
from api.sheets.sheet import Column, Draft, Row, SheetFormat
from domain.kernel.context import Document
from domain.kernel.ids import derive_id
from domain.kernel.text import Bilingual
from domain.programme.events import ProgrammeItemAdded
from domain.programme.items import AddProgrammeItem
from domain.programme.state import Programme
from projections.organisation import JurisdictionView

FOCUS = Bilingual(zh="攻坚重点", en="focus")
STATED = ("added_on", "title", "description", "focus", "unit", "person", "due_on")

# The bounds of a programme's year in the commands.
YEAR_MIN, YEAR_MAX = 1950, 2200


def _year(cell: str) -> int:
    year = cells.whole(cell.replace("年度", "").replace("年", ""))
    if not YEAR_MIN <= year <= YEAR_MAX:
        raise Unfit("programme-sheet.no-year")
    return year


def _whose(cell: str, directory: Directory) -> JurisdictionView:
    place = directory.place(cell)
    if place.tier > 1:
        raise Unfit("programme-sheet.below-district", place=place.name)
    return place


PLACE = place_column(
    Bilingual(zh="辖区", en="Place"),
    Bilingual(
        zh="起草该年度攻坚事项的市、区（县）或园区：代码、编号或全称。",
        en="The city, district or park of the programme: code, id or full name.",
    ),
    example="510703",
    required=True,
    read=_whose,
)
YEAR = Column(
    name="year",
    title=Bilingual(zh="年度", en="Year"),
    read=lambda cell, _: _year(cell),
    help=Bilingual(
        zh="四位数字；该年度须已起草。", en="Four digits; the programme must be drafted."
    ),
    example="2026",
    required=True,
    also=("年份",),
)
TITLE = Column(
    name="title",
    title=Bilingual(zh="攻坚事项", en="Item"),
    read=lambda cell, _: cells.line(cell),
    help=Bilingual(zh="事项名称，至多 200 字。", en="The shortfall, in one line."),
    example="补齐老旧小区停车短板",
    required=True,
    also=("事项", "事项名称", "薄弱事项"),
)
DESCRIPTION = Column(
    name="description",
    title=Bilingual(zh="事项说明", en="Description"),
    read=lambda cell, _: cells.passage(cell),
    help=Bilingual(zh="可不填。", en="Optional."),
    also=("说明", "内容"),
)
ADDED_ON = Column(
    name="added_on",
    title=Bilingual(zh="列入日期", en="Added on"),
    read=lambda cell, _: cells.day(cell),
    help=Bilingual(zh="不得晚于今日。", en="Not later than today."),
    example="2026-02-20",
    required=True,
)
DUE_ON = due_column(
    Bilingual(zh="不得早于列入日期。", en="Not before the item is added."), "2026-11-30"
)


def columns(directory: Directory) -> tuple[Column, ...]:
    """The columns of an item."""
    focuses = directory.policy.programme.focuses
    focus = Column(
        name="focus",
        title=Bilingual(zh="攻坚重点", en="Focus"),
        read=lambda cell, directory: cells.term(cell, directory.policy.programme.focuses, FOCUS),
        help=Bilingual(zh="可不填；政策所列重点之一。", en="Optional; one of the policy's."),
        example=focuses[0].title.zh if focuses else "",
        allowed=tuple(each.title for each in focuses),
    )
    return (PLACE, YEAR, TITLE, DESCRIPTION, focus, UNIT, PERSON, ADDED_ON, DUE_ON, *BASIS)


def stream(row: Row, _: Directory) -> str:
    """The programme of that place and year."""
    return f"programme:{row['place'].jurisdiction}.{row['year']}"


def across(row: Row, _: Directory) -> Iterator[Unfit]:
    """A deadline before the day on which the item is added."""
    return due_before(
        row,
        "added_on",
        Bilingual(zh="列入日期", en="the day on which it is added"),
    )


def plan(row: Row, programme: Programme, directory: Directory) -> Iterator[Draft | Unfit]:
    """Add the item; nothing if it is on record with the same content."""
    item = derive_id("item", "sheet", programme.id, row["title"])
    if not programme.version:
        place, year = row["place"].name, row["year"]
        yield Unfit("programme-sheet.not-drafted", place=place, year=year, column="year")
    elif item not in programme.items:
        yield Draft(AddProgrammeItem, {"item": item, **row.stated(*STATED)}, basis_of(row))
    elif dropped_on := programme.items[item].dropped_on:
        yield Unfit("programme-sheet.dropped", day=dropped_on, column="title")
    else:
        added, basis = _as_added(directory, programme, item)
        yield from _otherwise(row, added, directory)
        yield from other_basis(row, basis)


def _as_added(
    directory: Directory, programme: Programme, item: str
) -> tuple[ProgrammeItemAdded, tuple[Document, ...]]:
    """The first entry of an item, with its documents; later revisions do not
    count."""
    stated = ((each.event, each.basis) for each in directory.history(programme.stream))
    return next(
        (event, basis)
        for event, basis in stated
        if isinstance(event, ProgrammeItemAdded) and event.item == item
    )


def _otherwise(row: Row, added: ProgrammeItemAdded, directory: Directory) -> Iterator[Unfit]:
    """Filled-in cells that differ from the record."""
    focuses = {each.code: each.title for each in directory.policy.programme.focuses}
    for column, stated in row.stated(*STATED).items():
        was = getattr(added, column)
        if was == stated:
            continue
        words = (focuses if column == "focus" else {}).get(was, Bilingual(zh=f"{was}", en=f"{was}"))
        yield Unfit(
            "programme-sheet.added-without" if was is None else "programme-sheet.added-otherwise",
            known=None if was is None else words,
            column=column,
        )


PROGRAMME_ITEMS = SheetFormat(
    name="programme-items",
    title=Bilingual(zh="攻坚事项", en="programme items"),
    help=Bilingual(
        zh="每行一项年度补短板强弱项事项；该辖区该年度须已起草。",
        en="Each row is an item of a year's programme, which must already be drafted.",
    ),
    columns=columns,
    commands={AddProgrammeItem: Bilingual(zh="列入攻坚事项", en="items added")},
    key=("title", "place", "year"),
    stream=stream,
    plan=plan,
    across=across,
)

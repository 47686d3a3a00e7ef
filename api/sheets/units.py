"""Sheets of offices and organisations (offices list): each row is a unit to register."""

from collections.abc import Iterator
from datetime import date

from api.exports.columns import headings_of
from api.sheets import cells
from api.sheets.cells import Unfit, word
from api.sheets.columns import BASIS, basis_of, place_column
from api.sheets.directory import Directory
from api.sheets.sheet import Column, Draft, Row, SheetFormat
from domain.kernel.ids import derive_id
from domain.kernel.text import Bilingual, plain
from domain.unit.registration import RegisterUnit
from domain.unit.state import Unit
from projections.units import UnitView

KIND = Bilingual(zh="类别", en="Kind")
CODE = Bilingual(zh="统一社会信用代码", en="Unified social credit code")
NAME = Column(
    name="name",
    title=Bilingual(zh="单位名称", en="Name"),
    read=lambda cell, _: cells.title(cell),
    help=Bilingual(zh="单位全称，至多 200 字。", en="Its full name."),
    example="望川区住房和城乡建设局",
    required=True,
    also=("名称", "单位", "unit name"),
)
CREDIT_CODE = Column(
    name="credit_code",
    title=CODE,
    read=lambda cell, _: plain(cell).replace(" ", "").removeprefix("'").upper(),
    help=Bilingual(zh="可不填；18 位。", en="Optional; 18 characters."),
    example="11990103MB0000001C",
    also=("信用代码", "credit code"),
)
SUPERIOR = Column(
    name="superior",
    title=Bilingual(zh="上级单位", en="Superior unit"),
    read=lambda cell, directory: directory.office(cell),
    help=Bilingual(
        zh="已登记的上级单位：全称、统一社会信用代码或编号；与所属区划二者填一。",
        en="A superior unit that is on record: its full name, code or id. Either this or a place.",
    ),
    also=("主管单位", "上级部门"),
)
PLACE = place_column(
    Bilingual(zh="所属区划", en="Jurisdiction"),
    Bilingual(
        zh="所属辖区的代码、编号或全称；与上级单位二者填一。",
        en="The code, id or full name of its jurisdiction. Either this or a superior unit.",
    ),
    example="望川区",
)
EFFECTIVE_FROM = Column(
    name="effective_from",
    title=Bilingual(zh="起始日期", en="From"),
    read=lambda cell, _: cells.day(cell),
    help=Bilingual(
        zh="成立日期；不详的填写所知最早的日期。",
        en="When it was founded, or the earliest day on which it is known to have existed.",
    ),
    example="2019-03-01",
    required=True,
    also=("成立日期", "设立日期", "成立时间"),
)


def columns(directory: Directory) -> tuple[Column, ...]:
    """The columns of a unit."""
    kinds = directory.policy.units.kinds
    kind = Column(
        name="unit_kind",
        title=KIND,
        read=lambda cell, _: cells.term(cell, kinds, KIND),
        help=Bilingual(zh="单位类别。", en="What kind of unit it is."),
        example=kinds[0].title.zh,
        required=True,
        also=("单位类别", "单位性质", "性质"),
        allowed=tuple(each.title for each in kinds),
    )
    return (NAME, CREDIT_CODE, kind, PLACE, SUPERIOR, EFFECTIVE_FROM, *BASIS)


def stream(row: Row, directory: Directory) -> str:
    """The unit's: that of its name in its place if it is on record, else derived from both."""
    place = _place(row)
    for each in directory.units:
        if word(each.name) == word(row["name"]) and place.items() <= vars(each).items():
            return f"unit:{each.unit}"
    return f"unit:{derive_id('unit', 'sheet', word(row['name']), *sorted(place.items()))}"


def across(row: Row, _: Directory) -> Iterator[Unfit]:
    """Neither a jurisdiction nor a superior unit, or one of another jurisdiction: both fit each
    other in an export."""
    place, superior = row["place"], row["superior"]
    if place and superior and superior.jurisdiction == place.jurisdiction:
        return
    if len(row.filled & {"place", "superior"}) != 1:
        yield Unfit("unit-sheet.place-or-superior", column="place")


def plan(row: Row, unit: Unit, _: Directory) -> Iterator[Draft | Unfit]:
    """Register the unit; nothing if it is on record with the same content."""
    if not unit.version:
        stated = row.stated("name", "credit_code", "unit_kind", "effective_from")
        yield Draft(RegisterUnit, {**stated, **_place(row)}, basis_of(row))
        return
    day = row["effective_from"]
    begins = next((each.effective_from for each in unit.standing.stated()), None)
    # A row of an export has the day of the unit's last change.
    if day and begins and day not in (begins, *_changes(unit)):
        yield Unfit("unit-sheet.other-day", day=begins, column="effective_from")
    if row["unit_kind"] not in (None, *(each.value for each in unit.kinds.stated())):
        yield Unfit("unit-sheet.other-value", what=KIND, column="unit_kind")
    if row["credit_code"] not in (None, *(each.value for each in unit.codes.stated())):
        yield Unfit("unit-sheet.other-value", what=CODE, column="credit_code")


def _changes(unit: Unit) -> Iterator[date]:
    """The days on which something about the unit changed."""
    for timeline in (unit.standing, unit.names, unit.kinds, unit.codes, unit.places):
        yield from (each.effective_from for each in timeline.stated())


def _place(row: Row) -> dict[str, str]:
    if row["superior"]:
        return {"superior": row["superior"].unit}
    return {"jurisdiction": row["place"].jurisdiction} if row["place"] else {}


UNITS = SheetFormat(
    name="units",
    title=Bilingual(zh="单位名册", en="offices list"),
    help=Bilingual(
        zh="每行一个单位；已按相同内容登记的略过。上级单位须已登记：先导入上级，再导入下级。",
        en="Each row is an office or organisation; what is on record as stated is skipped. A "
        "superior unit has to be on record: import superiors first.",
    ),
    columns=columns,
    commands={RegisterUnit: Bilingual(zh="登记单位", en="units registered")},
    key=("name", "place", "superior"),
    stream=stream,
    plan=plan,
    across=across,
    passed_over=headings_of(UnitView),
)

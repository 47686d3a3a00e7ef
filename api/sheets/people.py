"""Sheets of officials (staff list): each row is a post of an official, who is registered if new."""

from collections.abc import Iterator
from datetime import date

from api.exports.columns import headings_of
from api.sheets import cells
from api.sheets.cells import Unfit
from api.sheets.columns import BASIS, basis_of
from api.sheets.directory import Directory
from api.sheets.sheet import Column, Draft, Row, SheetFormat
from domain.kernel.ids import derive_id
from domain.kernel.text import Bilingual, comparable
from domain.person.registration import LeavePost, RegisterPerson, TakePost
from domain.person.state import Person
from projections.people import PersonView

NAME = Column(
    name="name",
    title=Bilingual(zh="姓名", en="Name"),
    read=lambda cell, _: cells.title(cell),
    help=Bilingual(zh="本名。", en="The official's name."),
    example="李娜",
    required=True,
)
DISTINCTION = Column(
    name="distinction",
    title=Bilingual(zh="区分说明", en="Distinction"),
    read=lambda cell, _: cells.title(cell),
    help=Bilingual(
        zh="本单位另有同名者时填写，如科室；不填身份证号、电话。",
        en="If the unit has somebody else of this name, such as the department. No identity card "
        "or telephone number.",
    ),
    also=("区分", "科室"),
)
UNIT = Column(
    name="unit",
    title=Bilingual(zh="单位", en="Unit"),
    read=lambda cell, directory: directory.office(cell),
    help=Bilingual(
        zh="已登记的单位：全称、统一社会信用代码或编号。",
        en="A unit that is on record: its full name, code or id.",
    ),
    example="望川区住房和城乡建设局",
    required=True,
    also=("所在单位", "工作单位", "单位名称"),
)
TITLE = Column(
    name="title",
    title=Bilingual(zh="职务", en="Post"),
    read=lambda cell, _: cells.title(cell),
    help=Bilingual(zh="在该单位的职务。", en="What the official is there."),
    example="局长",
    required=True,
    also=("现任职务", "岗位"),
)
EFFECTIVE_FROM = Column(
    name="effective_from",
    title=Bilingual(zh="任职日期", en="From"),
    read=lambda cell, _: cells.day(cell),
    help=Bilingual(zh="任该职务的日期。", en="The first day of the post."),
    example="2021-03-01",
    required=True,
    also=("任职时间", "任现职时间"),
)
LEFT_ON = Column(
    name="left_on",
    title=Bilingual(zh="卸任日期", en="Left on"),
    read=lambda cell, _: cells.day(cell),
    help=Bilingual(zh="可不填；自该日起不再任职。", en="Optional; the first day without it."),
    also=("离任日期", "免职日期"),
)
PERSON = Column(
    name="person",
    title=Bilingual(zh="人员编号", en="Person"),
    read=lambda cell, _: cells.id(cell),
    help=Bilingual(
        zh="已登记者从其他单位调入或兼职时填写其编号；新登记者不填。",
        en="The id of somebody on record who comes from, or also has a post in, another unit.",
    ),
    also=("人员系统编号", "person id"),
)


def columns(_: Directory) -> tuple[Column, ...]:
    """The columns of a post."""
    return (NAME, DISTINCTION, UNIT, TITLE, EFFECTIVE_FROM, LEFT_ON, PERSON, *BASIS)


def stream(row: Row, directory: Directory) -> str:
    """The person's: by id, or of this name in this unit, or else derived from both."""
    if row["person"]:
        return f"person:{row['person']}"
    unit, name = row["unit"].unit, comparable(row["name"])
    key = (unit, name, comparable(row["distinction"] or ""))
    if found := directory.person(*key):
        return f"person:{found}"
    return f"person:{derive_id('person', 'sheet', *key)}"


def plan(row: Row, person: Person, _: Directory) -> Iterator[Draft | Unfit]:
    """Register the person with the post, or take it; leave it if the row says so; nothing of what
    is on record."""
    basis = basis_of(row)
    if row["person"] and not person.version:
        yield Unfit("person-sheet.no-such-person", column="person")
        return
    if row["unit"] is None or row["title"] is None:
        return
    post = {"unit": row["unit"].unit, **row.stated("title", "effective_from")}
    if not person.version:
        number = 2
        yield Draft(RegisterPerson, {**row.stated("name", "distinction"), **post}, basis)
    elif comparable(person.title) != comparable(row["name"]):
        yield Unfit("person-sheet.other-name", name=person.title, column="name")
        return
    else:
        number, left = _known(row, person)
        if not number:
            number = person.version + 1
            yield Draft(TakePost, post, basis)
        elif left is not None:
            if row["left_on"] not in (None, left):
                yield Unfit("person-sheet.left-on-another-day", day=left, column="left_on")
            return
    if row["left_on"]:
        yield Draft(LeavePost, {"post": number, "effective_from": row["left_on"]}, basis)


def _known(row: Row, person: Person) -> tuple[int, date | None]:
    """The number of the row's post if it is on record, else 0, and the day on which it was left."""
    for number, post, days in person.tenures():
        same = post.unit == row["unit"].unit and comparable(post.title) == comparable(row["title"])
        if same and days.effective_from == row["effective_from"]:
            return number, days.effective_until
    return 0, None


PEOPLE = SheetFormat(
    name="people",
    title=Bilingual(zh="人员名册", en="staff list"),
    help=Bilingual(
        zh="每行一人一职。单位须已登记；单位内已有此人的，记载其职务，相同的略过。",
        en="Each row is an official with a post. The unit has to be on record. Somebody whom the "
        "unit already has gets the post; what is on record is skipped.",
    ),
    columns=columns,
    commands={
        RegisterPerson: Bilingual(zh="登记人员", en="officials registered"),
        TakePost: Bilingual(zh="记载任职", en="posts taken"),
        LeavePost: Bilingual(zh="记载卸任", en="posts left"),
    },
    key=("name", "distinction", "unit", "title", "person"),
    stream=stream,
    plan=plan,
    passed_over=headings_of(PersonView),
)

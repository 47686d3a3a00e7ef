"""Columns shared by several kinds of sheets."""

from collections.abc import Iterator, Sequence

from api.sheets import cells
from api.sheets.cells import Unfit
from api.sheets.directory import Directory
from api.sheets.sheet import Column, Read, Row
from domain.kernel.context import Document
from domain.kernel.text import Bilingual

UNIT = Column(
    name="unit",
    title=Bilingual(zh="责任单位", en="Responsible unit"),
    read=lambda cell, directory: directory.unit(cell),
    help=Bilingual(
        zh="单位的名称、统一社会信用代码、编号或拼音首字母。",
        en="Its name, unified social credit code, id or pinyin initials.",
    ),
    example="城厢街道办事处",
    required=True,
    also=("承办单位",),
)
PERSON = Column(
    name="person",
    title=Bilingual(zh="责任人", en="Responsible person"),
    read=lambda cell, directory: directory.official(cell),
    beside=("unit", lambda cell, directory, unit: directory.official(cell, unit)),
    help=Bilingual(
        zh="责任人的姓名、编号或拼音首字母；同名者以责任单位区分，或写作“李娜（住建局）”。",
        en="Their name, id or pinyin initials; of several of one name, the one of the "
        "responsible unit is meant.",
    ),
    example="赵柳",
    required=True,
    also=("责任人编号",),
)

ROUND = Column(
    name="round",
    title=Bilingual(zh="评定轮次", en="Round"),
    read=lambda cell, directory: directory.round(cell),
    help=Bilingual(zh="轮次的全称或编号。", en="Its full title or its id."),
    example="2025年评定",
    required=True,
    also=("轮次",),
)
# Of the kinds of sheets whose rows may state what breaks a procedure.
DESPITE = Column(
    name="despite",
    title=Bilingual(zh="仍要登记的理由", en="Recorded despite"),
    read=lambda cell, _: cells.reason(cell),
    help=Bilingual(
        zh="仅在核对结果标明该行不合程序、而事情确已如此发生时填写；该行将予登记并注明。",
        en="Only if the check says that the row is against procedure and it did happen so: why it "
        "is recorded all the same. It is marked for ever.",
    ),
)


def community_columns(help: Bilingual, *, required: bool = True) -> tuple[Column, Column]:
    """The columns that identify a community: its code or id, and its name as a check."""
    return (
        Column(
            name="community",
            title=Bilingual(zh="社区代码", en="Community code"),
            read=lambda cell, directory: directory.community(cell),
            help=help,
            example="510703001001",
            required=required,
            also=("code", "社区编号", "统计用区划代码"),
        ),
        Column(
            name="community_name",
            title=Bilingual(zh="社区名称", en="Community name"),
            read=lambda cell, _: cell,
            help=Bilingual(
                zh="仅供核对：须与台账中该代码的社区名称一致。",
                en="As a check: it must agree with the register.",
            ),
            example="顺河街社区",
            also=("name", "社区"),
        ),
    )


def place_column(
    title: Bilingual,
    help: Bilingual,
    *,
    example: str = "",
    required: bool = False,
    read: Read = lambda cell, directory: directory.place(cell),
) -> Column:
    """The column for a jurisdiction, by code, id or full name."""
    return Column(
        name="place",
        title=title,
        read=read,
        help=help,
        example=example,
        required=required,
        also=("辖区", "所在辖区", "jurisdiction"),
        field="jurisdiction",
    )


def due_column(help: Bilingual, example: str) -> Column:
    """The column for the deadline."""
    return Column(
        name="due_on",
        title=Bilingual(zh="完成时限", en="Due on"),
        read=lambda cell, _: cells.day(cell),
        help=help,
        example=example,
        required=True,
        also=("完成期限", "时限", "deadline"),
    )


def due_before(row: Row, column: str, day: Bilingual) -> Iterator[Unfit]:
    """A deadline before the day in another column of the row."""
    begun, due_on = row[column], row["due_on"]
    if begun and due_on and due_on < begun:
        yield Unfit("cell.due-too-early", due_on=due_on, what=day, day=begun, column="due_on")


COMMUNITY = community_columns(
    Bilingual(zh="12 位统计用区划代码，或编号。", en="Its 12-digit code, or its id.")
)


def review_stream(row: Row, _: Directory) -> str:
    """The review of the row's community in its round."""
    return f"review:{row['round'].round}.{row['community'].community}"


def not_in_round(row: Row) -> Unfit:
    """The problem for a community without a review in the round."""
    return Unfit("cell.not-in-round", round=row["round"].title, column="community")


# The document that a row rests on: its fields, by column.
BASIS = (
    Column(
        name="basis_title",
        title=Bilingual(zh="依据文件", en="Basis"),
        read=lambda cell, _: cells.title(cell),
        help=Bilingual(
            zh="可不填；作为依据的文件名称。",
            en="Optional; the title of the document that the row rests on.",
        ),
        example="关于印发工作安排的通知",
        also=("文件名称", "依据文件名称"),
        along=("basis_issuer",),
    ),
    Column(
        name="basis_issuer",
        title=Bilingual(zh="发文机关", en="Issued by"),
        read=lambda cell, _: cells.title(cell),
        help=Bilingual(zh="填写依据文件时必填。", en="Required if a basis is named."),
        example="示例区委办公室",
        also=("发文单位",),
        along=("basis_title",),
    ),
    Column(
        name="basis_number",
        title=Bilingual(zh="文号", en="Document number"),
        read=lambda cell, _: cells.title(cell),
        help=Bilingual(zh="可不填。", en="May stay empty."),
        example="示委办〔2021〕12号",
        also=("发文字号",),
        along=("basis_title", "basis_issuer"),
    ),
    Column(
        name="basis_issued_on",
        title=Bilingual(zh="发文日期", en="Issued on"),
        read=lambda cell, _: cells.day(cell),
        help=Bilingual(zh="可不填。", en="May stay empty."),
        example="2021-03-25",
        also=("成文日期",),
        along=("basis_title", "basis_issuer"),
    ),
)


def basis_of(row: Row) -> tuple[Document, ...]:
    """The document that a row names, if it is complete."""
    columns = [each.name for each in BASIS]
    if not row.wrong.isdisjoint(columns) or row["basis_title"] is None:
        return ()
    stated = row.stated(*columns)
    return (Document(**{name.removeprefix("basis_"): each for name, each in stated.items()}),)


def other_basis(row: Row, known: Sequence[Document]) -> Iterator[Unfit]:
    """A row that names another document than the recorded one."""
    for document in basis_of(row):
        stated = document.model_dump(exclude_none=True, exclude={"attachments"}).items()
        if any(stated <= each.model_dump().items() for each in known):
            return
        shown = [f"{each.title} ({each.number or each.issuer})" for each in known]
        code = "cell.other-basis" if known else "cell.no-basis"
        yield Unfit(code, known=shown, column="basis_title")

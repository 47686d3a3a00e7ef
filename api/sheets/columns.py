"""Columns that several kinds of sheets have."""

from api.sheets import cells
from api.sheets.sheet import Column
from domain.words import Words

UNIT = Column(
    name="unit",
    title=Words(zh="责任单位", en="Responsible unit"),
    read=lambda cell, directory: directory.unit(cell),
    told=Words(
        zh="单位的代码或编号；辖区也可填全称（不得重名）。",
        en="Its code or id; a place also by its full name.",
    ),
    example="510703001",
    required=True,
    also=("承办单位",),
)
PERSON = Column(
    name="person",
    title=Words(zh="责任人", en="Responsible person"),
    read=lambda cell, _: cells.id(cell),
    told=Words(
        zh="责任人的编号（小写字母、数字、点、连字符），不填姓名。",
        en="Their id, not their name.",
    ),
    example="zhao.liu",
    required=True,
    also=("责任人编号",),
)


def community_columns(told: Words, *, required: bool = True) -> tuple[Column, Column]:
    """The columns that name a community: by code or id, and by a name that has to agree."""
    return (
        Column(
            name="community",
            title=Words(zh="社区代码", en="Community code"),
            read=lambda cell, directory: directory.community(cell),
            told=told,
            example="510703001001",
            required=required,
            also=("code", "社区编号", "统计用区划代码"),
        ),
        Column(
            name="community_name",
            title=Words(zh="社区名称", en="Community name"),
            read=lambda cell, _: cell,
            told=Words(
                zh="仅供核对：须与台账中该代码的社区名称一致。",
                en="Only to check: it has to agree with the register.",
            ),
            example="顺河街社区",
            also=("name", "社区"),
        ),
    )


def place_column(title: Words, told: Words, *, example: str = "", required: bool = False) -> Column:
    """The column that names a jurisdiction: by code, id or full name."""
    return Column(
        name="place",
        title=title,
        read=lambda cell, directory: directory.place(cell),
        told=told,
        example=example,
        required=required,
        also=("辖区", "所在辖区", "jurisdiction"),
        field="jurisdiction",
    )


def due_column(told: Words, example: str) -> Column:
    """The column that says by when."""
    return Column(
        name="due_on",
        title=Words(zh="完成时限", en="Due on"),
        read=lambda cell, _: cells.day(cell),
        told=told,
        example=example,
        required=True,
        also=("完成期限", "时限", "deadline"),
    )


COMMUNITY = community_columns(
    Words(zh="12 位统计用区划代码，或编号。", en="Its code of 12 digits, or its id.")
)

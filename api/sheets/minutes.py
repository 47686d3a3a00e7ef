"""Sheets of session minutes: each row has a session of a council, with attendance and minutes."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TypeVar

from api.sheets import cells
from api.sheets.cells import Unfit
from api.sheets.columns import COMMUNITY, DESPITE
from api.sheets.directory import Directory
from api.sheets.sheet import Column, Draft, Row, SheetFormat
from domain.council.events import MinutesRecorded, SessionConvened
from domain.council.minutes import AdoptResolution, RecordMinutes
from domain.council.session import Session
from domain.council.sessions import ConveneSession, HoldSession, SetAgenda
from domain.council.state import Council
from domain.kernel.ids import derive_id
from domain.kernel.text import Bilingual
from record.store.entry import AnyEntry

E = TypeVar("E", SessionConvened, MinutesRecorded)


def _day(name: str, zh: str, en: str, help: str, help_en: str, required: bool = False) -> Column:
    return Column(
        name=name,
        title=Bilingual(zh=zh, en=en),
        read=lambda cell, _: cells.day(cell),
        help=Bilingual(zh=help, en=help_en),
        example="2026-03-10" if required else "",
        required=required,
    )


def _list(name: str, zh: str, en: str, help: str, help_en: str, required: bool = False) -> Column:
    return Column(
        name=name,
        title=Bilingual(zh=zh, en=en),
        read=lambda cell, _: cells.several(cell),
        help=Bilingual(zh=help, en=help_en),
        example="社区小学、供电所" if required else "",
        required=required,
        also=(zh.removesuffix("单位"),),
    )


HELD_ON = _day("held_on", "召开日期", "Held on", "不晚于今日。", "Not later than today.", True)
PRESENT = _list(
    "present",
    "出席单位",
    "Present",
    "成员的名称或编号，以顿号隔开。",
    "Members by name or id, separated by commas.",
    True,
)
EXCUSED = _list("excused", "请假单位", "Excused", "可不填；同上。", "Optional; likewise.")
OBSERVERS = _list(
    "observers",
    "列席单位",
    "Observers",
    "可不填；不是成员的单位名称。",
    "Optional; bodies that are not members.",
)
MINUTES_TEXT = Column(
    name="minutes",
    title=Bilingual(zh="会议纪要", en="Minutes"),
    read=lambda cell, _: cells.passage(cell),
    help=Bilingual(
        zh="纪要全文，可分行；记录后不再变动。", en="The whole text, which never changes."
    ),
    example="一、通报停车情况。二、议定学校操场夜间开放停车。",
    required=True,
    also=("纪要", "纪要内容", "text"),
    field="text",
)
RECORDED_ON = _day(
    "recorded_on", "纪要日期", "Recorded on", "可不填，为召开日期。", "By default that day."
)
RESOLUTIONS = Column(
    name="resolutions",
    title=Bilingual(zh="决议", en="Resolutions"),
    read=lambda cell, _: cells.lines(cell),
    help=Bilingual(
        zh="可不填；多项决议以分号或换行隔开。决议交办的任务请另行记录。",
        en="Optional; separated by semicolons or line breaks.",
    ),
    example="学校操场夜间开放停车",
)
NOTICED_ON = _day(
    "noticed_on",
    "通知日期",
    "Noticed on",
    "会议尚未在编年中召集时必填。",
    "Required if the session is not convened on record.",
)
AGENDA = Column(
    name="agenda",
    title=Bilingual(zh="议程", en="Agenda"),
    read=lambda cell, _: cells.lines(cell),
    help=Bilingual(
        zh="会议尚无议程时必填；多项以分号或换行隔开。",
        en="Required if the session has none; separated by semicolons or line breaks.",
    ),
    example="通报停车情况；商议停车资源共享",
)
PLACE = Column(
    name="place",
    title=Bilingual(zh="地点", en="Place"),
    read=lambda cell, _: cells.line(cell),
    help=Bilingual(zh="可不填。", en="Optional."),
    also=("会议地点",),
)


def columns(directory: Directory) -> tuple[Column, ...]:
    """The columns of a session."""
    council = Column(
        name="council",
        title=Bilingual(zh="联席会议", en="Council"),
        read=lambda cell, _: cells.line(cell),
        help=Bilingual(
            zh="名称、类别或编号；该社区只有一个联席会议时可不填。",
            en="Its title, kind or id; optional if the community has only one.",
        ),
        example=next((each.title.zh for each in directory.policy.councils), ""),
        also=("会议名称",),
        allowed=tuple(each.title for each in directory.policy.councils),
    )
    lists = (PRESENT, EXCUSED, OBSERVERS)
    after = (MINUTES_TEXT, RECORDED_ON, RESOLUTIONS)
    before = (NOTICED_ON, AGENDA, PLACE)
    return (*COMMUNITY, council, HELD_ON, *lists, *after, *before, DESPITE)


def stream(row: Row, directory: Directory) -> str:
    """The stream of the council."""
    community, day = row["community"].community, row["held_on"]
    try:
        found = directory.council(community, day, row["council"] or "")
    except Unfit as unfit:
        raise unfit.at("council") from None
    return f"council:{found.council}"


def plan(row: Row, council: Council, directory: Directory) -> Iterator[Draft | Unfit]:
    """Convene the session if needed, hold it, and record minutes and resolutions. What is on
    record is not recorded again; cells that differ from it are unfit."""
    day: date = row["held_on"]
    session = _session(council, day)
    id = session.id if session else derive_id("session", "sheet", council.id, day)
    if session is None:
        yield from _required(row, "noticed_on", "minutes-sheet.not-convened")
        fields = {"session": id, "scheduled_on": day, **row.stated("place", "noticed_on")}
        yield Draft(ConveneSession, fields)
    else:
        yield from _other_notice(row, session, directory.history(council.stream))
    if session is None or (session.held_on is None and not session.agenda):
        yield from _required(row, "agenda", "minutes-sheet.no-agenda")
        yield Draft(SetAgenda, {"session": id, **row.stated("agenda")})
    lists = _lists(row, council, directory)
    yield from (unfit for _, unfit in lists.values() if unfit)
    named = {column: members for column, (members, _) in lists.items()}
    if session is None or session.held_on is None:
        yield Draft(HoldSession, {"session": id, "held_on": day, **named})
    else:
        yield from _other_lists(session, named)
    if session is None or not session.versions:
        recorded_on = row["recorded_on"] or day
        fields = {"session": id, "recorded_on": recorded_on, "text": row["minutes"]}
        yield Draft(RecordMinutes, fields)
    else:
        yield from _other_minutes(row, session, directory.history(council.stream))
    yield from _resolved(row, council, id)


def _resolved(row: Row, council: Council, session: str) -> Iterator[Draft | Unfit]:
    """The resolutions that are not on record, and those that were annulled."""
    of_it = [each for each in council.resolutions.values() if each.session == session]
    known = {each.text for each in of_it if each.annulled_on is None}
    annulled = {each.text: each.annulled_on for each in of_it if each.annulled_on}
    for text in row["resolutions"] or ():
        if text in known:
            continue
        if text in annulled:
            yield Unfit(
                "minutes-sheet.resolution-annulled",
                text=text,
                day=annulled[text],
                column="resolutions",
            )
        fields = {"session": session, "text": text}
        yield Draft(AdoptResolution, fields, column="resolutions")


def _session(council: Council, day: date) -> Session | None:
    """The session held on or planned for a day."""
    sessions = council.sessions.values()
    held = [each for each in sessions if each.held_on == day]
    planned = [each for each in sessions if each.is_convened and each.scheduled_on == day]
    return next(iter((*held, *planned)), None)


def _required(row: Row, column: str, lacking: str) -> Iterator[Unfit]:
    if row[column] is None:
        yield Unfit(lacking, column=column)


Named = tuple[tuple[str, ...], Unfit | None]


def _lists(row: Row, council: Council, directory: Directory) -> dict[str, Named]:
    """The attendance by list, and unfit cells."""
    return {
        "present": _members(row, council, directory, "present"),
        "excused": _members(row, council, directory, "excused"),
        "observers": (row["observers"] or (), None),
    }


def _members(row: Row, council: Council, directory: Directory, column: str) -> Named:
    """The ids of the members that a list names by id or name, and the unknown names."""
    day, found, unknown = row["held_on"], [], []
    standing = [each.member for each in council.spells if each.holds(day)]
    names = {id: directory.names.get(f"unit:{id}", id) for id in standing}
    for text in row[column] or ():
        asked = cells.word(text)
        member = next((id for id in standing if asked in (id, cells.word(names[id]))), None)
        if member is None:
            unknown.append(text)
        else:
            found.append(member)
    if not unknown:
        return tuple(found), None
    return (), Unfit(
        "minutes-sheet.no-members",
        named=unknown,
        day=day,
        council=council.title,
        members=list(names.values()),
        column=column,
    )


def _other_notice(row: Row, session: Session, history: Iterable[AnyEntry]) -> Iterator[Unfit]:
    """Notice, agenda or place that differ from the record."""
    convened = _newest(SessionConvened, session, history)
    was: dict[str, date | tuple[str, ...] | str | None] = {
        "noticed_on": session.noticed_on,
        "agenda": session.agenda,
        "place": convened.place,
    }
    for column, stated in row.stated(*was).items():
        known = was[column]
        if known == stated or (column == "agenda" and not known and session.is_convened):
            continue
        shown = "；".join(known) if isinstance(known, tuple) else known
        yield Unfit(
            "minutes-sheet.notice-otherwise" if shown else "minutes-sheet.notice-without",
            known=shown,
            column=column,
        )


def _other_lists(session: Session, named: dict[str, tuple[str, ...]]) -> Iterator[Unfit]:
    for column, stated in named.items():
        if set(getattr(session, column)) != set(stated):
            yield Unfit("minutes-sheet.other-list", column=column)


def _other_minutes(row: Row, session: Session, history: Iterable[AnyEntry]) -> Iterator[Unfit]:
    """Minutes that differ from the first recorded version."""
    first = _newest(MinutesRecorded, session, history)
    if first.text != row["minutes"]:
        yield Unfit("minutes-sheet.other-minutes", column="minutes")
    if row["recorded_on"] not in (None, first.recorded_on):
        yield Unfit("minutes-sheet.other-day", day=first.recorded_on, column="recorded_on")


def _newest(kind: type[E], session: Session, history: Iterable[AnyEntry]) -> E:
    """The newest entry of a kind for a session, which may have been convened again after an
    annulment."""
    found = (entry.event for entry in history if isinstance(entry.event, kind))
    return [each for each in found if each.session == session.id][-1]


MINUTES = SheetFormat(
    name="minutes",
    title=Bilingual(zh="会议纪要", en="session minutes"),
    help=Bilingual(
        zh="每行一次联席会议：出席、请假、列席名单与纪要；尚未召集的会议须填通知日期与议程。",
        en="Each row is a session: attendance in three lists, and minutes; also notice and agenda "
        "if it is not convened on record.",
    ),
    columns=columns,
    commands={
        ConveneSession: Bilingual(zh="召集会议", en="sessions convened"),
        SetAgenda: Bilingual(zh="确定议程", en="agendas set"),
        HoldSession: Bilingual(zh="召开会议", en="sessions held"),
        RecordMinutes: Bilingual(zh="形成纪要", en="minutes recorded"),
        AdoptResolution: Bilingual(zh="形成决议", en="resolutions adopted"),
    },
    key=("community", "council", "held_on"),
    stream=stream,
    plan=plan,
)

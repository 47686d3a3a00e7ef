"""Councils: members, the calendar of sessions, resolutions, and missed sessions.

A session that is missing by the cadence is derived when somebody asks, and stands in no table.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Literal, NamedTuple, Self, cast, get_args

from pydantic import Field
from pydantic_core import to_json

from domain.council.cadence import Due, due
from domain.council.events import AgendaSet, CouncilEvent
from domain.council.session import Session, SessionStep
from domain.council.state import Council, Resolution, Spell
from domain.kernel.event import Event
from domain.kernel.ids import UnitId
from domain.kernel.policy.parts import CalendarSpan
from projections.engine.days import recorded_on
from projections.engine.page import Page
from projections.engine.row import row
from projections.engine.scope import BelongsTo, lies_in
from projections.engine.seen import Seen
from projections.engine.shape import Shape
from projections.engine.subjects import Parts, Subjects, begun, held, shown
from projections.engine.view import View
from record.sql import statements

SQL = statements(__file__)
MISSED_SHOWN_MAX = 4  # in a line of a list
NamesOn = Mapping[tuple[str, date], str]  # of units, by (id, day)


@row(key=("council",), indexes=("community, council",), scope=lies_in("community"))
class CouncilLine(NamedTuple):
    """A council, with the cadence it was founded with."""

    council: str
    community: str
    title: str
    council_kind: str
    sessions_min: int
    per: str
    founded_on: date
    dissolved_on: date | None
    position: int


@row(key=("council", "member", "version"), scope=BelongsTo("council"))
class CouncilMember(NamedTuple):
    """A membership: joined by the entry `version`, left by the entry `left_by`."""

    council: str
    member: str
    joined_on: date
    left_on: date | None
    version: int
    left_by: int | None


@row(key=("council", "session"), indexes=("community",), scope=lies_in("community"))
class CouncilSession(NamedTuple):
    """A session and its status."""

    council: str
    session: str
    community: str
    noticed_on: date
    scheduled_on: date
    place: str | None
    agenda: tuple[str, ...]
    agendas: tuple[str, ...] | None  # as JSON, each with the day on which it was recorded
    agendas_on: tuple[date, ...] | None
    held_on: date | None
    held_by: int | None
    present: tuple[str, ...]
    excused: tuple[str, ...]
    observers: tuple[str, ...]
    cancelled_on: date | None
    cancelled_for: str | None
    minuted_on: tuple[date, ...]  # the day of each version of the minutes, in order
    position: int


@row(key=("council", "resolution"), scope=lies_in("community"))
class CouncilResolution(NamedTuple):
    """What a session resolved, with the ids of its tasks."""

    council: str
    resolution: str
    session: str
    community: str
    adopted_on: date
    text: str
    tasks: tuple[str, ...]
    annulled_on: date | None
    annulled_for: str | None
    position: int


def _members(spells: Iterable[Spell]) -> dict[tuple[str, int], Spell]:
    return {(spell.member, spell.version): spell for spell in spells}


class Councils(Subjects):
    """Councils with their members, sessions and resolutions."""

    name = "councils"
    subject = Council
    kinds = (CouncilLine, CouncilMember, CouncilSession, CouncilResolution)
    parts = (
        Parts(CouncilSession, "sessions"),
        Parts(CouncilResolution, "resolutions"),
        Parts(CouncilMember, "spells", _members),
    )
    events = cast(tuple[type[Event], ...], get_args(CouncilEvent))
    module_file = __file__

    def state(self, id: str, page: Page) -> Council:
        """The council as far as its rows show it."""
        line = page.row(CouncilLine, id)
        assert line is not None, "a council was founded"
        sessions = (
            held(Session, row, id=row.session, convened_by=0) for row in page.of(CouncilSession)
        )
        resolutions = page.of(CouncilResolution)
        return held(
            Council,
            line,
            id=id,
            spells=tuple(held(Spell, row) for row in page.of(CouncilMember)),
            sessions={session.id: session for session in sessions},
            resolutions={row.resolution: held(Resolution, row, version=0) for row in resolutions},
        )

    def evolve(self, key: str, page: Page, entry: Seen) -> None:
        """A session that goes on by itself, or else the council."""
        event, council = entry.event, page.memo or self.loaded(key, page)
        if not isinstance(event, SessionStep):
            super().evolve(key, page, entry)
            return
        session = council.sessions[event.session].after(event, entry.version)
        council.sessions[event.session] = session  # of a state that is the page's own
        row = page.row(CouncilSession, key, event.session)
        assert row is not None, "a session was convened"
        if isinstance(event, AgendaSet):
            agenda = to_json(event.agenda).decode()
            row = row._replace(
                agendas=(*(row.agendas or ()), agenda),
                agendas_on=(*(row.agendas_on or ()), recorded_on(entry)),
            )
        page.put(shown(row, session))

    def show(self, page: Page, before: Council, after: Council, entry: Seen) -> None:
        """The council from its founding to its dissolution."""
        line = page.row(CouncilLine, after.id)
        if line is None:
            page.put(begun(CouncilLine, (after.id,), entry))
        elif after.is_void:
            page.drop(line)
        elif after.dissolved_on != before.dissolved_on:
            page.put(line._replace(dissolved_on=after.dissolved_on))


class DueView(Shape):
    """A calendar period in which sessions are due."""

    period_from: date
    period_until: date = Field(description="The first day after it.")
    sessions_min: int
    held: int
    missed: bool = Field(description="It is over, and sessions are missing.")

    @classmethod
    def on(cls, day: date, due: Due) -> Self:
        """The period as it is on a day."""
        return cls.of({**due._asdict(), "missed": due.is_missed(day)})


class CouncilView(Shape):
    """A council on the asked day, with the sessions that were missing by then."""

    council: str
    community: str
    community_name: str | None
    district: str | None
    district_name: str | None
    title: str
    council_kind: str
    sessions_min: int
    per: CalendarSpan
    founded_on: date
    dissolved_on: date | None
    community_ended_on: date | None = Field(
        description="Since when its community does not exist, and the council with it."
    )
    members: int
    held: int
    missed: int = Field(description="The number of periods in which sessions were missing.")
    missed_last: list[DueView] = Field(
        description="The newest of these periods, at most four; one council lists all of them."
    )


class Filter(NamedTuple):
    """The filters of lists of councils and sessions."""

    community: str | None = None
    district: str | None = None
    council: str | None = None
    council_kind: str | None = None


EVERY = Filter()


class Owing(NamedTuple):
    """A council with the periods in which it owed sessions by the asked day, the first one first;
    and those of them that it missed."""

    council: CouncilView
    due: list[Due]
    missed: list[Due]


def owing(
    view: View,
    *,
    effective: date,
    where: Filter = EVERY,
    missed: bool = False,
    after: tuple[str, str] | None = None,
    limit: int = 200,
) -> list[Owing]:
    """Councils that stand on a day in the order of (community, id), each with what it owed.

    With `missed` only those of which a session is missing, dissolved ones and those of communities
    that ended included: what a council missed stays missed.
    """
    found: list[Owing] = []
    while len(found) < limit:
        rows = view.rows(
            SQL["list"],
            effective=effective,
            missed=missed,
            after_community=after and after[0],
            after_id=after and after[1],
            limit=limit,
            **where._asdict(),
        )
        each = [_owing_on(row, effective) for row in rows]
        found += [one for one in each if one.missed or not missed]
        if len(rows) < limit:
            break
        after = (rows[-1]["community"], rows[-1]["council"])
    return found[:limit]


def missed(
    view: View, *, effective: date, where: Filter = EVERY
) -> Iterator[tuple[Mapping[str, Any], Due]]:
    """Every period in which sessions were missing by a day, with the columns of its council."""
    rows = view.rows(
        SQL["list"],
        effective=effective,
        missed=True,
        after_community=None,
        after_id=None,
        limit=None,
        **where._asdict(),
    )
    return (
        (row, each) for row in rows for each in _owed(row, effective) if each.is_missed(effective)
    )


def lines(view: View) -> list[CouncilLine]:
    """All councils, past ones included, ordered by (community, id)."""
    return [CouncilLine(**row) for row in view.rows(SQL["lines"])]


class MemberView(Shape):
    """A unit that is a member of a council; the entry `version` says that it joined."""

    member: UnitId
    member_name: str
    joined_on: date
    left_on: date | None
    version: int


def members(view: View, council: str, *, effective: date) -> list[MemberView]:
    """The members of a council on a day, by (the day on which they joined, id)."""
    rows = view.rows(SQL["members"], council=council, effective=effective)
    return [MemberView.of(row) for row in rows]


class AttendantView(Shape):
    """A member as a session names it, by the name of that day."""

    member: UnitId
    member_name: str


class SessionView(Shape):
    """A session on the asked day. `day` is the one it was held on, or is planned for."""

    council: str
    council_title: str
    council_kind: str
    session: str
    community: str
    community_name: str | None
    district: str | None
    district_name: str | None
    day: date
    status: Literal["convened", "held", "cancelled"]
    noticed_on: date
    scheduled_on: date
    place: str | None
    agenda: list[str]
    held_on: date | None
    version: int | None = Field(description="The entry that a correction names.")
    present: list[AttendantView]
    excused: list[AttendantView]
    observers: list[str] = Field(description="Who attended without a vote.")
    cancelled_on: date | None
    cancelled_for: str | None
    versions: int = Field(description="How many versions of its minutes there are.")
    minutes_on: date | None
    position: int


def sessions(
    view: View,
    *,
    effective: date,
    where: Filter = EVERY,
    session: str | None = None,
    begin: date | None = None,
    end: date | None = None,
    after: tuple[date, str] | None = None,
    limit: int = 200,
) -> list[SessionView]:
    """The calendar: sessions by (the day they were held or are planned for, council/session).

    `begin` and `end` are the first and the last day of it.
    """
    rows = view.rows(
        SQL["sessions"],
        effective=effective,
        session=session,
        begin=begin,
        end=end,
        after_day=after and after[0],
        after_id=after and after[1],
        limit=limit,
        **where._asdict(),
    )
    names = _names(view, ((id, row["day"]) for row in rows for id in _named(row)))
    return [_session_on(row, names) for row in rows]


def absent(view: View, session: SessionView) -> list[AttendantView]:
    """The council's members on the day of a session who were neither present nor excused; nobody
    unless it was held."""
    if session.held_on is None:
        return []
    named = {each.member for each in (*session.present, *session.excused)}
    return [
        AttendantView(member=each.member, member_name=each.member_name)
        for each in members(view, session.council, effective=session.held_on)
        if each.member not in named
    ]


class ResolutionView(Shape):
    """What a session resolved, with its tasks."""

    resolution: str
    session: str
    adopted_on: date
    text: str
    tasks: list[str]
    annulled_on: date | None
    annulled_for: str | None
    position: int


def resolutions(
    view: View, council: str, *, effective: date, session: str | None = None
) -> list[ResolutionView]:
    """What a council resolved up to a day, in order. An annulled one says so on every day."""
    rows = view.rows(SQL["resolutions"], council=council, session=session, effective=effective)
    return [ResolutionView.of(row) for row in rows]


def _owed(row: Mapping[str, Any], effective: date) -> list[Due]:
    return due(
        row["per"],
        row["sessions_min"],
        founded_on=row["founded_on"],
        dissolved_on=row["dissolved_on"],
        # While the community does not exist, its council owes nothing, though nobody dissolved it.
        ended=tuple(zip(row["ended_on"], row["restored_on"], strict=True)),
        held_on=row["held_on"],
        today=effective,
    )


def _owing_on(row: Mapping[str, Any], effective: date) -> Owing:
    owed = _owed(row, effective)
    missed = [each for each in owed if each.is_missed(effective)]
    last = [DueView.on(effective, each) for each in missed[-MISSED_SHOWN_MAX:]]
    figures = {"held": len(row["held_on"]), "missed": len(missed), "missed_last": last}
    return Owing(CouncilView.of({**row, **figures}), owed, missed)


def _named(row: Mapping[str, Any]) -> Iterable[str]:
    return (*row["present"], *row["excused"])


def _names(view: View, asked: Iterable[tuple[str, date]]) -> NamesOn:
    """What units are called on days."""
    pairs = list(dict.fromkeys(asked))
    if not pairs:
        return {}
    units, days = zip(*pairs, strict=True)
    rows = view.rows(SQL["names"], units=list(units), days=list(days))
    return {(row["unit"], row["day"]): row["name"] for row in rows}


def _session_on(row: Mapping[str, Any], names: NamesOn) -> SessionView:
    day: date = row["day"]
    lists = {
        name: [AttendantView(member=id, member_name=names.get((id, day), id)) for id in row[name]]
        for name in ("present", "excused")
    }
    return SessionView.of({**row, **lists})

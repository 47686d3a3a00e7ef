"""Councils: members, the calendar of sessions, resolutions, and which sessions are missing.

A session that is missing by the cadence is derived when somebody asks, and stands in no table.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple, cast, get_args

from domain.council.cadence import Due, due
from domain.council.events import (
    AgendaSet,
    CouncilDissolved,
    CouncilEntryAnnulled,
    CouncilEvent,
    CouncilFounded,
    CouncilMemberJoined,
    CouncilMemberLeft,
    MembershipAnnulled,
    MinutesAmended,
    MinutesRecorded,
    ResolutionAdopted,
    ResolutionAnnulled,
    SessionCancelled,
    SessionConvened,
    SessionCorrected,
    SessionHeld,
)
from domain.kernel.event import Event
from domain.policy import Policy
from projections.engine.projection import Page, Projection
from projections.engine.view import View
from record.sql import statements
from record.store.entry import AnyEntry

SQL = statements(__file__)


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


class CouncilMember(NamedTuple):
    """A body's membership, by the entry `version`, until it left by the entry `left_by`."""

    council: str
    member: str
    title: str
    joined_on: date
    left_on: date | None
    version: int
    left_by: int | None


class CouncilSession(NamedTuple):
    """A session and how far it has come; lists are JSON arrays."""

    council: str
    session: str
    community: str
    noticed_on: date
    scheduled_on: date
    place: str | None
    agenda: str
    held_on: date | None
    held_by: int | None
    present: str
    excused: str
    observers: str
    cancelled_on: date | None
    cancelled_for: str | None
    versions: int  # of the minutes
    minutes_on: date | None
    position: int


class CouncilResolution(NamedTuple):
    """What a session resolved, with the ids of its tasks, separated by spaces."""

    council: str
    resolution: str
    session: str
    community: str
    adopted_on: date
    text: str
    tasks: str
    annulled_on: date | None
    annulled_for: str | None
    position: int


class Councils(Projection):
    """Councils with their members, sessions and resolutions."""

    name = "councils"
    kinds = (CouncilLine, CouncilMember, CouncilSession, CouncilResolution)
    events = cast(tuple[type[Event], ...], get_args(CouncilEvent))
    module_file = __file__

    def evolve(self, key: str, page: Page, entry: AnyEntry) -> Page:
        """The council's rows after this entry."""
        event, at = entry.event, entry.position
        match event:
            case CouncilFounded() | CouncilDissolved():
                return _with_line(key, page, event, entry)
            case CouncilMemberJoined() | CouncilMemberLeft() | MembershipAnnulled():
                members = _members(key, page.of(CouncilMember), event, entry.version)
                return page.having(CouncilMember, members)
            case ResolutionAdopted():
                resolution = CouncilResolution(
                    key,
                    event.resolution,
                    event.session,
                    event.community,
                    event.adopted_on,
                    event.text,
                    " ".join(event.tasks),
                    None,
                    None,
                    at,
                )
                return page.having(CouncilResolution, (*page.of(CouncilResolution), resolution))
            case ResolutionAnnulled():
                resolutions = (
                    r._replace(annulled_on=event.annulled_on, annulled_for=event.reason)
                    if r.resolution == event.resolution
                    else r
                    for r in page.of(CouncilResolution)
                )
                return page.having(CouncilResolution, resolutions)
            case SessionConvened():
                session = _convened(key, event, at)
                return page.having(CouncilSession, (*page.of(CouncilSession), session))
            case CouncilEntryAnnulled():
                return _without(page, event)
            case _:
                id, changes = _session_changes(event, entry.version)
                sessions = (
                    s._replace(**changes) if s.session == id else s for s in page.of(CouncilSession)
                )
                return page.having(CouncilSession, sessions)


def _without(page: Page, event: CouncilEntryAnnulled) -> Page:
    """The rows as if what the entry stated had never been."""
    if event.stated == "founding":
        return page.having(CouncilLine, ()).having(CouncilMember, ())
    if event.stated == "dissolution":
        (line,) = page.of(CouncilLine)
        return page.having(CouncilLine, (line._replace(dissolved_on=None),))
    sessions = page.of(CouncilSession)
    if event.stated == "convening":
        return page.having(CouncilSession, (s for s in sessions if s.session != event.session))
    undone: dict[str, Any] = {
        "held_on": None,
        "held_by": None,
        "cancelled_on": None,
        "cancelled_for": None,
    }
    undone |= dict.fromkeys(("present", "excused", "observers"), _listed(()))
    return page.having(
        CouncilSession,
        (s._replace(**undone) if s.session == event.session else s for s in sessions),
    )


def _with_line(
    key: str, page: Page, event: CouncilFounded | CouncilDissolved, entry: AnyEntry
) -> Page:
    if isinstance(event, CouncilDissolved):
        (line,) = page.of(CouncilLine)
        return page.having(CouncilLine, (line._replace(dissolved_on=event.dissolved_on),))
    line = CouncilLine(
        key,
        event.community,
        event.title,
        event.council_kind,
        event.sessions_min,
        event.per,
        event.founded_on,
        None,
        entry.position,
    )
    members = (
        CouncilMember(key, m.member, m.title, event.founded_on, None, entry.version, None)
        for m in event.members
    )
    return page.having(CouncilLine, (line,)).having(CouncilMember, members)


def _members(
    key: str,
    members: tuple[CouncilMember, ...],
    event: CouncilMemberJoined | CouncilMemberLeft | MembershipAnnulled,
    version: int,
) -> tuple[CouncilMember, ...]:
    match event:
        case CouncilMemberJoined():
            joined = (event.member, event.member_title, event.joined_on)
            return (*members, CouncilMember(key, *joined, None, version, None))
        case CouncilMemberLeft(member=id, left_on=day):
            return tuple(
                m._replace(left_on=day, left_by=version)
                if m.member == id and m.joined_on <= day and m.left_on is None
                else m
                for m in members
            )
        case MembershipAnnulled(annuls=was):
            return tuple(
                m._replace(left_on=None, left_by=None) if m.left_by == was else m
                for m in members
                if m.version != was
            )


def _convened(key: str, event: SessionConvened, at: int) -> CouncilSession:
    return CouncilSession(
        council=key,
        session=event.session,
        community=event.community,
        noticed_on=event.noticed_on,
        scheduled_on=event.scheduled_on,
        place=event.place,
        agenda="[]",
        held_on=None,
        held_by=None,
        present="[]",
        excused="[]",
        observers="[]",
        cancelled_on=None,
        cancelled_for=None,
        versions=0,
        minutes_on=None,
        position=at,
    )


def _session_changes(event: Event, version: int) -> tuple[str, dict[str, Any]]:
    """The session that an event is about, and what it changes there."""
    match event:
        case AgendaSet():
            return event.session, {"agenda": _listed(event.agenda)}
        case SessionHeld() | SessionCorrected():
            return event.session, {
                "held_on": event.held_on,
                "held_by": version,
                "present": _listed(event.present),
                "excused": _listed(event.excused),
                "observers": _listed(event.observers),
            }
        case SessionCancelled():
            return event.session, {
                "cancelled_on": event.cancelled_on,
                "cancelled_for": event.reason,
            }
        case MinutesRecorded():
            return event.session, {"versions": 1, "minutes_on": event.recorded_on}
        case MinutesAmended():
            return event.session, {"versions": event.number, "minutes_on": event.amended_on}
        case _:
            raise AssertionError(f"no session changes by {type(event).__name__}")


def _listed(each: tuple[str, ...]) -> str:
    return json.dumps(each, ensure_ascii=False)


class CouncilView(NamedTuple):
    """A council on the asked day, with the periods in which it owed sessions until then."""

    council: str
    community: str
    community_name: str | None
    district: str | None
    district_name: str | None
    title: str
    council_kind: str
    sessions_min: int
    per: str
    founded_on: date
    dissolved_on: date | None
    members: int
    held: int
    due: tuple[Due, ...]
    missed: tuple[Due, ...]


class Filter(NamedTuple):
    """What lists of councils and sessions are narrowed to."""

    community: str | None = None
    district: str | None = None
    council: str | None = None
    council_kind: str | None = None


EVERY = Filter()


def councils(
    view: View,
    *,
    effective: date,
    where: Filter = EVERY,
    missed: bool = False,
    after: tuple[str, str] | None = None,
    limit: int = 200,
) -> list[CouncilView]:
    """Councils that stand on a day in the order of (community, id), each with what it owed.

    With `missed` only those of which a session is missing.
    """
    found: list[CouncilView] = []
    while len(found) < limit:
        rows = view.rows(
            SQL["list"],
            effective=effective,
            after_community=after and after[0],
            after_id=after and after[1],
            limit=limit,
            **where._asdict(),
        )
        each = [_council_on(row, effective) for row in rows]
        found += [council for council in each if council.missed or not missed]
        if len(rows) < limit:
            break
        after = (each[-1].community, each[-1].council)
    return found[:limit]


def lines(view: View) -> list[CouncilLine]:
    """Every council that ever was, in the order of (community, id)."""
    return [CouncilLine(**row) for row in view.rows(SQL["lines"])]


def members(view: View, council: str, *, effective: date) -> list[CouncilMember]:
    """The members of a council on a day."""
    rows = view.rows(SQL["members"], council=council, effective=effective)
    return [CouncilMember(**row) for row in rows]


def titles(view: View, councils: Iterable[str]) -> dict[tuple[str, str], str]:
    """What members of these councils are called, former ones too: the title by (council, id)."""
    rows = view.rows(SQL["titles"], councils=list(dict.fromkeys(councils)))
    return {(row["council"], row["member"]): row["title"] for row in rows}


class SessionView(NamedTuple):
    """A session on the asked day: convened, held or cancelled by then."""

    council: str
    council_title: str
    council_kind: str
    session: str
    community: str
    community_name: str | None
    district: str | None
    day: date
    standing: str
    noticed_on: date
    scheduled_on: date
    place: str | None
    agenda: tuple[str, ...]
    held_on: date | None
    held_by: int | None
    present: tuple[str, ...]
    excused: tuple[str, ...]
    observers: tuple[str, ...]
    cancelled_on: date | None
    cancelled_for: str | None
    versions: int
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
    lists = ("agenda", "present", "excused", "observers")
    return [
        SessionView(**{**r, **{name: tuple(json.loads(r[name])) for name in lists}}) for r in rows
    ]


def resolutions(
    view: View, council: str, *, effective: date, session: str | None = None
) -> list[CouncilResolution]:
    """What a council resolved up to a day, in order; those annulled by then say so."""
    rows = view.rows(SQL["resolutions"], council=council, session=session, effective=effective)
    return [CouncilResolution(**row) for row in rows]


class Lacking(NamedTuple):
    """A community whose type calls for a council that it does not have."""

    community: str
    community_name: str | None
    code: str | None
    district: str | None
    type: str
    council_kind: str


def lacking(
    view: View,
    policy: Policy,
    *,
    effective: date,
    district: str | None = None,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[Lacking]:
    """The councils that the policy wants and communities lack, by (code, community/kind)."""
    wanted = [(each.code, type) for each in policy.councils for type in each.types]
    rows = view.rows(
        SQL["lacking"],
        effective=effective,
        kinds=[kind for kind, _ in wanted],
        types=[type for _, type in wanted],
        district=district,
        after_code=after and after[0],
        after_id=after and after[1],
        limit=limit,
    )
    return [Lacking(**row) for row in rows]


def _council_on(row: Mapping[str, Any], effective: date) -> CouncilView:
    owed = due(
        row["per"],
        row["sessions_min"],
        founded_on=row["founded_on"],
        # Where the community ended, its council owes nothing more, though nobody dissolved it.
        dissolved_on=row["dissolved_on"] or row["community_ended_on"],
        held_on=row["held_on"],
        today=effective,
    )
    missed = tuple(each for each in owed if each.is_missed(effective))
    fields = {name: row[name] for name in CouncilView._fields if name in row}
    held = len(row["held_on"])
    return CouncilView(**fields, held=held, due=tuple(owed), missed=missed)

"""What a council is: members with their spells, sessions, resolutions. Folds, decides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, ClassVar, Self, assert_never

from domain.council.membership import (
    CouncilDissolved,
    CouncilFounded,
    CouncilMemberJoined,
    CouncilMemberLeft,
    MembershipAnnulled,
    MembershipEvent,
)
from domain.council.minutes import (
    MinutesAmended,
    MinutesEvent,
    MinutesRecorded,
    ResolutionAdopted,
    ResolutionAnnulled,
)
from domain.council.sessions import (
    AgendaSet,
    SessionCancelled,
    SessionConvened,
    SessionCorrected,
    SessionEvent,
    SessionHeld,
)
from domain.refusals import NotOnRecord, Refused
from domain.subject import changed
from domain.task.source import TaskSource

CouncilEvent = MembershipEvent | SessionEvent | MinutesEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """A body's membership, by the entry `version`, until it left by the entry `left_by`."""

    member: str
    title: str
    joined_on: date
    version: int
    left_on: date | None = None
    left_by: int | None = None

    def holds(self, day: date) -> bool:
        """Whether it is a member on a day."""
        return self.joined_on <= day and (self.left_on is None or day < self.left_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One session and how far it has come."""

    id: str
    noticed_on: date
    scheduled_on: date
    agenda: tuple[str, ...] = ()
    held_on: date | None = None
    held_by: int | None = None
    present: tuple[str, ...] = ()
    excused: tuple[str, ...] = ()
    observers: tuple[str, ...] = ()
    cancelled_on: date | None = None
    versions: int = 0
    minutes_on: date | None = None

    @property
    def is_convened(self) -> bool:
        """Whether it is still to take place."""
        return self.held_on is None and self.cancelled_on is None

    def require_convened(self) -> None:
        """Refused unless it is still to take place."""
        if not self.is_convened:
            how_en, how_zh = ("held", "召开") if self.held_on else ("cancelled", "取消")
            raise Refused(
                f"The session was {how_en} on {self.held_on or self.cancelled_on}; "
                "convene another one.",
                f"该次会议已于 {self.held_on or self.cancelled_on} {how_zh}；请另行召集。",
            )

    def require_held(self) -> date:
        """The day on which it was held; Refused unless it was."""
        if self.held_on is None:
            raise Refused(
                "The session was not held; record first that it was.",
                "该次会议尚未召开；请先记录会议召开。",
            )
        return self.held_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What a session resolved, with the tasks that follow from it."""

    session: str
    adopted_on: date
    text: str
    tasks: tuple[str, ...]
    annulled_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Council(TaskSource):
    """One standing joint meeting of a community."""

    kind: ClassVar[str] = "council"

    community: str = ""
    title: str = ""
    council_kind: str = ""
    founded_on: date = date.max
    dissolved_on: date | None = None
    spells: tuple[Spell, ...] = ()
    sessions: Mapping[str, Session] = field(default_factory=dict)
    resolutions: Mapping[str, Resolution] = field(default_factory=dict)

    def require_standing_on(self, day: date) -> None:
        """Refused unless the council is founded by that day and not dissolved."""
        if day < self.founded_on or (self.dissolved_on is not None and day >= self.dissolved_on):
            until = f" until {self.dissolved_on}" if self.dissolved_on else ""
            until_zh = f"，至 {self.dissolved_on} 止" if self.dissolved_on else ""
            raise Refused(
                f"{self.title} stands from {self.founded_on}{until}, not on {day}; "
                "choose another day.",
                f"“{self.title}”自 {self.founded_on} 起设立{until_zh}，{day} 不在其间；"
                "请另选日期。",
            )

    def spell_on(self, member: str, day: date) -> Spell | None:
        """The membership of a body that holds on a day."""
        return next((s for s in self.spells if s.member == member and s.holds(day)), None)

    def is_member_from(self, member: str, day: date) -> bool:
        """Whether a body is a member on a day, or on any later one."""
        return any(
            s.member == member and (s.left_on is None or s.left_on > day) for s in self.spells
        )

    def is_member_after(self, spell: Spell) -> bool:
        """Whether the body joined anew behind one of its memberships."""
        return any(
            s.member == spell.member and s.joined_on >= (spell.left_on or spell.joined_on)
            for s in self.spells
            if s is not spell
        )

    def session_attended(self, spell: Spell, *, since: date = date.min) -> str | None:
        """A session, on a day or later, at which the body was named by virtue of a membership."""
        for session in self.sessions.values():
            held_on, named = session.held_on, (*session.present, *session.excused)
            if held_on and held_on >= since and spell.holds(held_on) and spell.member in named:
                return session.id
        return None

    def require_open_task(self, task: str) -> None:
        """Refused for a task of a resolution that was annulled."""
        for resolution in self.resolutions.values():
            if task in resolution.tasks and resolution.annulled_on:
                raise Refused(
                    "The task comes from a resolution that was annulled on "
                    f"{resolution.annulled_on}; assign it anew if it is to be done.",
                    f"该任务所依据的决议已于 {resolution.annulled_on} 撤销；"
                    "如仍需办理，请另行交办。",
                )

    def session(self, id: str) -> Session:
        """One session; NotOnRecord if there is none of this id."""
        if id not in self.sessions:
            raise NotOnRecord(
                f"{self.title} has no session {id}; check its id.",
                f"“{self.title}”没有编号为 {id} 的会议；请核对编号。",
            )
        return self.sessions[id]

    def resolution(self, id: str) -> Resolution:
        """One resolution that holds; NotOnRecord if there is none, Refused if it was annulled."""
        if id not in self.resolutions:
            raise NotOnRecord(
                f"{self.title} has no resolution {id}; check its id.",
                f"“{self.title}”没有编号为 {id} 的决议；请核对编号。",
            )
        resolution = self.resolutions[id]
        if resolution.annulled_on:
            raise Refused(
                f"The resolution was annulled on {resolution.annulled_on} already.",
                f"该决议已于 {resolution.annulled_on} 撤销。",
            )
        return resolution

    def evolve(self, event: CouncilEvent) -> Self:
        """The state after one more event of this council."""
        if isinstance(event, MembershipEvent):
            return self._with_members(event)
        if isinstance(event, SessionEvent):
            return self._with_session(event)
        if isinstance(event, MinutesEvent):
            return self._with_minutes(event)
        assert_never(event)

    def _with_members(self, event: MembershipEvent) -> Self:
        at = self.version
        match event:
            case CouncilFounded(founded_on=day):
                spells = tuple(
                    Spell(member=m.member, title=m.title, joined_on=day, version=at)
                    for m in event.members
                )
                return changed(
                    self,
                    community=event.community,
                    title=event.title,
                    council_kind=event.council_kind,
                    founded_on=day,
                    spells=spells,
                )
            case CouncilMemberJoined(joined_on=day):
                spell = Spell(
                    member=event.member, title=event.member_title, joined_on=day, version=at
                )
                return changed(self, spells=(*self.spells, spell))
            case CouncilMemberLeft(left_on=day):
                spells = tuple(
                    replace(s, left_on=day, left_by=at)
                    if s.member == event.member and s.holds(day)
                    else s
                    for s in self.spells
                )
                return changed(self, spells=spells)
            case CouncilDissolved(dissolved_on=day):
                return changed(self, dissolved_on=day)
            case MembershipAnnulled(annuls=was):
                spells = tuple(
                    replace(s, left_on=None, left_by=None) if s.left_by == was else s
                    for s in self.spells
                    if s.version != was
                )
                return changed(self, spells=spells)
            case _:
                assert_never(event)

    def _with_session(self, event: SessionEvent) -> Self:
        match event:
            case SessionConvened():
                session = Session(
                    id=event.session, noticed_on=event.noticed_on, scheduled_on=event.scheduled_on
                )
                return changed(self, sessions={**self.sessions, session.id: session})
            case AgendaSet():
                return self._session_with(event.session, agenda=event.agenda)
            case SessionHeld() | SessionCorrected():
                return self._session_with(
                    event.session,
                    held_on=event.held_on,
                    held_by=self.version,
                    present=event.present,
                    excused=event.excused,
                    observers=event.observers,
                )
            case SessionCancelled(cancelled_on=day):
                return self._session_with(event.session, cancelled_on=day)
            case _:
                assert_never(event)

    def _with_minutes(self, event: MinutesEvent) -> Self:
        match event:
            case MinutesRecorded(recorded_on=day):
                return self._session_with(event.session, versions=1, minutes_on=day)
            case MinutesAmended(amended_on=day):
                return self._session_with(event.session, versions=event.number, minutes_on=day)
            case ResolutionAdopted():
                resolution = Resolution(
                    session=event.session,
                    adopted_on=event.adopted_on,
                    text=event.text,
                    tasks=event.tasks,
                )
                return changed(self, resolutions={**self.resolutions, event.resolution: resolution})
            case ResolutionAnnulled(resolution=id, annulled_on=day):
                annulled = replace(self.resolutions[id], annulled_on=day)
                return changed(self, resolutions={**self.resolutions, id: annulled})
            case _:
                assert_never(event)

    def _session_with(self, id: str, **fields: Any) -> Self:
        return changed(self, sessions={**self.sessions, id: replace(self.sessions[id], **fields)})

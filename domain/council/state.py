"""The state of a council: members, sessions, resolutions. Decides nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Self, assert_never

from domain.community.state import Community
from domain.council.events import (
    CouncilDissolved,
    CouncilEntryAnnulled,
    CouncilEntryKind,
    CouncilEvent,
    CouncilFounded,
    CouncilMemberJoined,
    CouncilMemberLeft,
    MembershipAnnulled,
    MembershipEvent,
    ResolutionAdopted,
    ResolutionAnnulled,
    SessionConvened,
)
from domain.council.naming import Naming
from domain.council.session import Session, SessionStep
from domain.kernel.context import DecisionContext
from domain.kernel.refusal import NotOnRecord, Refused
from domain.kernel.reservation import Held
from domain.kernel.subject import changed
from domain.kernel.text import Bilingual
from domain.kernel.timeline import DateSpan
from domain.task.source import TaskSource


@dataclass(frozen=True, kw_only=True)
class Spell:
    """The membership of a unit: joined by the entry `version`, left by the entry `left_by`."""

    member: str
    joined_on: date
    version: int
    left_on: date | None = None
    left_by: int | None = None

    def holds(self, day: date) -> bool:
        """Whether it is a member on a day."""
        return self.joined_on <= day and (self.left_on is None or day < self.left_on)


@dataclass(frozen=True, kw_only=True)
class Resolution:
    """A resolution of a session, with its tasks."""

    session: str
    version: int
    adopted_on: date
    text: str
    tasks: tuple[str, ...]
    annulled_on: date | None = None
    annulled_for: str | None = None


@dataclass(frozen=True, kw_only=True)
class Council(TaskSource):
    """One council (standing joint meeting, 联席会议) of a community."""

    kind: ClassVar[str] = "council"
    what: ClassVar[Bilingual] = Bilingual(zh="联席会议", en="council")

    community: str = ""
    title: str = ""
    council_kind: str = ""
    founded_on: date = date.max
    dissolved_on: date | None = None
    dissolved_by: int | None = None
    is_void: bool = False  # when its founding was annulled
    spells: tuple[Spell, ...] = ()
    sessions: Mapping[str, Session] = field(default_factory=dict)
    resolutions: Mapping[str, Resolution] = field(default_factory=dict)

    @property
    def key(self) -> Naming | None:
        """Its name in the community, by kind; None when its founding was annulled."""
        return self.key_of(self) if self.version and not self.is_void else None

    def key_of(self, stated: Any) -> Naming:
        """The name that a founding, or the command for it, gives."""
        return Naming(stated.community, stated.council_kind, stated.title)

    def spans(self) -> list[DateSpan]:
        """The days on which it exists."""
        return [DateSpan(self.founded_on, self.dissolved_on)]

    def held(self) -> Iterable[Held]:
        """Its name, with the days on which it exists."""
        return [Held(self.key, self.spans())] if self.key else ()

    def require_existing_on(self, day: date) -> None:
        """Refused unless the council exists on the day."""
        if self.is_void:
            raise Refused("council.founding-annulled", title=self.title)
        (days,) = self.spans()
        if not days.holds(day):
            raise Refused("council.not-active", title=self.title, days=days, day=day)

    def place(self) -> Iterator[str]:
        """The stream of its community. Commands about a meeting consult it."""
        if self.version:
            yield f"community:{self.community}"

    def require_meeting_on(self, day: date, context: DecisionContext) -> None:
        """Refused unless the council and its community both exist on a day."""
        self.require_existing_on(day)
        context.state(Community, self.community).require_existing_on(day)

    def require_annullable(self, version: int) -> tuple[CouncilEntryKind, str | None]:
        """What the entry states, and of which session if any; Refused unless it can be annulled."""
        if version == 1 and not self.is_void:
            self._require_bare()
            return "founding", None
        if version == self.dissolved_by:
            return "dissolution", None
        for session in self.sessions.values():
            if stated := session.stated_by(version):
                if self.dissolved_by is not None:
                    raise Refused("council.dissolved-since", entry=self.dissolved_by)
                if stated == "holding":
                    self._require_unused(session)
                return stated, session.id
        raise Refused("council.nothing-to-annul", entry=version)

    def _require_bare(self) -> None:
        """Refused while anything rests on the founding."""
        moved = [s.left_by or s.version for s in self.spells if s.left_by or s.version > 1]
        held = [session.convened_by for session in self.sessions.values()]
        if resting := (self.dissolved_by or max((*moved, *held), default=None)):
            raise Refused("council.founding-in-use", entry=resting)

    def require_unresolved(self, session: Session) -> None:
        """Refused while a resolution of the session is in force: it bears the session's day."""
        if self._resolved(session):
            raise Refused("session.day-has-resolutions", held_on=session.held_on)

    def _resolved(self, session: Session) -> bool:
        resolved = (r for r in self.resolutions.values() if r.session == session.id)
        return any(each.annulled_on is None for each in resolved)

    def _require_unused(self, session: Session) -> None:
        """Refused while minutes or a resolution rest on the session."""
        if session.versions or self._resolved(session):
            raise Refused("session.has-minutes-or-resolutions", day=session.day)

    def spell_on(self, member: str, day: date) -> Spell | None:
        """The membership of a unit on a day."""
        return next((s for s in self.spells if s.member == member and s.holds(day)), None)

    def is_member_from(self, member: str, day: date) -> bool:
        """Whether a unit is a member on a day, or on any later one."""
        return any(
            s.member == member and (s.left_on is None or s.left_on > day) for s in self.spells
        )

    def is_member_after(self, spell: Spell) -> bool:
        """Whether the unit joined again after one of its memberships."""
        return any(
            s.member == spell.member and s.joined_on >= (spell.left_on or spell.joined_on)
            for s in self.spells
            if s is not spell
        )

    def session_attended(self, spell: Spell, *, since: date = date.min) -> date | None:
        """The day of a session since `since` on whose lists the member appears under this
        membership."""
        for session in self.sessions.values():
            held_on, named = session.held_on, (*session.present, *session.excused)
            if held_on and held_on >= since and spell.holds(held_on) and spell.member in named:
                return held_on
        return None

    def require_open_task(self, task: str) -> None:
        """Refused for a task of an annulled resolution."""
        for resolution in self.resolutions.values():
            if task in resolution.tasks and resolution.annulled_on:
                raise Refused("resolution.task-not-reopened", annulled_on=resolution.annulled_on)

    def session(self, id: str) -> Session:
        """One session; NotOnRecord if there is none of this id."""
        if id not in self.sessions:
            raise NotOnRecord("session.not-on-record", title=self.title, session=id)
        return self.sessions[id]

    def resolution(self, id: str) -> Resolution:
        """One resolution in force; NotOnRecord if there is none, Refused if it was annulled."""
        if id not in self.resolutions:
            raise NotOnRecord("resolution.not-on-record", title=self.title, resolution=id)
        resolution = self.resolutions[id]
        if resolution.annulled_on:
            raise Refused("resolution.already-annulled", annulled_on=resolution.annulled_on)
        return resolution

    def lies_in(self, day: date) -> tuple[str, ...]:
        """Its community."""
        return (f"community:{self.community}",)

    def evolve(self, event: CouncilEvent) -> Self:
        """The state after one more event of this council."""
        if isinstance(event, SessionStep):
            session = self.sessions[event.session].after(event, self.version)
            return changed(self, sessions={**self.sessions, session.id: session})
        if isinstance(event, MembershipEvent):
            return self._with_members(event)
        match event:
            case SessionConvened():
                session = Session(
                    id=event.session,
                    noticed_on=event.noticed_on,
                    scheduled_on=event.scheduled_on,
                    convened_by=self.version,
                )
                return changed(self, sessions={**self.sessions, session.id: session})
            case ResolutionAdopted():
                resolution = Resolution(
                    session=event.session,
                    version=self.version,
                    adopted_on=event.adopted_on,
                    text=event.text,
                    tasks=event.tasks,
                )
                return changed(self, resolutions={**self.resolutions, event.resolution: resolution})
            case ResolutionAnnulled(resolution=id, annulled_on=day, reason=reason):
                annulled = changed(self.resolutions[id], annulled_on=day, annulled_for=reason)
                return changed(self, resolutions={**self.resolutions, id: annulled})
            case CouncilEntryAnnulled():
                return self._without(event)
            case _:
                assert_never(event)

    def _with_members(self, event: MembershipEvent) -> Self:
        at = self.version
        match event:
            case CouncilFounded(founded_on=day):
                spells = tuple(
                    Spell(member=each, joined_on=day, version=at) for each in event.members
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
                spell = Spell(member=event.member, joined_on=day, version=at)
                return changed(self, spells=(*self.spells, spell))
            case CouncilMemberLeft(left_on=day):
                spells = tuple(
                    changed(s, left_on=day, left_by=at)
                    if s.member == event.member and s.holds(day)
                    else s
                    for s in self.spells
                )
                return changed(self, spells=spells)
            case CouncilDissolved(dissolved_on=day):
                return changed(self, dissolved_on=day, dissolved_by=self.version)
            case MembershipAnnulled(annuls=was):
                spells = tuple(
                    changed(s, left_on=None, left_by=None) if s.left_by == was else s
                    for s in self.spells
                    if s.version != was
                )
                return changed(self, spells=spells)
            case _:
                assert_never(event)

    def _without(self, event: CouncilEntryAnnulled) -> Self:
        """The state without what the entry stated."""
        if event.stated == "founding":
            return changed(self, is_void=True, spells=())
        if event.stated == "dissolution":
            return changed(self, dissolved_on=None, dissolved_by=None)
        assert event.session is not None
        others = {id: each for id, each in self.sessions.items() if id != event.session}
        if event.stated == "convening":
            return changed(self, sessions=others)
        session = self.sessions[event.session].convened()
        return changed(self, sessions={**self.sessions, session.id: session})

"""Everything that can happen in a check-in (报到), in the order of its life."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StrictInt

from domain.kernel.event import Event
from domain.kernel.ids import CommunityId, Id, Names, PersonId, Slug, Title, UnitId
from domain.kernel.reservation import Reserving
from domain.kernel.step import (
    ANNULLED,
    CORRECTED,
    Annulment,
    Comment,
    Content,
    Correction,
    Day,
    DueOn,
    Grounds,
    Label,
    MatterId,
    Result,
    Step,
    StepPerson,
    StepUnit,
)
from domain.kernel.text import Bilingual

ParticipantKind = Annotated[
    Literal["organisation", "member"], Names("participant"), Label("报到主体")
]


class ParticipantCheckedIn(Step, Event):
    """A unit's Party organisation, or one of its members, checked in."""

    sentence = Bilingual(
        zh="{checked_in_on}{unit}{participant}报到（党员：{person}）",
        en="{participant} of {unit} checked in on {checked_in_on} (member: {person})",
    )
    stage = "present"

    community: CommunityId
    participant: ParticipantKind
    unit: StepUnit
    person: StepPerson | None = None
    checked_in_on: Day


class ParticipantCheckedOut(Step, Event):
    """The participant no longer takes part in the community."""

    sentence = Bilingual(
        zh="{checked_out_on}结束报到：{reason}", en="Checked out on {checked_out_on}: {reason}"
    )
    stage = "left"

    community: CommunityId
    checked_out_on: Day
    reason: Grounds


class CheckInEntryCorrected(Correction, Event):
    """An entry of this check-in stated something wrongly."""

    sentence = CORRECTED


class CheckInEntryAnnulled(Annulment, Event):
    """An entry of this check-in is void from the start."""

    sentence = ANNULLED


class PledgeMade(Step, Event):
    """The participant promised something to the community (承诺)."""

    sentence = Bilingual(
        zh="{pledged_on}作出承诺：{content}（期限：{due_on}）",
        en="Pledge made on {pledged_on}: {content} (due: {due_on})",
    )
    stage = "pledged"

    community: CommunityId
    pledge: Annotated[Id, MatterId()]
    content: Content
    pledged_on: Day
    due_on: DueOn | None = None


class PledgeFulfilled(Step, Event):
    """The participant kept the promise (践诺)."""

    sentence = Bilingual(
        zh="{fulfilled_on}承诺兑现：{result}", en="Pledge fulfilled on {fulfilled_on}: {result}"
    )
    stage = "fulfilled"

    community: CommunityId
    pledge: Annotated[Id, MatterId()]
    fulfilled_on: Day
    result: Result


Hours = Annotated[StrictInt, Field(ge=1, le=1000), Label("时数")]


class ServiceGiven(Step, Event):
    """The participant served the community (志愿服务), perhaps to fulfil a pledge."""

    sentence = Bilingual(
        zh="{served_on}服务社区：{content}（时数：{hours}）",
        en="Served on {served_on}: {content} (hours: {hours})",
    )
    stage = "served"
    alone = True

    community: CommunityId
    pledge: Id | None = None
    content: Content
    served_on: Day
    hours: Hours | None = None


class FeedbackSent(Step, Event):
    """The community reported to the work unit on its participants, once in a calendar period."""

    sentence = Bilingual(
        zh="{sent_on}向所在单位反馈（{period_from}起的周期）：{content}",
        en="Feedback sent to the work unit on {sent_on} for the period from {period_from}: "
        "{content}",
    )
    stage = "sent"
    alone = True

    community: CommunityId
    sent_on: Day
    period_from: Day
    content: Content


About = Annotated[Slug, Names("opinion"), Label("事项", "matter")]


class OpinionAsked(Step, Event):
    """The community was asked for its opinion on an honour or an appointment."""

    sentence = Bilingual(
        zh="{asked_on}就{about}“{subject}”征求社区意见，应于{due_on}前答复",
        en="Opinion asked on {asked_on} ({about}: {subject}), due on {due_on}",
    )
    stage = "asked"

    community: CommunityId
    opinion: Annotated[Id, MatterId()]
    about: About
    subject: Annotated[Title, Label("对象")]
    asked_on: Day
    due_on: Annotated[date, Label("期限", "due day", derived=True)]
    asked_by: PersonId


Stance = Annotated[Literal["supports", "objects", "abstains"], Names("stance"), Label("态度")]


class OpinionGiven(Step, Event):
    """The community gave its opinion."""

    sentence = Bilingual(
        zh="{given_on}社区意见：{stance}（{comment}）",
        en="The community's opinion on {given_on}: {stance} ({comment})",
    )
    stage = "given"

    community: CommunityId
    opinion: Annotated[Id, MatterId()]
    given_on: Day
    stance: Stance
    comment: Comment | None = None


class CheckInReserved(Reserving, Event):
    """The check-in belongs to this participant. Recorded after the check-in or its correction."""

    sentence = Bilingual(
        zh="登记{unit}{participant}的一次报到（党员：{person}）；同一日不得另有一次。",
        en="Check-in of {participant} of {unit} reserved (member: {person}); no other on the "
        "same days.",
    )

    checkin: Id
    community: CommunityId
    participant: ParticipantKind
    unit: UnitId
    person: PersonId | None = None

    @property
    def holder(self) -> str:
        """The check-in's stream."""
        return f"checkin:{self.checkin}"


CheckInEvent = (
    ParticipantCheckedIn
    | ParticipantCheckedOut
    | CheckInEntryCorrected
    | CheckInEntryAnnulled
    | PledgeMade
    | PledgeFulfilled
    | ServiceGiven
    | FeedbackSent
    | OpinionAsked
    | OpinionGiven
)

"""Everything that can happen in the support of a lagging community, in the order of its life."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from domain.kernel.event import Event
from domain.kernel.ids import (
    CommunityId,
    GradeSlug,
    Id,
    Names,
    PersonId,
    Reason,
    RoundId,
    Slug,
    Title,
    UnitId,
    Version,
)
from domain.kernel.reservation import Reserving
from domain.kernel.text import Bilingual


class SupportBegun(Event):
    """The community is supported from this day on, because of its grade in the round."""

    sentence = Bilingual(
        zh="在{round}中被评定为{grade}，自{effective_from}起予以帮扶。",
        en="Supported from {effective_from}, graded {grade} in {round}.",
    )

    community: CommunityId
    round: RoundId
    effective_from: date
    grade: GradeSlug


SupportSlug = Annotated[Slug, Names("support")]


class SupporterAssigned(Event):
    """A person, a unit or another community was assigned as a supporter."""

    sentence = Bilingual(
        zh="自{effective_from}起{kind}（人员：{person}；单位：{unit}；帮带社区：{mentor}；"
        "止于：{effective_until}）。",
        en="{kind} from {effective_from} on (person: {person}; unit: {unit}; mentor: {mentor}; "
        "until: {effective_until}).",
    )

    community: CommunityId
    round: RoundId
    assignment: Id
    kind: SupportSlug
    effective_from: date
    effective_until: date | None = None
    person: PersonId | None = None
    unit: UnitId | None = None
    mentor: CommunityId | None = None


class AssignmentEnded(Event):
    """The assignment ended on this day."""

    sentence = Bilingual(
        zh="{kind}于{effective_until}结束。理由：{reason}",
        en="{kind} ended on {effective_until}. Reason: {reason}",
    )

    community: CommunityId
    round: RoundId
    assignment: Id
    kind: SupportSlug
    effective_until: date
    reason: Reason


class SupportMilestone(BaseModel):
    """A milestone of a plan, with the day by which it should be reached."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    milestone: Id
    title: Title
    due_on: date


class SupportPlanned(Event):
    """The support was planned: its aim and milestones. It replaces an earlier plan."""

    sentence = Bilingual(
        zh="{planned_on}制定帮扶计划：{aim}", en="Support planned on {planned_on}: {aim}"
    )

    community: CommunityId
    round: RoundId
    planned_on: date
    aim: Reason
    milestones: tuple[SupportMilestone, ...]


class MilestoneReached(Event):
    """A milestone of the plan was reached."""

    sentence = Bilingual(
        zh="{reached_on}达到目标“{title}”。{comment}",
        en="“{title}” reached on {reached_on}. {comment}",
    )

    community: CommunityId
    round: RoundId
    milestone: Id
    reached_on: date
    title: Title
    comment: Reason | None = None


class SupportReported(Event):
    """A report on the progress of the support."""

    sentence = Bilingual(
        zh="{reported_on}帮扶进展：{progress}", en="Progress reported on {reported_on}: {progress}"
    )

    community: CommunityId
    round: RoundId
    reported_on: date
    progress: Reason


class SupportEntryAnnulled(Event):
    """The named entry is void from the start: an assignment, its end, a reached milestone, a report
    or the outcome of the support, which then resumes."""

    sentence = Bilingual(
        zh="撤销{annuls}，自始无效。理由：{reason}",
        en="Entry {annuls} annulled, void from the start. Reason: {reason}",
    )

    community: CommunityId
    round: RoundId
    annuls: Version
    reason: Reason


class SupportTasked(Event):
    """These tasks were assigned for the milestone."""

    sentence = Bilingual(
        zh="{assigned_on}就帮扶目标“{title}”交办任务。",
        en="Tasks for the milestone {title} assigned on {assigned_on}.",
    )

    community: CommunityId
    round: RoundId
    milestone: Id
    assigned_on: date
    title: Title
    tasks: Annotated[tuple[Id, ...], Field(min_length=1)]


class CommunityUpgraded(Event):
    """The community got a better grade in the next round, and the support ended."""

    sentence = Bilingual(
        zh="{next_round}由{grade_before}晋升为{grade}，帮扶于{concluded_on}结束（{comment}）。",
        en="Upgraded from {grade_before} to {grade} in {next_round}; support ended on "
        "{concluded_on} ({comment}).",
    )

    community: CommunityId
    round: RoundId
    concluded_on: date
    next_round: RoundId
    grade_before: GradeSlug
    grade: GradeSlug
    comment: Reason | None = None
    cancelled: tuple[Id, ...] = ()  # the tasks that were cancelled with it


class CommunityNotUpgraded(Event):
    """The community did not get a better grade in the next round; the consequence is stated."""

    sentence = Bilingual(
        zh="{next_round}评定为{grade}，较{grade_before}未晋升，帮扶于{concluded_on}结束。后续："
        "{consequence}",
        en="Graded {grade} in {next_round}, not better than {grade_before}; support ended on "
        "{concluded_on}. What follows: {consequence}",
    )

    community: CommunityId
    round: RoundId
    concluded_on: date
    next_round: RoundId
    grade_before: GradeSlug
    grade: GradeSlug
    consequence: Reason
    cancelled: tuple[Id, ...] = ()  # the tasks that were cancelled with it


class SupportEnded(Event):
    """The support ended early, before the next round decided its outcome."""

    sentence = Bilingual(
        zh="帮扶于{ended_on}提前结束。理由：{reason}",
        en="Support ended early on {ended_on}. Reason: {reason}",
    )

    community: CommunityId
    round: RoundId
    ended_on: date
    reason: Reason
    cancelled: tuple[Id, ...] = ()  # the tasks that were cancelled with it


class SupportResumed(Event):
    """The support resumed on this day: the round that concluded it is void, and no other support is
    open any more."""

    sentence = Bilingual(
        zh="自{resumed_on}起恢复帮扶。理由：{reason}",
        en="Support resumed on {resumed_on}. Reason: {reason}",
    )

    community: CommunityId
    round: RoundId
    resumed_on: date
    reason: Reason


class SupportReserved(Reserving, Event):
    """The support belongs to this community. Recorded after its beginning."""

    sentence = Bilingual(
        zh="登记一项帮扶；同一日不得另有一项。",
        en="Support reserved; no other on the same days.",
    )

    support: Id
    community: CommunityId

    @property
    def holder(self) -> str:
        """The support's stream."""
        return f"support:{self.support}"


AssignmentEvent = SupportBegun | SupporterAssigned | AssignmentEnded

ProgressEvent = SupportPlanned | MilestoneReached | SupportReported | SupportEntryAnnulled

OutcomeEvent = CommunityUpgraded | CommunityNotUpgraded | SupportEnded | SupportResumed

SupportEvent = AssignmentEvent | ProgressEvent | SupportTasked | OutcomeEvent

"""Everything that can happen to a task, in the order of its life."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.kernel.event import Event
from domain.kernel.ids import (
    ActionSlug,
    CommunityId,
    Id,
    JurisdictionId,
    Names,
    PersonId,
    Reason,
    Title,
    UnitId,
    Version,
)
from domain.kernel.text import Bilingual

Source = Literal["resolution", "programme-item", "measure", "support-plan", "own"]

StreamName = Annotated[str, Field(pattern=r"^[a-z]+:[a-z0-9][a-z0-9.-]{0,63}$")]


class TaskAssigned(Event):
    """The task was assigned to a unit and a person, with a deadline (section four, item two)."""

    sentence = Bilingual(
        zh="{assigned_on}交办任务“{title}”，来源：{source}；由{unit}、{person}负责，{due_on}前完成"
        "（举措：{action}）。",
        en="Task {title} assigned on {assigned_on} to {unit}, {person}; due on {due_on} "
        "(source: {source}; action: {action}).",
    )

    title: Title
    description: Reason | None = None
    source: Annotated[Source, Names("source")]
    source_stream: StreamName | None = None
    source_part: Id | None = None
    action: ActionSlug | None = None
    jurisdiction: JurisdictionId | None = None
    community: CommunityId | None = None
    unit: UnitId
    person: PersonId
    assigned_on: date
    due_on: date


class TaskDeadlineExtended(Event):
    """The deadline of the task was extended."""

    sentence = Bilingual(
        zh="{extended_on}将任务“{title}”的完成时限延至{due_on}（理由：{reason}）。",
        en="Deadline of task {title} extended to {due_on} on {extended_on} (reason: {reason}).",
    )

    title: Title
    community: CommunityId | None = None
    extended_on: date
    due_on: date
    reason: Reason


class TaskReassigned(Event):
    """The task was reassigned to another unit or person, who has to accept it."""

    sentence = Bilingual(
        zh="{reassigned_on}将任务“{title}”改由{unit}、{person}负责（理由：{reason}）。",
        en="Task {title} reassigned to {unit}, {person} on {reassigned_on} (reason: {reason}).",
    )

    title: Title
    community: CommunityId | None = None
    reassigned_on: date
    unit: UnitId
    person: PersonId
    reason: Reason


class TaskCancelled(Event):
    """The task no longer has to be done."""

    sentence = Bilingual(
        zh="{cancelled_on}取消任务“{title}”（理由：{reason}）。",
        en="Task {title} cancelled on {cancelled_on} (reason: {reason}).",
    )

    title: Title
    community: CommunityId | None = None
    cancelled_on: date
    reason: Reason


class TaskAccepted(Event):
    """The responsible person or unit accepted the task."""

    sentence = Bilingual(
        zh="{accepted_on}接收任务“{title}”。", en="Task {title} accepted on {accepted_on}."
    )

    title: Title
    community: CommunityId | None = None
    accepted_on: date
    accepted_by: PersonId


Percent = Annotated[int, Field(ge=0, le=100)]


class TaskProgressed(Event):
    """Progress of the task, in per cent."""

    sentence = Bilingual(
        zh="{progressed_on}任务“{title}”进度{percent}%：{note}",
        en="Task {title} at {percent} % on {progressed_on}: {note}",
    )

    title: Title
    community: CommunityId | None = None
    progressed_on: date
    percent: Percent
    note: Reason
    progressed_by: PersonId


class TaskReported(Event):
    """The responsible person or unit reported the task complete, with the evidence."""

    sentence = Bilingual(
        zh="{reported_on}报告任务“{title}”已完成：{evidence}",
        en="Task {title} reported complete on {reported_on}: {evidence}",
    )

    title: Title
    community: CommunityId | None = None
    reported_on: date
    evidence: Reason
    reported_by: PersonId


class TaskClosedOut(Event):
    """Somebody else verified that the task is done: it leaves the list (销号)."""

    sentence = Bilingual(
        zh="{closed_on}任务“{title}”验收销号。",
        en="Task {title} verified and closed out on {closed_on}.",
    )

    title: Title
    community: CommunityId | None = None
    closed_on: date
    finding: Reason | None = None


class TaskReturned(Event):
    """Somebody else found that the task is not done."""

    sentence = Bilingual(
        zh="{returned_on}任务“{title}”验收未通过，退回整改：{reason}",
        en="Task {title} returned on {returned_on}: {reason}",
    )

    title: Title
    community: CommunityId | None = None
    returned_on: date
    due_on: date | None = None
    reason: Reason


class TaskStepAnnulled(Event):
    """The newest step was recorded by mistake: it is void, and the step before it holds."""

    sentence = Bilingual(
        zh="撤销任务“{title}”的{annuls}，自始无效（理由：{reason}）。",
        en="Entry {annuls} of task {title} annulled, void from the start (reason: {reason}).",
    )

    title: Title
    community: CommunityId | None = None
    annuls: Version
    reason: Reason


class Assignment(BaseModel):
    """A task to assign: what is to be done, by which unit and person, and by when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Title
    description: Reason | None = None
    action: ActionSlug | None = None
    unit: UnitId
    person: PersonId
    due_on: date


TaskEvent = (
    TaskAssigned
    | TaskDeadlineExtended
    | TaskReassigned
    | TaskCancelled
    | TaskAccepted
    | TaskProgressed
    | TaskReported
    | TaskClosedOut
    | TaskReturned
    | TaskStepAnnulled
)

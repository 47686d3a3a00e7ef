"""How the support of a community goes: its plan with milestones, what was reached, reports."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field

from domain.command import Command
from domain.event import Event, On
from domain.ids import CommunityId, Id, Reason, RoundId, Title, Version
from domain.occasion import Occasion
from domain.refusals import Refused
from domain.support.assignment import SUPPORT
from domain.words import Words

if TYPE_CHECKING:
    from domain.support.state import Support

REPORT = Words(zh="报告帮扶进展", en="report on support")


class SupportMilestone(BaseModel):
    """Something to be reached by a day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    milestone: Id
    title: Title
    due_on: date


Milestones = Annotated[tuple[SupportMilestone, ...], Field(min_length=1, max_length=50)]


class SupportPlanned(Event):
    """The plan of the support, in the place of an earlier one: what is to be reached by when."""

    sentence = Words(
        zh="{planned_on}制定帮扶计划：{aim}", en="Support planned on {planned_on}: {aim}"
    )

    community: CommunityId
    round: RoundId
    planned_on: date
    aim: Reason
    milestones: tuple[SupportMilestone, ...]


class MilestoneReached(Event):
    """A milestone of the plan was reached."""

    sentence = Words(
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
    """How the support goes, as somebody reported it."""

    sentence = Words(
        zh="{reported_on}帮扶进展：{progress}", en="Progress reported on {reported_on}: {progress}"
    )

    community: CommunityId
    round: RoundId
    reported_on: date
    progress: Reason


class SupportEntryAnnulled(Event):
    """The entry named, an assignment, its end, a milestone or a report, is void from the start."""

    sentence = Words(
        zh="撤销第{annuls}条，自始无效。理由：{reason}",
        en="Entry {annuls} annulled, void from the start. Reason: {reason}",
    )

    community: CommunityId
    round: RoundId
    annuls: Version
    reason: Reason


ProgressEvent = SupportPlanned | MilestoneReached | SupportReported | SupportEntryAnnulled


class PlanSupport(Command["Support"]):
    """Plan the support: its aim and its milestones. A new plan takes the place of the old one."""

    planned_on: date
    aim: Reason
    milestones: Milestones

    def decide(self, state: "Support", occasion: Occasion) -> list[Event | On]:
        """Planned; what was reached of the old plan stays reached."""
        occasion.require_role(occasion.policy.supporting.may_support, SUPPORT)
        state.require_open()
        state.require_since_beginning(self.planned_on)
        occasion.require_past(self.planned_on)
        ids = [each.milestone for each in self.milestones]
        if twice := next((id for id in ids if ids.count(id) > 1), None):
            raise Refused(
                f"The milestone {twice} is named twice; give each its own id.",
                f"目标 {twice} 重复；请为各目标使用不同编号。",
            )
        if early := next((m for m in self.milestones if m.due_on < self.planned_on), None):
            raise Refused(
                f"The milestone {early.milestone} is due on {early.due_on}, before the plan of "
                f"{self.planned_on}; choose a later day.",
                f"目标 {early.milestone} 的期限 {early.due_on} 早于计划日 {self.planned_on}；"
                "请另选日期。",
            )
        if lost := next((id for id in state.reached if id not in ids), None):
            raise Refused(
                f"The milestone {lost} was reached already; keep it in the new plan.",
                f"目标 {lost} 已达到；请在新计划中保留。",
            )
        return [SupportPlanned(**state.keys, **vars(self))]


class ReachMilestone(Command["Support"]):
    """Record that a milestone of the plan was reached."""

    milestone: Id
    reached_on: date
    comment: Reason | None = None

    def decide(self, state: "Support", occasion: Occasion) -> list[Event | On]:
        """Reached."""
        occasion.require_role(occasion.policy.supporting.may_report, REPORT)
        state.require_open()
        milestone = state.milestone(self.milestone)
        state.require_since_beginning(self.reached_on)
        occasion.require_past(self.reached_on)
        if at := state.reached.get(self.milestone):
            raise Refused(
                f"{milestone.title} was reached already (entry {at}); there is nothing to record.",
                f"{milestone.title} 已达到（第 {at} 条），无需记录。",
            )
        return [MilestoneReached(**state.keys, **vars(self), title=milestone.title)]


class ReportSupport(Command["Support"]):
    """Report how the support goes."""

    reported_on: date
    progress: Reason

    def decide(self, state: "Support", occasion: Occasion) -> list[Event | On]:
        """Reported."""
        occasion.require_role(occasion.policy.supporting.may_report, REPORT)
        state.require_open()
        state.require_since_beginning(self.reported_on)
        occasion.require_past(self.reported_on)
        return [SupportReported(**state.keys, **vars(self))]


class AnnulSupportEntry(Command["Support"]):
    """Annul an assignment, its end, a milestone reached or a report that was recorded wrongly."""

    annuls: Version
    reason: Reason

    def decide(self, state: "Support", occasion: Occasion) -> list[Event | On]:
        """Annulled."""
        occasion.require_role(occasion.policy.supporting.may_support, SUPPORT)
        state.require_open()
        state.require_annullable(self.annuls)
        return [SupportEntryAnnulled(**state.keys, **vars(self))]

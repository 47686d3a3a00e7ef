"""Reclassifications in the demo: one story for each outcome."""

from datetime import date
from typing import Literal

from demo.chance import chance
from demo.chronicle import Chronicle, Member
from demo.communities import characterise, survey
from demo.figures import Profile
from demo.working_days import later, next_month, working_day
from domain.classification.reclassification import (
    ApproveReclassification,
    EndorseReclassification,
    ProposeReclassification,
    RejectReclassification,
    ReturnReclassification,
    ReviseReclassification,
    WithdrawReclassification,
)
from domain.community.assessment import assess
from domain.community.events import Proposer
from domain.kernel.ids import derive_id

# The steps after the proposal, in their order.
Ending = Literal["approved", "revised", "sent-back", "rejected", "withdrawn", "waiting", "endorsed"]
REASONS_MAX = 3


def reclassify(
    chronicle: Chronicle,
    member: Member,
    day: date,
    ending: Ending,
    *,
    origin: Proposer = "community",
) -> date | None:
    """A survey shows that a community changed; another type is proposed, and this becomes of it.

    Returns the day from which it is of the other type, if it comes to that.
    """
    day = working_day(day)
    if (turned := _turned(chronicle, member)) is None:
        return None
    type, found = turned
    source = f"{day.year}年社区类型动态调整专项调查"
    member = survey(chronicle, member, day, found, source)
    return _Proposal(chronicle, member, type, origin, later(day, 12)).run(ending)


def _turned(chronicle: Chronicle, member: Member) -> tuple[str, Profile] | None:
    """Another type that the community could turn to, and the figures that would show it."""
    suggested = chronicle.figures.suggested(member.profile)
    if suggested and suggested != member.type:
        return suggested, member.profile
    random = chance("turned", member.id)
    for type in chronicle.figures.second(member.profile, member.type):
        if found := chronicle.figures.turned(member.profile, type, random):
            return type, found
    return None


class _Proposal:
    """One proposal, from office to office."""

    def __init__(
        self, chronicle: Chronicle, member: Member, type: str, origin: Proposer, day: date
    ) -> None:
        self.chronicle = chronicle
        self.member = member
        self.type = type
        self.origin: Proposer = origin
        self.day = day
        self.roles = chronicle.policy.classification
        self.place = chronicle.places[member.place]
        self.unit = chronicle.unit_of(member)
        self.proposal = derive_id("demo", "proposal", member.id, day)
        self.hoped_from = next_month(later(day, 20))
        self.chance = chance("course", member.id, day)

    def run(self, ending: Ending) -> date | None:
        """Step by step to the end; the day from which an approved proposal holds."""
        self._propose()
        if ending == "waiting":
            return None
        if ending == "withdrawn":
            self._withdraw()
            return None
        if ending == "revised":
            self._return("请补充近一年入户调查的原始登记表和居民代表会议记录。")
            self._revise()
        self._endorse()
        if ending == "endorsed":
            return None
        if ending == "rejected":
            self._reject()
            return None
        if ending == "sent-back":
            self._return("占比数据与统计部门口径不一致，请复核后重新报送。", endorsed=True)
            self._revise()
            self._endorse()
        return self._approve()

    def _propose(self) -> None:
        roles = self.roles.may_propose
        # The person who will endorse it does not propose it, if others may.
        role = next((each for each in roles if each not in self.roles.may_endorse), roles[0])
        by = self.chronicle.by(role, self.place.id, self.day)
        title = f"关于申请调整{self.member.name}类型的报告"
        paper = (
            self.chronicle.community_paper(self.member, title, self.day)
            if self.origin == "community"
            else self.chronicle.place_paper(self.place, title, self.day)
        )
        command = ProposeReclassification(
            proposal=self.proposal,
            type=self.type,
            effective_from=self.hoped_from,
            reason=self._reason(),
            origin=self.origin,
        )
        self.chronicle.note(self.day, self.member.stream, command, by, paper)

    def _endorse(self) -> None:
        self._pass(3, 9)
        by = self.chronicle.by(self.roles.may_endorse, self.place.id, self.day)
        title = f"关于调整{self.member.name}类型的请示"
        paper = self.chronicle.place_paper(self.place, title, self.day)
        command = EndorseReclassification(
            proposal=self.proposal, comment="经实地核查，情况属实，同意上报。"
        )
        self.chronicle.note(self.day, self.member.stream, command, by, paper)

    def _return(self, reason: str, *, endorsed: bool = False) -> None:
        self._pass(4, 9)
        by = (
            self.chronicle.by(self.roles.may_decide, self.unit.id, self.day)
            if endorsed
            else self.chronicle.by(self.roles.may_endorse, self.place.id, self.day)
        )
        command = ReturnReclassification(proposal=self.proposal, reason=reason)
        self.chronicle.note(self.day, self.member.stream, command, by)

    def _revise(self) -> None:
        self._pass(8, 16)
        self.hoped_from = next_month(later(self.day, 20))
        by = self.chronicle.by(self.roles.may_propose, self.place.id, self.day)
        command = ReviseReclassification(
            proposal=self.proposal,
            type=self.type,
            effective_from=self.hoped_from,
            reason=f"已补充材料并复核数据。{self._reason()}",
        )
        self.chronicle.note(self.day, self.member.stream, command, by)

    def _reject(self) -> None:
        self._pass(8, 15)
        by = self.chronicle.by(self.roles.may_decide, self.unit.id, self.day)
        title = f"关于暂不调整{self.member.name}类型的批复"
        paper = self.chronicle.unit_paper(self.unit, title, self.day)
        command = RejectReclassification(
            proposal=self.proposal, reason="有关变化尚不稳定，暂维持原类型，下一年度再行评估。"
        )
        self.chronicle.note(self.day, self.member.stream, command, by, paper)

    def _withdraw(self) -> None:
        self._pass(4, 8)
        by = self.chronicle.by(self.roles.may_propose, self.place.id, self.day)
        command = WithdrawReclassification(
            proposal=self.proposal, reason="居民代表会议意见分歧较大，暂不申请调整。"
        )
        self.chronicle.note(self.day, self.member.stream, command, by)

    def _approve(self) -> date:
        self._pass(8, 15)
        by = self.chronicle.by(self.roles.may_decide, self.unit.id, self.day)
        title = f"关于同意调整{self.member.name}类型的批复"
        paper = self.chronicle.unit_paper(self.unit, title, self.day)
        effective_from = max(next_month(self.day), self.hoped_from)
        command = ApproveReclassification(proposal=self.proposal, effective_from=effective_from)
        self.chronicle.note(self.day, self.member.stream, command, by, paper)
        member = self.chronicle.keep(self.member, type=self.type)
        characterise(self.chronicle, member, self.day, effective_from, paper)
        return effective_from

    def _pass(self, least: int, most: int) -> None:
        self.day = later(self.day, self.chance.randint(least, most))

    def _reason(self) -> str:
        ranking = assess(self.member.profile, self.chronicle.policy)
        own = next((each for each in ranking if each.type == self.type), None)
        # Of several rules about one indicator the last that is met says most.
        met = {f.rule.indicator: f.rule.reason.zh for f in own.reasons_for} if own else {}
        title = self.chronicle.policy.community_type(self.type).title.zh
        if not met:
            return f"社区情况已发生变化，更符合{title}社区的特征。"
        return f"{'，'.join([*met.values()][:REASONS_MAX])}，已符合{title}社区的特征。"

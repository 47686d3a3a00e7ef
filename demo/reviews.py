"""One community of the demo in a round: stage by stage, with mistakes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from demo import evidence
from demo.acts import Ask, Paper
from demo.chance import chance
from demo.chronicle import Chronicle, Member
from demo.marks import Points, Sheet, miscounted, weakest
from demo.working_days import later
from domain.kernel.context import Acting
from domain.review.corrections import CorrectAppraisal, CorrectScore, ImposeVeto
from domain.review.events import AssemblyHeld, ItemPoints
from domain.review.opening import WithdrawReview
from domain.review.stages import (
    RecordAppraisal,
    ReturnReview,
    ScoreByDistrict,
    ScoreBySubdistrict,
    SelfAssess,
)
from domain.review.state import Review
from domain.round.plan import Plan, StageRule

# What happens to a review on its way, beside its regular course.
Incident = Literal[
    "quorum-missed",
    "votes-corrected",
    "score-corrected",
    "returned-to-community",
    "returned-to-subdistrict",
    "vetoed",
    "unpopular",
    "misclassified",
    "below-quorum",
    "assessed-late",
]
RETURNED_TO_COMMUNITY = (
    "自评分与佐证材料不符，“本类型重点方向”未附项目清单，请核实后重新自评。",
    "自评未按评分标准逐项说明依据，请补充台账并重新打分。",
    "居民自治项自评满分，但未提供议事会记录，请据实调整。",
)
RETURNED_TO_SUBDISTRICT = (
    "初评未到现场核查，打分依据不足，请组织实地核查后重新初评。",
    "初评分值与街道日常考核结果差距较大，请复核后重新报送。",
)
VETOED_BECAUSE = "复评核查发现，居民议事会签到表和会议记录系事后补造，适用一票否决。"
BELOW_QUORUM_BECAUSE = "正值农忙和流感高发，两次通知到会人数仍不足，经街道同意按实到人数评议。"
ASSESSED_LATE_BECAUSE = "社区经办人住院，自评表在环节结束后补交，街道已核实打分系期内完成。"
WITHDRAWN_BECAUSE = "社区建制已调整，不再参加本轮评定。"
MISCLASSIFIED_BECAUSE = "社区类型录入有误，退出本轮，待类型更正后重新列入。"
CLEARED_BECAUSE = "辖区实施整体征收改造，居民已过渡安置，不再参加本轮评定。"


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """When each stage's act is done for a community, by stage; until when it takes part."""

    days: Mapping[str, date]
    leaves_on: date | None = None
    cleared: bool = False


@dataclass
class Way:
    """A community's way through a round: what is recorded of it, and on which days."""

    chronicle: Chronicle
    plan: Plan
    year: int
    stream: str
    member: Member
    place: str
    unit: str
    sheet: Sheet
    schedule: Schedule
    incident: Incident | None = None
    slip: Points | None = None  # what the last stage that scores records by mistake

    @property
    def recorded(self) -> Sheet:
        """What is on record: what the community deserves, with the slip in it."""
        if not self.slip:
            return self.sheet
        last = self.plan.scored[-1].stage
        return replace(self.sheet, points={**self.sheet.points, last: self.slip})

    def tell(self) -> None:
        """Stage by stage, until the community is ready for the city or leaves the round."""
        leaves_on = self.schedule.leaves_on or date.max
        for rule in self.plan.scored:
            day = self.schedule.days[rule.stage]
            if day >= leaves_on:
                break
            if rule.acts == "appraise":
                self._appraise(rule, day)
            elif rule.acts == "self-assess":
                self._score(rule, day, self.sheet.points[rule.stage])
            else:
                self._review(rule, day)
        if self.schedule.leaves_on:
            reason = CLEARED_BECAUSE if self.schedule.cleared else WITHDRAWN_BECAUSE
            self.withdraw(later(self.schedule.leaves_on, 3), reason)

    def clerk(self, day: date) -> Acting:
        """The person who records for the community itself, under its subdistrict's authority."""
        return clerk(self.chronicle, self.member, day)

    def of(self, rule: StageRule, day: date) -> Acting:
        """The person who acts in a stage."""
        where = {"subdistrict": self.place, "district": self.unit}.get(rule.unit)
        return self.chronicle.by(rule.may_act, where, day) if where else self.clerk(day)

    def _appraise(self, rule: StageRule, day: date) -> None:
        papers: tuple[Paper, ...] = ()
        if self.incident == "quorum-missed":
            title = "关于首次会议到会人数不足、重新召开会议的情况说明"
            papers = (self.chronicle.community_paper(self._called(day), title, day),)
            day = later(day, 6)
        held = self._assemblies(day)
        if self.incident != "votes-corrected":
            despite = BELOW_QUORUM_BECAUSE if self.incident == "below-quorum" else None
            command = RecordAppraisal(assemblies=held)
            self._note(day, command, self.of(rule, day), *papers, despite=despite)
            return
        wrong = held[0].model_copy(update={"votes": _shifted(held[0].votes)})
        mistaken = RecordAppraisal(assemblies=(wrong, *held[1:]))
        self._note(day, mistaken, self.of(rule, day))
        noticed_on = later(day, 3)

        def correct(review: Review) -> CorrectAppraisal:
            return CorrectAppraisal(
                corrects=review.scores[rule.stage].version,
                assemblies=held,
                corrected_on=noticed_on,
                reason="计票汇总时两类票数填错栏，经复核原始选票更正。",
            )

        self._note(noticed_on, correct, self.of(rule, noticed_on))

    def _assemblies(self, day: date) -> tuple[AssemblyHeld, ...]:
        """The assemblies as they were held: the first that day or the day before, the others then.

        Never before the stage was opened: the first act of a stage is some days after that.
        """
        before = chance("assemblies", self.stream).randrange(2)
        turnouts = self.sheet.turnouts
        held_on = [day - timedelta(days=before), *[day] * (len(turnouts) - 1)]
        return tuple(
            AssemblyHeld(
                assembly=each.assembly,
                held_on=on,
                members=each.members,
                present=each.present,
                votes=dict(each.votes),
            )
            for each, on in zip(turnouts, held_on, strict=True)
        )

    def _review(self, rule: StageRule, day: date) -> None:
        """The subdistrict's or the district's score, with what is returned or corrected first."""
        stages = self.plan.scored
        before = stages[stages.index(rule) - 1]
        returned = {"community": "returned-to-community", "subdistrict": "returned-to-subdistrict"}
        if self.incident == returned[before.unit]:
            day = self._return(rule, before, day)
        points = self.sheet.points[rule.stage]
        if rule == stages[-1] and self.slip:
            points = self.slip
        elif self.incident == "score-corrected" and rule != stages[-1]:
            self._correct(rule, day, points)
            return
        self._score(rule, day, points)
        if self.incident == "vetoed" and rule == stages[-1]:
            veto = self.plan.rules.vetoes[0].veto
            on = later(day, 2)
            command = ImposeVeto(veto=veto, imposed_on=on, reason=VETOED_BECAUSE)
            unit = self.chronicle.unit_on(self.member, on)
            title = f"关于{self._called(on).name}评定材料核查情况的通报"
            paper = self.chronicle.unit_paper(unit, title, on)
            self._note(on, command, self.of(rule, on), paper)

    def _return(self, rule: StageRule, before: StageRule, day: date) -> date:
        """What the stage before recorded is returned and done again; the day on which to go on."""
        reasons = RETURNED_TO_COMMUNITY if before.unit == "community" else RETURNED_TO_SUBDISTRICT
        reason = chance("returned", self.stream).choice(reasons)
        self._note(day, ReturnReview(returned_on=day, reason=reason), self.of(rule, day))
        again_on = later(day, 4)
        self._score(before, again_on, self.sheet.points[before.stage])
        return later(again_on, 3)

    def _correct(self, rule: StageRule, day: date, points: Points) -> None:
        random = chance("slip", self.stream)
        self._score(rule, day, miscounted(points, self.plan, rule.stage, self.sheet.type, random))
        noticed_on = later(day, 2)
        reason = "评分表汇总时漏计一个小项，经复核更正。"
        self.correct_score(rule.stage, noticed_on, reason, self.of(rule, noticed_on))

    def correct_score(self, stage: str, day: date, reason: str, by: Acting, *papers: Paper) -> None:
        """The scores of a stage are corrected to what the community deserves."""
        items = self._items(stage, self.sheet.points[stage])

        def correct(review: Review) -> CorrectScore:
            corrects = review.scores[stage].version
            return CorrectScore(corrects=corrects, items=items, corrected_on=day, reason=reason)

        self._note(day, correct, by, *papers)

    def _score(self, rule: StageRule, day: date, points: Points) -> None:
        items = self._items(rule.stage, points)
        command = {"community": SelfAssess, "subdistrict": ScoreBySubdistrict}.get(
            rule.unit, ScoreByDistrict
        )
        late = self.incident == "assessed-late" and rule.acts == "self-assess"
        self._note(
            day,
            command(scored_on=day, items=items),
            self.of(rule, day),
            despite=ASSESSED_LATE_BECAUSE if late else None,
        )

    def _items(self, stage: str, points: Points) -> tuple[ItemPoints, ...]:
        """Points with what they rest on: all of a community's own, the weakest of an office's."""
        own = self.plan.stage(stage).unit == "community"
        explained = list(points) if own else weakest(self.plan, stage, self.sheet)[:2]
        return tuple(
            ItemPoints(
                item=item,
                points=given,
                evidence=self._evidence(stage, item, own=own) if item in explained else None,
            )
            for item, given in points.items()
        )

    def _evidence(self, stage: str, item: str, *, own: bool) -> str:
        rubric = self.plan.rubric(stage, self.sheet.type)
        rule = next(each for each in rubric.items if each.item == item)
        share = float(self.sheet.points[stage][item]) / rule.points_max
        random = chance("evidence", self.stream, stage, item)
        if own:
            return evidence.stated(rule, share, self.sheet.type, self.chronicle.policy, random)
        return evidence.found(share, random)

    def withdraw(self, day: date, reason: str) -> None:
        """The community leaves the round."""
        by = self.chronicle.by("arbiter", self.chronicle.city, day)
        self._note(day, WithdrawReview(withdrawn_on=day, reason=reason), by)

    def _called(self, day: date) -> Member:
        return self.chronicle.on(self.member.id, day)

    def _note(
        self, day: date, ask: Ask, by: Acting, *papers: Paper, despite: str | None = None
    ) -> None:
        self.chronicle.note(day, self.stream, ask, by, *papers, despite=despite)


def clerk(chronicle: Chronicle, member: Member, day: date) -> Acting:
    """The person who records for a community itself, under its subdistrict's authority."""
    by = chronicle.by("recorder", member.id, day)
    place = chronicle.on(member.id, day).place
    return by.model_copy(
        update={"authority": by.authority.model_copy(update={"jurisdiction": place})}
    )


def _shifted(votes: Mapping[str, int]) -> dict[str, int]:
    """The votes with those of the first and the last way to vote in each other's place."""
    ballots: Sequence[str] = list(votes)
    swapped = {ballots[0]: votes[ballots[-1]], ballots[-1]: votes[ballots[0]]}
    return {**votes, **swapped}

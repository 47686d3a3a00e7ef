"""The state of a review of one community in one round. Decides nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Self, assert_never

from domain.kernel.apart import people
from domain.kernel.context import DecisionContext
from domain.kernel.policy import called
from domain.kernel.refusal import NotAuthorised, NotOnRecord, Refused
from domain.kernel.subject import changed
from domain.kernel.text import Bilingual
from domain.review.events import (
    AppraisalCorrected,
    AppraisalRecorded,
    CommunityGraded,
    CommunityRegraded,
    CommunityScored,
    CommunitySelfAssessed,
    GradeAnnulled,
    GradeCorrected,
    ObjectionEvent,
    ObjectionStepAnnulled,
    OpeningEvent,
    ReviewCorrectionEvent,
    ReviewEvent,
    ReviewGradingEvent,
    ReviewOpened,
    ReviewReturned,
    ReviewWithdrawn,
    ScoreCorrected,
    StageEvent,
    VetoImposed,
    VetoLifted,
)
from domain.review.standing import (
    Given,
    Objection,
    ObjectionStep,
    Score,
    after,
    day_of,
    given_after,
    participant_in,
)
from domain.round.community_in_round import CommunityInRound
from domain.round.events import Result
from domain.round.plan import STAGE_UNITS, Mark, Plan, StageRule
from domain.round.ranking import Candidate
from domain.round.state import Round


@dataclass(frozen=True, kw_only=True)
class Review(CommunityInRound):
    """The review of one community. `scores` are by stage; `struck` maps an entry of this stream to
    the one that corrected or annulled it; `days` has the day of each act and correction, and of
    leaving the round.

    `participants` are all who ever scored, returned, corrected, vetoed or annulled here, and
    `voices` all who spoke for the community: neither ever shrinks.
    """

    kind: ClassVar[str] = "review"
    what: ClassVar[Bilingual] = Bilingual(zh="社区评定", en="review")

    type: str = ""
    unit: str = ""
    subdistrict: str = ""
    withdrawn_on: date | None = None
    returned_to: str | None = None  # the stage that is to be done again
    scores: Mapping[str, Score] = field(default_factory=dict)
    vetoes: Mapping[str, int] = field(default_factory=dict)
    objections: Mapping[str, Objection] = field(default_factory=dict)
    grade: Given | None = None
    struck: Mapping[int, int] = field(default_factory=dict)
    days: Mapping[int, date] = field(default_factory=dict)
    corrections: frozenset[int] = frozenset()
    participants: frozenset[str] = frozenset()
    voices: frozenset[str] = frozenset()
    returned_on: date = date.min

    @property
    def called(self) -> Bilingual:
        """Its name in a refusal: its community and its round."""
        return Bilingual(
            zh=f"community:{self.community} 在该轮（编号 {self.round}）的{self.what.zh}",
            en=f"the review of community:{self.community} in the round {self.round}",
        )

    @property
    def keys(self) -> dict[str, Any]:
        """The fields that all events of a review share."""
        return {"round": self.round, "community": self.community}

    @property
    def withdrawn(self) -> bool:
        """Whether it takes part no longer."""
        return self.withdrawn_on is not None

    @property
    def result(self) -> Result:
        """The result to publish once it is graded."""
        assert self.grade is not None, "results are published of graded communities"
        given = self.grade
        return Result(
            community=self.community,
            type=self.type,
            unit=self.unit,
            grade=given.grade,
            rank=given.rank,
            of=given.of,
            total=given.total,
            decided=given.decided,
        )

    @property
    def last_on(self) -> date:
        """The day of its latest act or correction, or of its leaving. What rests on all of them
        cannot be earlier."""
        return max(self.days.values(), default=date.min)

    @property
    def ends_on(self) -> date:
        """The latest day of anything here, objections included. Its end cannot be earlier."""
        return max([self.last_on, *(each.last_on for each in self.objections.values())])

    def round_of(self, context: DecisionContext) -> Round:
        """Its round, which the command has consulted."""
        return context.state(Round, self.round)

    def lies_in(self, day: date) -> tuple[str, ...]:
        """Its community, and the subdistrict in which the community lay at the cut-off, which
        reviews it wherever it moves."""
        fixed = (f"jurisdiction:{self.subdistrict}",) if self.subdistrict else ()
        return (*super().lies_in(day), *fixed)

    def next_stage(self, plan: Plan) -> StageRule:
        """The next stage; the city's grading when all others are done."""
        return next((s for s in plan.scored if s.stage not in self.scores), plan.grading)

    def stages_missing(self, plan: Plan) -> Refused | None:
        """Why the community cannot be graded yet; None once all its stages are done."""
        missing = [each.stage for each in plan.scored if each.stage not in self.scores]
        if not missing:
            return None
        stages = [called("round-stage", each) for each in missing]
        return Refused("review.stages-missing", community=self.community, stages=stages)

    def mark(self, plan: Plan, stage: str) -> Mark:
        """The mark of a stage."""
        score = self.scores[stage]
        if score.assemblies:
            return plan.mark_of_votes({each.assembly: each.votes for each in score.assemblies})
        points = {each.item: each.points for each in score.items}
        return plan.mark_of_points(stage, self.type, points)

    def candidate(self, plan: Plan) -> Candidate:
        """The input to the ranking, once every stage is scored."""
        marks = {each.stage: self.mark(plan, each.stage) for each in plan.scored}
        return Candidate(self.community, self.type, self.unit, marks, tuple(self.vetoes))

    def reviewing_unit(self, rule: StageRule) -> str | None:
        """The jurisdiction that acts in a stage; None if that is the community or the city."""
        return {"subdistrict": self.subdistrict, "district": self.unit}.get(rule.unit)

    def require_under_way(self, context: DecisionContext, day: date) -> Round:
        """Its round; Refused unless that is open, the day has come, and the community is in it."""
        its_round = self.round_of(context)
        its_round.require_phase("open")
        self.require_taking_part()
        its_round.require_come(day, context, since=its_round.opened_on)
        return its_round

    def require_taking_part(self) -> None:
        """Refused if the community was withdrawn."""
        if self.withdrawn:
            raise Refused("review.withdrawn", community=self.community)

    def require_unit(self, rule: StageRule, context: DecisionContext) -> None:
        """NotAuthorised unless the actor acts for the unit of the stage; in a stage of the
        community's own, for the community or for a jurisdiction above it."""
        by, unit = context.by, self.reviewing_unit(rule)
        theirs = (self.community, self.subdistrict, self.unit)
        stage, acting = called("round-stage", rule.stage), by.authority.jurisdiction
        if rule.unit == "community" and not {by.actor.unit, acting} & {*theirs}:
            raise NotAuthorised(
                "review.act-of-community",
                stage=stage,
                community=self.community,
                subdistrict=self.subdistrict,
                unit=self.unit,
                acting=acting,
            )
        if unit is not None and acting != unit:
            raise NotAuthorised(
                "review.act-of-unit",
                stage=stage,
                community=self.community,
                whose=STAGE_UNITS[rule.unit],
                unit=unit,
                acting=acting,
            )

    def require_not_own(self, context: DecisionContext) -> None:
        """NotAuthorised for a person who acts or has acted for the community in this round."""
        by = context.by
        if self.community in (by.actor.unit, by.authority.jurisdiction) or (
            not self.voices.isdisjoint(people(context))
        ):
            raise NotAuthorised(
                "review.own-community", person=by.actor.person, community=self.community
            )

    def require_score(self, version: int) -> tuple[str, Score]:
        """The stage and score that an entry states; Refused if it states none in force."""
        for stage, score in self.scores.items():
            if score.version == version:
                return stage, score
        raise self._not_holding(version, Bilingual(zh="得分", en="score"))

    def require_grade(self, version: int) -> Given:
        """The grade that an entry states; Refused if it states none in force."""
        if self.grade is not None and self.grade.version == version:
            return self.grade
        raise self._not_holding(version, Bilingual(zh="等次", en="grade"))

    def require_veto(self, version: int) -> str:
        """The veto that an entry imposes; Refused if it imposes none in force."""
        for veto, at in self.vetoes.items():
            if at == version:
                return veto
        raise self._not_holding(version, Bilingual(zh="一票否决", en="veto"))

    def require_correction(self, version: int) -> date:
        """The day of a correction; Refused if the entry is not a correction in force."""
        if self.holds(version):
            return self.days[version]
        raise self._not_holding(version, Bilingual(zh="更正", en="correction"))

    def holds(self, version: int) -> bool:
        """Whether an entry is a correction in force. A decided grade stays in force through
        every ranking that keeps it."""
        kept = self.grade is not None and self.grade.decided_by == version
        return version in self.corrections and (kept or version not in self.struck)

    def require_objection_step(self, version: int) -> tuple[Objection, ObjectionStep]:
        """The step of an objection that an entry states; Refused if it states none in force."""
        if objection := self.objection_of_step(version):
            return objection, next(each for each in objection.steps if each.version == version)
        what = Bilingual(
            zh="异议的裁定、办结或撤回", en="decision, settlement or withdrawal of an objection"
        )
        raise self._not_holding(version, what)

    def objection_of_step(self, version: int) -> Objection | None:
        """The objection of which an entry states a step in force, if it does."""
        for objection in self.objections.values():
            if any(step.version == version for step in objection.steps):
                return objection
        return None

    def objection(self, id: str) -> Objection:
        """An objection; NotOnRecord if there is none of this id."""
        if id not in self.objections:
            raise NotOnRecord("objection.not-on-record", objection=id, community=self.community)
        return self.objections[id]

    def waiting_objections(self) -> Iterator[Refused]:
        """Why open objections keep the community in the round and the round open: one refusal for
        each."""
        for each in self.objections.values():
            if each.became is None:
                yield Refused("objection.undecided", community=self.community, **each.keys)
            elif not each.settled:
                yield Refused("objection.unsettled", community=self.community, **each.keys)

    def _not_holding(self, version: int, what: Bilingual) -> Refused:
        if version > self.version:
            return NotOnRecord("review.no-such-entry", entry=version, last=self.version)
        if by := self.struck.get(version):
            return Refused("review.entry-struck", entry=version, by=by)
        return Refused("review.entry-states-other", entry=version, what=what)

    def evolve(self, event: ReviewEvent) -> Self:
        """The state after one more event of this review."""
        if isinstance(event, OpeningEvent):
            return self._with_opening(event)
        if isinstance(event, StageEvent):
            return self._acted(event)._with_stage(event)
        if isinstance(event, ReviewCorrectionEvent):
            return self._acted(event)._with_correction(event)
        if isinstance(event, ObjectionEvent):
            void = {event.annuls: self.version} if isinstance(event, ObjectionStepAnnulled) else {}
            objections = after(self.objections, event, self.version)
            return changed(self, objections=objections, struck={**self.struck, **void})
        if isinstance(event, ReviewGradingEvent):
            return self._acted(event)._with_grading(event)
        assert_never(event)

    def _acted(self, event: StageEvent | ReviewCorrectionEvent | ReviewGradingEvent) -> Self:
        """The state with the event's day and the person who acted in it."""
        person = participant_in(event)
        corrects = isinstance(event, ReviewCorrectionEvent | GradeCorrected | GradeAnnulled)
        return changed(
            self,
            days={**self.days, self.version: day_of(event)},
            participants=self.participants | {person} if person else self.participants,
            corrections=self.corrections | {self.version} if corrects else self.corrections,
        )

    def _with_opening(self, event: OpeningEvent) -> Self:
        match event:
            case ReviewOpened():
                # When it enters again after a withdrawal, the stages begin again and vetoes stay.
                void = {score.version: self.version for score in self.scores.values()}
                return changed(
                    self,
                    type=event.type,
                    unit=event.unit,
                    subdistrict=event.subdistrict,
                    withdrawn_on=None,
                    returned_to=None,
                    scores={},
                    returned_on=date.min,
                    struck={**self.struck, **void},
                )
            case ReviewWithdrawn():
                days = {**self.days, self.version: event.withdrawn_on}
                return changed(self, withdrawn_on=event.withdrawn_on, days=days)
            case _:
                assert_never(event)

    def _with_stage(self, event: StageEvent) -> Self:
        match event:
            case AppraisalRecorded(recorded_by=by):
                held = event.assemblies
                return self._scored(event.stage, by, event.held_on, own=True, assemblies=held)
            case CommunitySelfAssessed(assessed_by=by):
                return self._scored(event.stage, by, event.scored_on, own=True, items=event.items)
            case CommunityScored(scored_by=by):
                return self._scored(event.stage, by, event.scored_on, own=False, items=event.items)
            case ReviewReturned():
                scores = dict(self.scores)
                struck = {**self.struck, scores.pop(event.stage).version: self.version}
                return changed(
                    self,
                    scores=scores,
                    struck=struck,
                    returned_on=event.returned_on,
                    returned_to=event.stage,
                )
            case _:
                assert_never(event)

    def _scored(self, stage: str, by: str, on: date, *, own: bool, **what: Any) -> Self:
        score = Score(version=self.version, by=by, on=on, **what)
        voices = self.voices | {by} if own else self.voices
        scores = {**self.scores, stage: score}
        return changed(self, scores=scores, voices=voices, returned_to=None)

    def _with_correction(self, event: ReviewCorrectionEvent) -> Self:
        match event:
            case ScoreCorrected():
                return self._corrected(event.stage, items=event.items)
            case AppraisalCorrected():
                held_on = max(each.held_on for each in event.assemblies)
                return self._corrected(event.stage, on=held_on, assemblies=event.assemblies)
            case VetoImposed():
                return changed(self, vetoes={**self.vetoes, event.veto: self.version})
            case VetoLifted(annuls=was):
                vetoes = {code: at for code, at in self.vetoes.items() if at != was}
                return changed(self, vetoes=vetoes, struck={**self.struck, was: self.version})
            case _:
                assert_never(event)

    def _corrected(self, stage: str, **what: Any) -> Self:
        was = self.scores[stage]
        score = changed(was, version=self.version, **what)
        return changed(
            self,
            scores={**self.scores, stage: score},
            struck={**self.struck, was.version: self.version},
        )

    def _with_grading(self, event: ReviewGradingEvent) -> Self:
        given = given_after(self.grade, event, self.version)
        return changed(self, grade=given, struck=self._striking(event))

    def _striking(self, event: ReviewGradingEvent) -> Mapping[int, int]:
        match event:
            case CommunityGraded():
                return self.struck
            case GradeAnnulled(annuls=was):
                return {**self.struck, was: self.version}
            case CommunityRegraded(corrects=was) | GradeCorrected(corrects=was):
                return {**self.struck, was: self.version}
            case _:
                assert_never(event)

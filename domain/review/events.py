"""Everything that can happen in a community's review in a round, in the order of its life."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.kernel.event import Event
from domain.kernel.ids import (
    CommunityId,
    GradeSlug,
    Id,
    JurisdictionId,
    Names,
    PersonId,
    Reason,
    RoundId,
    Slug,
    StageSlug,
    TypeSlug,
    Version,
)
from domain.kernel.text import Bilingual
from domain.round.plan import Points


class ReviewOpened(Event):
    """The community takes part in the round, with its type and place on the cut-off day."""

    sentence = Bilingual(
        zh="以{type}社区参加{round}（截止日{cutoff_on}，隶属{unit}{subdistrict}）。",
        en="Takes part in {round} as {type}, as of {cutoff_on} under {subdistrict}, {unit}.",
    )

    round: RoundId
    community: CommunityId
    cutoff_on: date
    entered_on: date | None = None  # entries before 2026-12 do not say it
    type: TypeSlug
    unit: JurisdictionId
    subdistrict: JurisdictionId


class ReviewWithdrawn(Event):
    """The community no longer takes part in the round and is not graded."""

    sentence = Bilingual(zh="退出{round}：{reason}", en="Withdrawn from {round}: {reason}")

    round: RoundId
    community: CommunityId
    withdrawn_on: date
    reason: Reason


VOTES_MAX = 1_000_000

Votes = Annotated[int, Field(ge=0, le=VOTES_MAX)]


class AssemblyHeld(BaseModel):
    """The vote of one assembly: members, attendance and ballots."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    assembly: Slug
    held_on: date
    members: Annotated[int, Field(ge=1, le=VOTES_MAX)]
    present: Votes
    votes: dict[Slug, Votes] = Field(min_length=1, max_length=10)


class AppraisalRecorded(Event):
    """The assemblies appraised the community by vote, each with a quorum."""

    sentence = Bilingual(
        zh="{held_on}，{round}{stage}完成。", en="{stage} for {round} completed on {held_on}."
    )

    round: RoundId
    community: CommunityId
    stage: StageSlug
    held_on: date
    assemblies: tuple[AssemblyHeld, ...]
    recorded_by: PersonId


class ItemPoints(BaseModel):
    """The points for one item of the rubric, with the evidence."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    item: Slug
    points: Points
    evidence: Reason | None = None


class ScoredItem(ItemPoints):
    """The points for one item, with its maximum."""

    points_max: int


class CommunitySelfAssessed(Event):
    """The community scored itself by the rubric."""

    sentence = Bilingual(
        zh="{scored_on}，{round}{stage}得 {points} 分（满分 {points_max}）。",
        en="{stage} for {round} on {scored_on}: {points} of {points_max:point|points}.",
    )

    round: RoundId
    community: CommunityId
    stage: StageSlug
    scored_on: date
    points: Decimal
    points_max: int
    items: tuple[ScoredItem, ...]
    assessed_by: PersonId


class CommunityScored(Event):
    """A unit above the community scored it by the rubric: its subdistrict, or its district."""

    sentence = Bilingual(
        zh="{scored_on}，{round}{stage}（{unit}）得 {points} 分（满分 {points_max}）。",
        en="{stage} for {round} by {unit} on {scored_on}: {points} of {points_max:point|points}.",
    )

    round: RoundId
    community: CommunityId
    stage: StageSlug
    unit: JurisdictionId
    scored_on: date
    points: Decimal
    points_max: int
    items: tuple[ScoredItem, ...]
    scored_by: PersonId


class ReviewReturned(Event):
    """The results of the named stage are void: it has to be done again, for this reason."""

    sentence = Bilingual(
        zh="{round}退回至{stage}重新办理。理由：{reason}",
        en="Returned to {stage} in {round}. Reason: {reason}",
    )

    round: RoundId
    community: CommunityId
    stage: StageSlug
    returned_on: date
    reason: Reason
    returned_by: PersonId


class CommunityGraded(Event):
    """The city graded the community: its grade, and its rank within its type in the round."""

    sentence = Bilingual(
        zh="{round}市级评定：{grade}（{type}第 {rank} 名，共 {of} 个，{total} 分）。",
        en="Graded {grade} in {round}: rank {rank} of {of} of its type ({type}), {total} points.",
    )

    round: RoundId
    community: CommunityId
    graded_on: date
    type: TypeSlug
    unit: JurisdictionId
    grade: GradeSlug
    rank: int
    of: int
    total: Decimal


class CommunityRegraded(Event):
    """The city ranked again after a correction. This replaces the grade of the named entry."""

    sentence = Bilingual(
        zh="{round}重新排名，更正{corrects}：{grade}（第 {rank} 名，共 {of} 个，{total} 分）。"
        "理由：{reason}",
        en="Ranked again in {round}, entry {corrects} corrected: {grade}, rank {rank} of {of}, "
        "{total} points. Reason: {reason}",
    )

    round: RoundId
    community: CommunityId
    corrects: Version
    graded_on: date
    grade: GradeSlug
    rank: int
    of: int
    total: Decimal
    reason: Reason


class GradeCorrected(Event):
    """Another grade was decided than the ranking gives. It stays when the ranking changes."""

    sentence = Bilingual(
        zh="{round}更正{corrects}：等次为{grade}。理由：{reason}",
        en="Entry {corrects} corrected: the grade in {round} is {grade}. Reason: {reason}",
    )

    round: RoundId
    community: CommunityId
    corrects: Version
    corrected_on: date
    grade: GradeSlug
    reason: Reason
    corrected_by: PersonId


class GradeAnnulled(Event):
    """The grade is void from the start. The community has none in this round until graded again."""

    sentence = Bilingual(
        zh="撤销{annuls}：{round}的等次自始无效。理由：{reason}",
        en="Entry {annuls} annulled: the grade in {round} is void from the start. Reason: {reason}",
    )

    round: RoundId
    community: CommunityId
    annuls: Version
    annulled_on: date
    reason: Reason
    annulled_by: PersonId


class ObjectionFiled(Event):
    """Somebody objected to the community's published result."""

    sentence = Bilingual(
        zh="{filed_on}对{round}的结果提出异议：{grounds}",
        en="Objection to the result of {round} filed on {filed_on}: {grounds}",
    )

    round: RoundId
    community: CommunityId
    objection: Id
    filed_on: date
    grounds: Reason
    filed_by: PersonId


Outcome = Literal["upheld", "dismissed"]


class ObjectionDecided(Event):
    """The objection was upheld or dismissed. If upheld, it still has to be settled."""

    sentence = Bilingual(
        zh="{decided_on}裁定对{round}结果的异议{outcome}：{reason}",
        en="Objection to the result of {round} {outcome} on {decided_on}: {reason}",
    )

    round: RoundId
    community: CommunityId
    objection: Id
    decided_on: date
    outcome: Annotated[Outcome, Names("outcome")]
    reason: Reason
    decided_by: PersonId


class CorrectingEntry(BaseModel):
    """A correction or annulment in this round: the community and the entry of its review."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    community: CommunityId
    version: Version


class ObjectionSettled(Event):
    """An upheld objection is settled by these corrections, perhaps of other communities' reviews;
    without any, the reason says why none was needed."""

    sentence = Bilingual(
        zh="{settled_on}对{round}结果的异议办结。{reason}",
        en="Objection to the result of {round} settled on {settled_on}: {reason}",
    )

    round: RoundId
    community: CommunityId
    objection: Id
    settled_on: date
    corrections: tuple[CorrectingEntry, ...]
    reason: Reason
    settled_by: PersonId


class ObjectionWithdrawn(Event):
    """The person who filed the objection withdrew it."""

    sentence = Bilingual(
        zh="{withdrawn_on}撤回对{round}结果的异议：{reason}",
        en="Objection to the result of {round} withdrawn on {withdrawn_on}: {reason}",
    )

    round: RoundId
    community: CommunityId
    objection: Id
    withdrawn_on: date
    reason: Reason
    withdrawn_by: PersonId


# The step of an objection: how it was decided, or that it was withdrawn or settled.
Became = Literal["upheld", "dismissed", "withdrawn", "settled"]


class ObjectionStepAnnulled(Event):
    """The named entry, which decided, settled or withdrew the objection, is void from the start. It
    is then as before."""

    sentence = Bilingual(
        zh="撤销{annuls}（异议{became}），自始无效。理由：{reason}",
        en="Entry {annuls} annulled (objection {became}), void from the start. Reason: {reason}",
    )

    round: RoundId
    community: CommunityId
    objection: Id
    annuls: Version
    became: Annotated[Became, Names("became")]
    annulled_on: date
    reason: Reason
    annulled_by: PersonId


class ScoreCorrected(Event):
    """The named entry was mistaken: these are the points."""

    sentence = Bilingual(
        zh="更正{corrects}：{round}{stage}得 {points} 分（满分 {points_max}）。理由：{reason}",
        en="Entry {corrects} corrected: {stage} in {round} has {points} of "
        "{points_max:point|points}. "
        "Reason: {reason}",
    )

    round: RoundId
    community: CommunityId
    corrects: Version
    stage: StageSlug
    corrected_on: date
    points: Decimal
    points_max: int
    items: tuple[ScoredItem, ...]
    reason: Reason
    corrected_by: PersonId


class AppraisalCorrected(Event):
    """The named entry was mistaken: these are the attendance and the votes."""

    sentence = Bilingual(
        zh="更正{corrects}：{round}{stage}的到会人数和票数。理由：{reason}",
        en="Entry {corrects} corrected: attendance and votes of {stage} in {round}. "
        "Reason: {reason}",
    )

    round: RoundId
    community: CommunityId
    corrects: Version
    stage: StageSlug
    corrected_on: date
    assemblies: tuple[AssemblyHeld, ...]
    reason: Reason
    corrected_by: PersonId


VetoSlug = Annotated[Slug, Names("veto")]


class VetoImposed(Event):
    """An incident limits the community's grade, by the round's rules."""

    sentence = Bilingual(
        zh="{round}适用一票否决（{veto}）：{reason}", en="Veto in {round} ({veto}): {reason}"
    )

    round: RoundId
    community: CommunityId
    veto: VetoSlug
    imposed_on: date
    reason: Reason
    imposed_by: PersonId


class VetoLifted(Event):
    """The veto that the named entry imposed is void from the start."""

    sentence = Bilingual(
        zh="撤销{annuls}，解除一票否决：{reason}",
        en="Entry {annuls} annulled: no veto. {reason}",
    )

    round: RoundId
    community: CommunityId
    annuls: Version
    lifted_on: date
    reason: Reason
    lifted_by: PersonId


OpeningEvent = ReviewOpened | ReviewWithdrawn

StageEvent = AppraisalRecorded | CommunitySelfAssessed | CommunityScored | ReviewReturned

ReviewGradingEvent = CommunityGraded | CommunityRegraded | GradeCorrected | GradeAnnulled

ReviewCorrectionEvent = ScoreCorrected | AppraisalCorrected | VetoImposed | VetoLifted

ObjectionEvent = (
    ObjectionFiled
    | ObjectionDecided
    | ObjectionSettled
    | ObjectionWithdrawn
    | ObjectionStepAnnulled
)

ReviewEvent = (
    OpeningEvent | StageEvent | ReviewGradingEvent | ObjectionEvent | ReviewCorrectionEvent
)

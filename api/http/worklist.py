"""What waits to be classified, and why: proposals, profiles, assessments. Reads only."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.http.communities.reads import not_there
from api.http.kernel.problem_kinds import problems
from api.http.kernel.reading import READ_PROBLEMS, Limit, Listing, TheKey, TheReading, paged
from api.http.policies import policy_asked
from domain.community.assessment import Finding, TypeAssessment, suggested
from domain.kernel.ids import SLUG_PATTERN, CommunityId, JurisdictionId
from domain.kernel.text import Bilingual
from domain.policy import IndicatorValue, Policy
from projections import register, worklist
from projections.worklist import ProposalLine, Waiting

router = APIRouter(prefix="/api/v1", tags=["分类 Classification"])

A_PROPOSAL = Bilingual(zh="提议", en="a proposal")

ASSESSING_PROBLEMS = {**READ_PROBLEMS, **problems("refused")}


class ProposalShown(BaseModel):
    """A proposed reclassification and how far it has come."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    community: CommunityId
    proposal: str
    stage: str = Field(description="proposed, endorsed, returned, approved, rejected, withdrawn")
    type: str
    effective_from: date
    reason: str
    origin: str
    proposed_at: int = Field(description="The position of the proposal.")
    moved_at: int = Field(description="The position of its last step.")


class WaitingShown(BaseModel):
    """A community that waits: what is recorded, what the assessment suggests, what is proposed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    community: CommunityId
    code: str | None
    name: str | None
    district: str | None
    district_name: str | None
    subdistrict_name: str | None
    type: str | None
    suggested: str | None
    differs: bool
    surveyed_on: date | None
    proposal: ProposalShown | None


class FindingShown(BaseModel):
    """What one rule of the policy came to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    indicator: str
    value: IndicatorValue | None
    state: Literal["met", "unmet", "not-surveyed"]
    operator: str
    threshold: IndicatorValue
    points: int
    reason: Bilingual


class TypeAssessed(BaseModel):
    """How well one type fits, and on what findings."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: str
    title: Bilingual
    points: int
    points_least: int
    points_most: int
    tied: bool
    findings: list[FindingShown]


class AssessmentShown(BaseModel):
    """The types ranked for a community. It decides nothing: people do."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    community: CommunityId
    policy: str
    indicators: dict[str, IndicatorValue]
    recorded: str | None = Field(description="The type on record.")
    suggested: str | None = Field(description="The type that stands out, if one does.")
    ranking: list[TypeAssessed]
    effective: date
    position: int


@router.get(
    "/worklist",
    operation_id="worklist.list",
    summary="分类待办 · What waits to be classified",
    responses=ASSESSING_PROBLEMS,
)
def list_waiting(
    reading: TheReading,
    key: TheKey,
    district: Annotated[JurisdictionId | None, Query()] = None,
    subdistrict: Annotated[JurisdictionId | None, Query()] = None,
    type: Annotated[str | None, Query(pattern=SLUG_PATTERN, max_length=64)] = None,
    limit: Limit = 50,
) -> Listing[WaitingShown]:
    """Communities that are unclassified, assessed otherwise than recorded, or under proposal."""
    with reading.view() as view:
        found = worklist.waiting(
            view,
            policy_asked(reading, view),
            effective=reading.effective,
            district=district,
            subdistrict=subdistrict,
            type=type,
            after=key,
            limit=limit + 1,
        )
        last = found[limit - 1] if len(found) > limit else None
        return reading.listing(
            view,
            [_shown(each) for each in found[:limit]],
            next_key=_key(last) if last else None,
        )


@router.get(
    "/communities/{community}/reclassifications",
    operation_id="communities.reclassifications",
    summary="重新划分的提议 · A community's proposals",
    responses=READ_PROBLEMS,
)
def list_proposals(
    community: CommunityId, reading: TheReading, key: TheKey, limit: Limit = 50
) -> Listing[ProposalShown]:
    """All proposals for the community, in the order in which they were made.

    No day but today is taken for `effective`: ask with `known` for how it stood.
    """
    reading.require_present(A_PROPOSAL)
    with reading.view() as view:
        if not register.periods(view, community):
            raise not_there(community)
        page, next_key = paged(worklist.proposals(view, community), _place, after=key, limit=limit)
        shown = [ProposalShown.model_validate(each._asdict()) for each in page]
        return reading.listing(view, shown, next_key=next_key)


@router.get(
    "/communities/{community}/assessment",
    operation_id="communities.assessment",
    summary="类型评估及理由 · The assessment with its reasons",
    responses=ASSESSING_PROBLEMS,
)
def get_assessment(community: CommunityId, reading: TheReading) -> AssessmentShown:
    """What the policy's rules make of what was surveyed, with the reasons for and against."""
    with reading.view() as view:
        line = register.community(view, community, effective=reading.effective)
        if line is None:
            raise not_there(community, reading.effective)
        policy = policy_asked(reading, view)
        ranking = worklist.assessment(view, community, policy, effective=reading.effective)
        best = suggested(ranking, policy)
        return AssessmentShown(
            community=community,
            policy=policy.version,
            indicators=worklist.profile(view, community, effective=reading.effective),
            recorded=line.type,
            suggested=best.type if best else None,
            ranking=[_assessed(each, policy) for each in ranking],
            effective=reading.effective,
            position=view.stands_at,
        )


def _key(waiting: Waiting) -> tuple[str, str]:
    return waiting.code or "", waiting.community


def _shown(waiting: Waiting) -> WaitingShown:
    proposal = waiting.proposal
    return WaitingShown.model_validate(
        {
            **waiting._asdict(),
            "differs": waiting.differs,
            "proposal": proposal and proposal._asdict(),
        }
    )


def _assessed(each: TypeAssessment, policy: Policy) -> TypeAssessed:
    return TypeAssessed(
        type=each.type,
        title=policy.community_type(each.type).title,
        points=each.points,
        points_least=each.points_least,
        points_most=each.points_most,
        tied=each.tied,
        findings=[_finding(finding) for finding in each.findings],
    )


def _finding(finding: Finding) -> FindingShown:
    rule = finding.rule
    return FindingShown(
        indicator=rule.indicator,
        value=finding.value,
        state=finding.state,
        operator=rule.operator,
        threshold=rule.threshold,
        points=rule.points,
        reason=rule.reason,
    )


def _place(line: ProposalLine) -> tuple[str, str]:
    return f"{line.proposed_at:019}", line.proposal

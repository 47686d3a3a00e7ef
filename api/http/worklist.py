"""Communities to classify, and why: proposals, profiles, assessments. Reads only."""

from typing import Annotated

from fastapi import Query

from api.http.kernel.problem_kinds import problems
from api.http.kernel.reading import (
    READ_PROBLEMS,
    Limit,
    Listing,
    TheKey,
    TheReading,
    not_there,
    paged,
)
from api.http.kernel.routing import SubjectRouter
from api.http.policies import policy_asked
from domain.kernel.ids import CommunityId, JurisdictionId, TypeSlug
from projections import register, worklist
from projections.worklist import AssessmentView, ProposalView, WaitingView

router = SubjectRouter("/api/v1", "分类 Classification")

ASSESSING_PROBLEMS = {**READ_PROBLEMS, **problems("refused")}


@router.get(
    "/worklist",
    operation_id="worklist.list",
    summary="分类待办 · Communities to classify",
    responses=ASSESSING_PROBLEMS,
)
def list_waiting(
    reading: TheReading,
    key: TheKey,
    district: Annotated[JurisdictionId | None, Query()] = None,
    subdistrict: Annotated[JurisdictionId | None, Query()] = None,
    type: Annotated[TypeSlug | None, Query()] = None,
    limit: Limit = 50,
) -> Listing[WaitingView]:
    """Urban communities that are unclassified or assessed differently, and all under proposal."""
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
        return reading.page(view, found, limit, key=lambda each: (each.code or "", each.community))


@router.get(
    "/communities/{community}/reclassifications",
    operation_id="communities.reclassifications",
    summary="重新划分的提议 · A community's proposals",
    responses=READ_PROBLEMS,
)
def list_proposals(
    community: CommunityId, reading: TheReading, key: TheKey, limit: Limit = 50
) -> Listing[ProposalView]:
    """The proposals for the community that were recorded by the day, in the order of proposal, each
    at the stage to which the steps recorded by then brought it."""
    with reading.view() as view:
        if not register.periods(view, community):
            raise not_there(f"community:{community}")
        found = worklist.proposals(view, community, effective=reading.effective)
        page, next_key = paged(found, _place, after=key, limit=limit)
        return reading.listing(view, page, next_key=next_key)


@router.get(
    "/communities/{community}/assessment",
    operation_id="communities.assessment",
    summary="类型评估及理由 · The assessment with its reasons",
    responses=ASSESSING_PROBLEMS,
)
def get_assessment(community: CommunityId, reading: TheReading) -> AssessmentView:
    """The assessment of the profile by the policy's rules, with reasons for and against."""
    with reading.view() as view:
        found = worklist.assessment(
            view, community, policy_asked(reading, view), effective=reading.effective
        )
    if found is None:
        raise not_there(f"community:{community}", reading.effective)
    return found


def _place(line: ProposalView) -> tuple[str, str]:
    return f"{line.proposed_position:019}", line.proposal
